"""A disk that fails, or takes the whole process with it, at the N-th call, as in SQLite's tests."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import pytest

KILLED = 77  # the exit code of a child that was taken along


class FailingDisk:
    """Counts calls that touch the disk, and lets the ``at``-th one go wrong.

    Parameters
    ----------
    at : int
        The first call is 1.
    fault : int or None
        An error number; None ends the process at once, in the middle of a write.
    """

    def __init__(self, at: int, fault: int | None) -> None:
        self.at, self.fault, self.n_calls = at, fault, 0

    @property
    def struck(self) -> bool:
        """Tell whether the call that goes wrong has come."""
        return self.n_calls >= self.at

    def call(self, original: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Make one call, or fail."""
        self._count()
        return original(*args, **options)

    def write(self, handle: int, data: bytes) -> None:
        """Write in two halves, between which it may go wrong."""
        half = len(data) // 2
        for part in (data[:half], data[half:]):
            self._count()
            rest = memoryview(part)
            while rest:
                rest = rest[os.write(handle, rest) :]

    def _count(self) -> None:
        self.n_calls += 1
        if self.n_calls != self.at:
            return
        if self.fault is None:
            os._exit(KILLED)
        raise OSError(self.fault, os.strerror(self.fault))


class _File:
    """A file open for writing; no buffer stands between it and the disk."""

    def __init__(self, disk: FailingDisk, path: Path, flags: int) -> None:
        self._disk = disk
        self._handle = disk.call(os.open, path, os.O_WRONLY | os.O_CREAT | flags, 0o666)

    def write(self, data: Any) -> int:
        content = bytes(data)
        self._disk.write(self._handle, content)
        return len(content)

    def flush(self) -> None:
        """Do nothing: all is written."""

    def fileno(self) -> int:
        return int(self._handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)


@contextmanager
def failing(disk: FailingDisk) -> Iterator[None]:
    """Put every call of this process that changes files through a disk."""
    open_file, real = Path.open, {name: getattr(os, name) for name in _CALLS}

    def opened(path: Path, mode: str = "r", *args: Any, **options: Any) -> Any:
        flags = {"xb": os.O_EXCL, "wb": os.O_TRUNC}.get(mode)
        if flags is None:
            return open_file(path, mode, *args, **options)
        with pytest.MonkeyPatch.context() as undone:
            undone.setattr(os, "open", real["open"])  # counted once
            return _File(disk, path, flags)

    def through(name: str) -> Callable[..., Any]:
        return lambda *args, **options: disk.call(real[name], *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", opened)
        for name in _CALLS:
            patch.setattr(os, name, through(name))
        yield


_CALLS = ("open", "fsync", "replace", "rename", "unlink", "remove", "mkdir")


def in_a_child(work: Callable[[], object]) -> int:
    """Do something in a process that may be taken away; return its exit code, negative by signal.

    Forked, so that five hundred of them are a matter of seconds.
    """
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill_at_each_call(work: Callable[[], object], check: Callable[[], None]) -> int:
    """Take the process away at the first call, the second, ...; check what is left each time.

    Returns
    -------
    int
        How many calls there were before the work was done.
    """
    for at in range(1, 1_000):
        disk = FailingDisk(at, None)

        def killed(disk: FailingDisk = disk) -> None:
            with failing(disk):
                work()

        code = in_a_child(killed)
        assert code in (0, KILLED), f"call {at} ended with {code}"
        check()
        if code == 0:
            return at - 1
    raise AssertionError("it never ends")
