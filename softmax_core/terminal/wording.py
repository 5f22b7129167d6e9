"""What the terminal says on standard error, and the codes it ends with when it says no."""

from __future__ import annotations

from typing import Final

import click

from softmax_core.training import TrainingConfig
from softmax_core.training.shipped import has_seen_test_set

REFUSED: Final = 2
INTERRUPTED: Final = 130  # 128 + SIGINT, as shells have it
_LONGEST_WORD: Final = 160  # characters; paths are words too
SEEN: Final = (
    "Note: the held-out pictures of this data set are from MNIST's training file, on which these "
    "weights were trained before: this test accuracy shows nothing. MNIST's own test pictures, "
    "in the data sets mnist and mnist-upright, are new to them."
)


def complain(text: str) -> None:
    """Say what is wrong in one line.

    Names and texts from files may hold control characters, which a terminal would obey.
    """
    words = (_brief(word) for word in text.split())
    line = "".join(c if c.isprintable() else "?" for c in " ".join(words))
    end = "" if line.endswith((".", "?", "!")) else "."
    click.echo(f"Error: {line}{end}", err=True)


def _brief(word: str) -> str:
    """Cut the middle out of a word that nobody would read, such as a number of 5,000 digits."""
    if len(word) <= _LONGEST_WORD:
        return word
    return f"{word[: _LONGEST_WORD // 2]}…{word[-_LONGEST_WORD // 3 :]}"


def warn_if_seen(config: TrainingConfig, tested_on: str | None = None) -> None:
    """Say on standard error that a test is none, where the weights have seen its pictures.

    Parameters
    ----------
    config : TrainingConfig
    tested_on : str or None
        Name of the data set, where it is not the run's own.
    """
    if has_seen_test_set(config, tested_on):
        click.echo(SEEN, err=True)
