"""Stored runs on disk: one small file for each browser, in a folder of its own in the cache.

A file is named by a hash of the browser's key, and the key stands nowhere: who reads the folder
can continue nobody's run. Files come into place whole (``softmax_core.atomic``); a file that was
not touched for ``limits.CONTINUE_SECONDS`` is no longer offered, and deleted.
"""

from __future__ import annotations

import os
import re
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from softmax_core.atomic import remove_stale, why_not_stored, write_atomically
from softmax_core.limits import CONTINUE_SECONDS, MAX_STORED_RUNS
from softmax_core.service.wording import NOT_STORED
from softmax_core.stored_run import MAX_STORED_BYTES, StoredRun, read_stored

_BROWSER: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SUFFIX: Final = ".run"


class Found(NamedTuple):
    """A stored run and how many seconds ago it was last touched."""

    run: StoredRun
    age: float


class RunFiles:
    """The folder of stored runs; a disk that cannot be written is never an error here.

    Parameters
    ----------
    folder : Path
        Made when the first run is stored.

    Attributes
    ----------
    notice : str or None
        A sentence to show, from when a run could not be stored until one can be again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self.notice: str | None = None

    def save(self, browser: str, content: bytes) -> bool:
        """Put a run in place of the browser's last one; tell whether it is on the disk."""
        path = self._path(browser)
        try:
            with self._lock:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_atomically(path, lambda file: file.write(content))
        except OSError as fault:
            self.notice = NOT_STORED.format(why=why_not_stored(fault))
            return False
        self.notice = None
        return True

    def touch(self, browser: str) -> None:
        """Note that a run is still looked at, though nothing of it has changed."""
        with suppress(OSError):
            os.utime(self._path(browser))  # which makes no file where there is none

    def find(self, browser: str) -> Found | None:
        """Return the browser's last run, if it is not too old and whole."""
        path = self._path(browser)
        try:
            age = max(time.time() - path.stat().st_mtime, 0.0)
            if age > CONTINUE_SECONDS:
                return None
            with path.open("rb") as file:
                run = read_stored(file.read(MAX_STORED_BYTES + 1))
        except OSError:
            return None
        return None if run is None else Found(run, age)

    def forget(self, browser: str) -> None:
        """Delete the browser's run."""
        with self._lock, suppress(OSError):
            self._path(browser).unlink()

    def tidy(self) -> None:
        """Delete what is too old, what is too much, and what a killed process left."""
        remove_stale(self._folder)
        ages = sorted(self._ages(), key=lambda pair: pair[0])
        for place, (age, path) in enumerate(ages):
            if age > CONTINUE_SECONDS or place >= MAX_STORED_RUNS:
                with self._lock, suppress(OSError):
                    path.unlink()

    def _ages(self) -> list[tuple[float, Path]]:
        now, found = time.time(), list[tuple[float, Path]]()
        with suppress(OSError):
            for path in self._folder.glob(f"*{_SUFFIX}"):
                with suppress(OSError):
                    found.append((now - path.stat().st_mtime, path))
        return found

    def _path(self, browser: str) -> Path:
        if not _BROWSER.fullmatch(browser):
            raise ValueError("a browser is known by the hash of its key")
        return self._folder / f"{browser}{_SUFFIX}"
