"""One process at a time: what many of one computer would prepare is prepared once.

Only double work is avoided by it, never damage: whoever writes puts whole files in place. So
whoever cannot have the lock, or waits for it too long, goes on without. The system gives it
back when its holder dies.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_PATIENCE: Final = 60.0  # seconds
_PAUSE: Final = 0.05

if sys.platform == "win32":

    def _try(handle: int) -> bool:
        del handle  # there, files that are locked could not be read
        return True

else:
    import fcntl

    def _try(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def my_turn(folder: Path, patience: float = _PATIENCE) -> Iterator[None]:
    """Wait until no other process of this computer is making a folder of the cache.

    Parameters
    ----------
    folder : Path
        The lock lies beside it; where that cannot be made, nobody waits.
    patience : float
        Seconds to wait at the most.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder.with_name(f".{folder.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:  # a folder that cannot be written is used from memory
        yield
        return
    try:
        deadline = time.monotonic() + patience
        while not _granted(handle) and time.monotonic() < deadline:
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(handle)


def _granted(handle: int) -> bool:
    """Tell whether it is our turn; a file system without locks lets everybody in."""
    try:
        return _try(handle)
    except OSError:
        return True
