"""A sweep as the page makes it: through the engine and its workers, against one run's epoch.

``python -m benchmarks.sweep [--json FILE] [--rounds N]``

MNIST, softmax regression, batch 128, one epoch. Both are started, trained in slices, measured
and waited for as a page does; wall time, in turn. A run is measured on 10,000 training and
10,000 test pictures now and then, a sweep on 800 and in the end on 2,500 and 10,000.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from benchmarks.mnist import mnist
from benchmarks.report import Report, parse_arguments
from benchmarks.timing import in_turn, ratios
from softmax_core.service import Engine, Session, Status, WorkerPool
from softmax_core.training import TrainingConfig
from softmax_core.training.sweep import grid_configs, sweep_configs

CONFIG: Final = TrainingConfig(dataset="mnist", batch_size=128, epochs=1)
GOAL: Final = 12.0
ROUNDS: Final = 5
_LOOK: Final = 0.002  # seconds


def main() -> int:
    """Measure, print, and return the exit status."""
    arguments = parse_arguments(__doc__, ROUNDS)
    with mnist() as dataset:
        pool = WorkerPool(2)
        engine = Engine(lambda: pool, 2)
        report = Report("A sweep on MNIST, batch 128, through the engine, two workers")
        try:
            _measure(report, engine, len(dataset.train_labels), arguments.rounds)
        finally:
            engine.close()
    return report.finish(arguments.json)


def _measure(report: Report, engine: Engine, n_samples: int, rounds: int) -> None:
    session = engine.open(CONFIG)
    one, rates = "one epoch of one run", "one epoch of 32 rates"
    grid = "one epoch of 16 rates with each of 5 batch sizes"
    rows = grid_configs(CONFIG, n_samples)
    measured = in_turn(
        {
            one: lambda: _run(engine, session),
            rates: _sweep(engine, session, (sweep_configs(CONFIG),)),
            grid: _sweep(engine, session, rows),
        },
        rounds,
    )
    report.heading(f"{rounds} rounds")
    for name, values in measured.items():
        report.row(name, values, "ms")
    ratio = report.row("32 rates / one run", ratios(measured[rates], measured[one]))
    report.goal_at_most("sweep of 32 rates / one run", ratio.median, GOAL)


def _run(engine: Engine, session: Session) -> float:
    engine.reset(session)
    _wait(engine, session, lambda: not session.in_flight)
    began = time.perf_counter()
    engine.start(session)
    _wait(engine, session, lambda: session.status is not Status.RUNNING)
    return (time.perf_counter() - began) * 1e3


def _sweep(
    engine: Engine, session: Session, rows: tuple[tuple[TrainingConfig, ...], ...]
) -> Callable[[], float]:
    def measure() -> float:
        began = time.perf_counter()
        sweep = engine.start_sweep(session, rows)
        _wait(engine, session, lambda: sweep.status is not Status.RUNNING)
        assert sweep.status is Status.FINISHED
        return (time.perf_counter() - began) * 1e3

    return measure


def _wait(engine: Engine, session: Session, until: Callable[[], bool]) -> None:
    while not until():
        engine.find(session.token)  # as a page that watches: else the engine would stop it
        time.sleep(_LOOK)  # the engine works meanwhile and reports to nobody


if __name__ == "__main__":
    raise SystemExit(main())
