"""The engine and its workers alone, in a process without server and browser.

``python -m benchmarks.headless`` answers each line on standard input, a number of seconds,
with how many samples a second a run that starts anew was trained on for so long.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from softmax_core.limits import MAX_EPOCHS
from softmax_core.service import Engine, Session, WorkerPool
from softmax_core.training import TrainingConfig

CONFIG: Final = TrainingConfig(dataset="mnist", epochs=MAX_EPOCHS)
WARM_UP: Final = 1.0  # seconds of training before the count begins, on the page as well
PERIOD: Final = 0.25  # seconds between two looks, as the page's

_PROJECT: Final = Path(__file__).resolve().parents[1]


class Headless:
    """The other end of that process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def samples_per_second(self, seconds: float) -> float:
        """Train for so long and return the speed."""
        assert self._process.stdin is not None  # opened as pipes in headless()
        assert self._process.stdout is not None
        print(seconds, file=self._process.stdin, flush=True)
        return float(self._process.stdout.readline())


@contextmanager
def headless() -> Iterator[Headless]:
    """Start the process, and end it in the end."""
    command = [sys.executable, "-m", "benchmarks.headless"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=_PROJECT, stdin=pipe, stdout=pipe, text=True) as process:
        yield Headless(process)


def main() -> None:
    """Serve measurements until the input ends."""
    engine = Engine(WorkerPool, os.cpu_count() or 1)
    try:
        session = engine.open(CONFIG)
        for line in sys.stdin:
            print(_measure(engine, session, float(line)), flush=True)
    finally:
        engine.close()


def _measure(engine: Engine, session: Session, seconds: float) -> float:
    engine.reset(session)
    engine.start(session)
    _look(engine, session, WARM_UP)
    began, before = time.perf_counter(), session.state.samples_seen
    _look(engine, session, seconds)
    speed = (session.state.samples_seen - before) / (time.perf_counter() - began)
    engine.pause(session)
    return speed


def _look(engine: Engine, session: Session, seconds: float) -> None:
    """Wait as the page does: with a look now and then, which is also a sign of life."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        engine.find(session.token)
        time.sleep(PERIOD)  # the pace at which a page asks


if __name__ == "__main__":
    main()
