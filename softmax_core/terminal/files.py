"""Reading and writing the files that arguments and options name."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from softmax_core import limits
from softmax_core.errors import UserError


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_report(path: Path, report: Mapping[str, Any]) -> None:
    """Write a report as JSON."""
    write_file(path, (json.dumps(report, indent=2) + "\n").encode())


def check_can_write(*paths: Path | None) -> None:
    """Refuse a path that cannot be written before hours of training, not after.

    Raises
    ------
    UserError
        When a folder is missing.
    """
    for path in paths:
        if path is not None and not path.resolve().parent.is_dir():
            raise UserError(
                "output-folder",
                f"There is no folder {path.parent} to write {path.name} into. Make it first.",
            )


def read_limited(path: Path, limit: int = limits.MAX_RUN_BYTES) -> bytes:
    """Read a file that must not be larger than ``limit`` bytes.

    Raises
    ------
    UserError
        When it is.
    """
    with path.open("rb") as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise UserError("file-size", f"{path} is larger than {limit:,} bytes, the most allowed.")
    return data
