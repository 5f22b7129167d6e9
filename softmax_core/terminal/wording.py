"""How the terminal says no: one line on standard error, and the codes it ends with."""

from __future__ import annotations

from typing import Final

import click

REFUSED: Final = 2
INTERRUPTED: Final = 130  # 128 + SIGINT, as shells have it


def complain(text: str) -> None:
    """Say what is wrong in one line.

    Names and texts from files may hold control characters, which a terminal would obey.
    """
    line = "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))
    end = "" if line.endswith((".", "?", "!")) else "."
    click.echo(f"Error: {line}{end}", err=True)
