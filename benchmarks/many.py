"""Many trainings at once on this machine: the engine against as many processes of their own.

``python -m benchmarks.many [--json FILE] [--rounds N]``

1, 4 and 16 trainings of softmax regression (MNIST, batch 128) go on for some seconds: as
sessions of the engine, as processes that run the plain NumPy loop with BLAS left as it comes
(as many threads as cores, in each), and as PyTorch processes, likewise. Counted are the examples
of all together, and the slowest training over the fastest.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.mnist import mnist
from benchmarks.report import Report, parse_arguments
from benchmarks.timing import ratios, spread
from softmax_core.service import Engine, WorkerPool
from softmax_core.training import TrainingConfig

COUNTS: Final = (1, 4, 16)
ROUNDS: Final = 3
SECONDS: Final = 6.0
LOOK: Final = 0.23  # seconds between two looks of a page
CONFIG: Final = TrainingConfig(dataset="mnist", epochs=1_000)
GOAL_AT: Final = 4
SPEED_GOAL: Final = 4.0  # times plain NumPy processes
FAIRNESS_GOAL: Final = 0.9  # slowest over fastest
ENGINE: Final = "engine"
PROCESSES: Final = {"NumPy processes": "loop", "PyTorch processes": "torch"}
_PROJECT: Final = Path(__file__).resolve().parents[1]


class Found(NamedTuple):
    """What so many trainings did."""

    examples: float  # a second, all together
    fairness: float  # slowest over fastest


def main() -> int:
    """Measure, print, and return the exit status."""
    arguments = parse_arguments(__doc__, ROUNDS)
    report = Report(f"Many trainings at once for {SECONDS:g} s, softmax regression on MNIST")
    with mnist():
        n_workers = os.cpu_count() or 1
        ways = {ENGINE: "", **_installed(report)}
        for n in COUNTS:
            found: dict[str, list[Found]] = {name: [] for name in ways}
            for _ in range(arguments.rounds):  # in turn: a busy moment meets them all
                for name, way in ways.items():
                    found[name].append(
                        _processes(way, n) if way else in_engine(n, n_workers, SECONDS)
                    )
            _tell(report, n, arguments.rounds, found)
    return report.finish(arguments.json)


def _tell(report: Report, n: int, rounds: int, found: dict[str, list[Found]]) -> None:
    report.heading(f"{n} at once ({rounds} rounds)")
    for name, all_found in found.items():
        report.row(f"{name}: examples/s", [each.examples for each in all_found])
        report.row(f"{name}: slowest / fastest", [each.fairness for each in all_found])
    own = [each.examples for each in found[ENGINE]]
    for name, all_found in found.items():
        if name != ENGINE:
            values = ratios(own, [each.examples for each in all_found])
            report.row(f"engine / {name}", values)
            if n == GOAL_AT and name == "NumPy processes":
                report.goal_at_least(f"engine / {name}", spread(values).median, SPEED_GOAL)
    if n == GOAL_AT:
        fairness = spread([each.fairness for each in found[ENGINE]]).median
        report.goal_at_least("slowest / fastest in the engine", fairness, FAIRNESS_GOAL)


def in_engine(n: int, n_workers: int, seconds: float, from_step: int = 1) -> Found:
    """Train so many sessions in an engine of their own, polled as pages poll them.

    What counts begins once each of them has made ``from_step`` steps.
    """
    engine = Engine(lambda: WorkerPool(n_workers), n_workers)
    try:
        sessions = [engine.open(CONFIG) for _ in range(n)]
        for session in sessions:
            engine.start(session)
        while any(session.state.step < from_step for session in sessions):
            time.sleep(LOOK)  # the workers open the data set first
        before = [session.state.samples_seen for session in sessions]
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            for session in sessions:
                engine.find(session.token)
            time.sleep(LOOK)  # as pages do
        took = time.perf_counter() - began
        seen = [s.state.samples_seen - b for s, b in zip(sessions, before, strict=True)]
    finally:
        engine.close()
    return _found([each / took for each in seen])


def _processes(way: str, n: int) -> Found:
    """Start the processes, let them begin together, and ask each what it did."""
    command = [sys.executable, "-m", "benchmarks.peers.endless", way, str(SECONDS)]
    pipe = subprocess.PIPE
    running = [
        subprocess.Popen(command, cwd=_PROJECT, stdin=pipe, stdout=pipe, text=True)
        for _ in range(n)
    ]
    for process in running:
        assert process.stdout is not None  # opened as a pipe
        process.stdout.readline()  # it is ready
    for process in running:
        assert process.stdin is not None
        print("go", file=process.stdin, flush=True)
    return _found([float(process.communicate()[0]) for process in running])


def _found(speeds: list[float]) -> Found:
    return Found(sum(speeds), min(speeds) / max(speeds))


def _installed(report: Report) -> dict[str, str]:
    found = {}
    for name, way in PROCESSES.items():
        command = [sys.executable, "-m", "benchmarks.peers.endless", way, "0"]
        if subprocess.run(
            command, cwd=_PROJECT, input="go\n", capture_output=True, text=True, check=False
        ).returncode:
            report.note(name, "not installed, not measured: pip install -r requirements-bench.txt")
        else:
            found[name] = way
    return found


if __name__ == "__main__":
    raise SystemExit(main())
