"""Files that are absent, old or new, and always whole, whenever the power goes."""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

STALE_SECONDS: Final = 3600.0  # after which a temporary file is surely nobody's
_PART: Final = ".part"


def write_atomically(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write beside the target, force it to the disk, then put it in place in one step.

    Parameters
    ----------
    path : Path
        Its folder is there.
    write : callable
        Called with the open file.

    Raises
    ------
    OSError
        If it cannot be written. What was at ``path`` is still there then, and no partial
        file is left; only one who is killed leaves one, for ``remove_stale``.
    """
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}{_PART}")
    try:
        with part.open("xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    _keep_name(path.parent)


def remove_stale(folder: Path, pattern: str = f"*{_PART}") -> None:
    """Remove what a killed process left behind, once it is surely nobody's."""
    for path in folder.glob(pattern):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > STALE_SECONDS:
                path.unlink()


def why_not_stored(fault: OSError) -> str:
    """Put a failure to write in a few words, without the path it may hold."""
    if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "the disk is full"
    return os.strerror(fault.errno) if fault.errno else "its folder cannot be written"


def _keep_name(folder: Path) -> None:
    """Force the folder's list of names to the disk: the new file's name is in it.

    The file is in place and whole by now, so that a system that cannot do this (Windows, some
    network disks) is no reason to fail.
    """
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
