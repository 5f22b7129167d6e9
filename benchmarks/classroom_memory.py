"""What the server and its workers hold in memory, and how much of the processor they use."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import psutil

_MIB = 2**20


class Memory(NamedTuple):
    """In MiB. Pages that several processes share count once in ``pss``, in each in ``rss``."""

    rss: float
    pss: float


class Server:
    """The processes of a running app.

    Parameters
    ----------
    pid : int
        Of the process that was started.
    """

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)

    def processes(self) -> list[psutil.Process]:
        """Return the web server and its workers, all that are alive."""
        return [self._root, *self._root.children(recursive=True)]

    def memory(self) -> Memory:
        """Return what all processes hold together."""
        rss = pss = 0.0
        for process in self.processes():
            try:
                whole = process.memory_info().rss / _MIB
            except psutil.NoSuchProcess:
                continue  # a worker that has just ended
            rss += whole
            pss += _proportional(process.pid) or whole
        return Memory(rss, pss)

    def n_threads(self) -> int:
        """Return how many threads the web server has."""
        return int(self._root.num_threads())

    def n_workers(self) -> int:
        """Return how many worker processes there are."""
        return len(self.processes()) - 1

    def seconds(self) -> dict[str, float]:
        """Return the processor time so far, of the web server and of all workers."""
        taken = [_seconds(process) for process in self.processes()]
        return {"web": taken[0], "workers": sum(taken[1:])}


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def _proportional(pid: int) -> float | None:
    """Return a process's share of the pages it has, where the system tells."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else None
