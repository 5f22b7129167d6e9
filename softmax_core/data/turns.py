"""One process at a time: several that want the same data set wait for the first one's.

Only to save work: files come into place whole, so that whoever has waited long enough goes on
without its turn, and on systems without ``flock`` everybody does.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from softmax_core.limits import TURN_SECONDS

_LOOK_EVERY: Final = 0.1  # seconds
_NAME: Final = ".turn"


@contextmanager
def own_turn(
    folder: Path, cancel: threading.Event | None = None, longest: float = TURN_SECONDS
) -> Iterator[None]:
    """Hold a folder's turn; the system gives it back when the process dies.

    Parameters
    ----------
    folder : Path
        Made if need be; where that cannot be, nobody waits for anybody.
    cancel : threading.Event, optional
        Set it to wait no longer.
    longest : float
        Seconds to wait at the most.
    """
    file = _opened(folder)
    if file is None:
        yield
        return
    with file:  # closing it gives the turn back
        deadline, patience = time.monotonic() + longest, cancel or threading.Event()
        while not _taken(file) and time.monotonic() < deadline:
            if patience.wait(_LOOK_EVERY):
                break
        yield


def _opened(folder: Path) -> IO[bytes] | None:
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        return (folder / _NAME).open("ab")
    return None


def _taken(file: IO[bytes]) -> bool:
    """Take the turn if it is free; tell whether there is nothing left to wait for."""
    try:
        import fcntl
    except ImportError:  # Windows
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a disk that knows no turns
        return True
    return True
