"""Reading and writing the files that arguments and options name."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from softmax_core import limits
from softmax_core.errors import UserError
from softmax_core.persist import SavedRun, read_run


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    UserError
        If it cannot be written; a file that was there before is still there.
    """
    try:
        if _is_device(path):
            path.write_bytes(data)  # such as /dev/stdout, which must not be replaced
        else:
            _replace(path.resolve(), data)
    except OSError as error:
        raise UserError(
            "output-write",
            f"{path} could not be written: {error.strerror or error}. Name another file.",
        ) from error


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write files that belong together: none is replaced before all are on the disk.

    Raises
    ------
    UserError
        If one cannot be written.
    """
    parts: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            parts[path] = _write_part(path.resolve(), data)
        for path, part in parts.items():
            part.replace(path.resolve())
    except OSError as error:
        names = " and ".join(path.name for path in files)
        raise UserError(
            "output-write",
            f"{names} could not be written: {error.strerror or error}. Name another folder.",
        ) from error
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def write_report(path: Path, report: Mapping[str, Any]) -> None:
    """Write a report as JSON; it must not hold infinities, which JSON has not."""
    write_file(path, (json.dumps(report, indent=2, allow_nan=False) + "\n").encode())


def check_can_write(*paths: Path | None) -> None:
    """Refuse a path that cannot be written before hours of training, not after.

    Raises
    ------
    UserError
        If a folder is missing or locked, or two paths are the same.
    """
    files = [path for path in paths if path is not None and not _is_device(path)]
    for path in files:
        folder = path.resolve().parent
        if not folder.is_dir():
            raise UserError(
                "output-folder",
                f"There is no folder {path.parent} to write {path.name} into. Make it first.",
            )
        if not os.access(folder, os.W_OK):
            raise UserError(
                "output-folder",
                f"The folder {path.parent} cannot be written, and {path.name} is to go there. "
                "Name another one.",
            )
    if len({path.resolve() for path in files}) < len(files):
        raise UserError(
            "output-twice", f"Two options name the same file {files[0]}. Give each its own."
        )


def read_run_file(path: Path) -> SavedRun:
    """Read a saved run; of a file that is too large no more than that is read.

    Raises
    ------
    UserError
        As ``read_run``.
    """
    with path.open("rb") as stream:
        return read_run(stream.read(limits.MAX_RUN_BYTES + 1))


def _is_device(path: Path) -> bool:
    """Tell whether something other than a file is there: a terminal, a pipe, /dev/null."""
    return path.exists() and not path.is_file()


def _replace(path: Path, data: bytes) -> None:
    part = _write_part(path, data)
    try:
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _write_part(path: Path, data: bytes) -> Path:
    """Write a file beside the one it is to replace; a part that fails is not left behind."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())  # or a power cut could leave the new name without content
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part
