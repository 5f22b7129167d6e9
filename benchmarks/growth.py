"""How the cost grows: with the batch size, the examples, the classes, and the sessions.

``python -m benchmarks.growth [--json FILE] [--rounds N]``

Each table halves or doubles one thing and prints what a unit of work costs; where that stops
being the same, the cost is no longer linear. Pixels are real (MNIST); classes beyond ten are
labels drawn at random, since only the arithmetic counts here.

Where it stops, in the numbers of docs/benchmarks.md. Batch size: below 64 a step costs some 65 us
whatever it holds, which is Python and the calls of NumPy; from 256 on it is linear. Examples:
linear. Classes: up to 10 the time is mostly that of reading the pixels; at 20 a block of 64 rows
has more than the 1,200 results up to which OpenBLAS multiplies without rearranging first.
Sessions: two fill both workers, and
with 32 they train nearly as many examples together: slices become shorter, and each brings its
state along and takes it back, which costs a tenth at most. What counts here begins after 512
steps: a run is evaluated after 1, 2, 4, 8, ... steps, and while 32 of them begin together that is
more than half of the workers' time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.many import in_engine
from benchmarks.mnist import mnist
from benchmarks.report import Report, parse_arguments
from benchmarks.timing import in_turn, milliseconds
from softmax_core.data.store import Dataset
from softmax_core.training import Budget, Samples, TrainingConfig, advance, first_state

ROUNDS: Final = 5
BATCH_SIZES: Final = (1, 4, 16, 64, 256, 1_024, 4_096, 60_000)
EXAMPLES: Final = (3_750, 7_500, 15_000, 30_000, 60_000)
CLASSES: Final = (2, 5, 10, 20, 47)
SESSIONS: Final = (1, 2, 4, 8, 16, 32)
N_WORKERS: Final = 2
SECONDS: Final = 4.0
BEGUN: Final = 520  # steps: evaluations after 1, 2, 4, ... 512 are over
MOST_STEPS: Final = 4_000  # of one measurement: an epoch of single examples has 60,000


def main() -> int:
    """Measure, print, and return the exit status."""
    arguments = parse_arguments(__doc__, ROUNDS)
    report = Report("How the cost of training grows, softmax regression on MNIST, one BLAS thread")
    with mnist() as dataset, threadpool_limits(1, user_api="blas"):
        _batch_sizes(report, dataset, arguments.rounds)
        _examples(report, dataset, arguments.rounds)
        _classes(report, dataset, arguments.rounds)
        _sessions(report, arguments.rounds)
    return report.finish(arguments.json)


def _batch_sizes(report: Report, dataset: Dataset, rounds: int) -> None:
    samples = Samples(dataset.train_images, dataset.train_labels)
    actions = {}
    steps = {size: min(-(-samples.n_samples // size), MOST_STEPS) for size in BATCH_SIZES}
    for size in BATCH_SIZES:
        config = TrainingConfig(dataset="mnist", batch_size=size)
        actions[size] = _training(config, samples, 10, Budget(steps=steps[size]))
    found = in_turn({str(size): milliseconds(do) for size, do in actions.items()}, rounds)
    report.heading(f"batch size: us for one example, and for one step ({rounds} rounds)")
    for size in BATCH_SIZES:
        used = min(steps[size] * size, samples.n_samples)
        report.row(f"{size:,}: an example", [1e3 * ms / used for ms in found[str(size)]], "us")
        report.row(f"{size:,}: a step", [1e3 * ms / steps[size] for ms in found[str(size)]], "us")


def _examples(report: Report, dataset: Dataset, rounds: int) -> None:
    config = TrainingConfig(dataset="mnist")
    actions = {}
    for n in EXAMPLES:
        part = Samples(dataset.train_images[:n], dataset.train_labels[:n])
        actions[n] = _training(config, part, 10, Budget(until_epoch=1))
    found = in_turn({str(n): milliseconds(do) for n, do in actions.items()}, rounds)
    report.heading(f"training examples: us for one in an epoch ({rounds} rounds)")
    for n in EXAMPLES:
        report.row(f"{n:,}", [1e3 * ms / n for ms in found[str(n)]], "us")


def _classes(report: Report, dataset: Dataset, rounds: int) -> None:
    config = TrainingConfig(dataset="mnist")
    rng = np.random.default_rng(0)
    actions = {}
    for n in CLASSES:
        labels = rng.integers(0, n, len(dataset.train_labels)).astype(np.uint8)
        samples = Samples(dataset.train_images, labels)
        actions[n] = _training(config, samples, n, Budget(until_epoch=1))
    found = in_turn({str(n): milliseconds(do) for n, do in actions.items()}, rounds)
    report.heading(f"classes: ms for an epoch ({rounds} rounds)")
    for n in CLASSES:
        report.row(f"{n}", found[str(n)], "ms")


def _training(
    config: TrainingConfig, samples: Samples, n_classes: int, budget: Budget
) -> Callable[[], object]:
    start = first_state(config, samples.n_features, n_classes)
    return lambda: advance(start, config, samples, budget)


def _sessions(report: Report, rounds: int) -> None:
    """Train many sessions at once in the engine, polled as pages poll them."""
    found = in_turn({str(n): partial(_examples_a_second, n) for n in SESSIONS}, rounds)
    report.heading(f"sessions on {N_WORKERS} workers: examples a second in all ({rounds} rounds)")
    for n in SESSIONS:
        report.row(f"{n}", found[str(n)], "per second")


def _examples_a_second(n_sessions: int) -> float:
    return in_engine(n_sessions, N_WORKERS, SECONDS, from_step=BEGUN).examples


if __name__ == "__main__":
    raise SystemExit(main())
