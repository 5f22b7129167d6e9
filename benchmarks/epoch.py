"""One epoch of softmax regression on MNIST: against its matrix products alone, and against peers.

``python -m benchmarks.epoch [--json FILE] [--rounds N] [--threads one|all]``

Everybody starts at the same weights and takes the same batches in the same order (mlxtend has
its own start and order), and everybody's weights read the test set equally well, within 0.3
points, or the row is void. The pictures are in memory before the clock starts.

The floor is what NumPy needs for the two products of every step alone, over successive
batches of ready-made float32 inputs: ``X @ W`` and the gradient, ``X.T @ G`` or
``G.T @ X``, whichever is faster. It knows no shuffle, no softmax and no update, but its
inputs come from memory, where ``advance`` converts bytes in a buffer that stays in the
processor's cache and multiplies in blocks; the row "in blocks" is the floor done that way.

One thread means one core for the whole process, whatever a library would like to start.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.mnist import mnist
from benchmarks.peers.compared import measured_beside, peers_of
from benchmarks.peers.jax_peers import EPOCH
from benchmarks.peers.ours import OURS
from benchmarks.peers.pytorch import EAGER
from benchmarks.peers.scikit import MLP
from benchmarks.peers.task import N_CLASSES, Task
from benchmarks.report import Report, argument_parser
from benchmarks.timing import ratios, spread
from softmax_core.data.store import Dataset
from softmax_core.training import TrainingConfig

BATCH_SIZE: Final = 128
OTHER_SIZES: Final = (32, 512, 60_000)
ROUNDS: Final = 9
OTHER_ROUNDS: Final = 3
BLOCK: Final = 64
FLOOR_GOAL: Final = 1.5
PEER_GOALS: Final = {EAGER: 2.5, EPOCH: 1.2, MLP: 1.8}  # on one thread, at the batch size above

Floats = NDArray[np.float32]


class Products:
    """The two matrix products of each step of an epoch, with nothing else."""

    def __init__(self, X: Floats, batch_size: int) -> None:
        rng = np.random.default_rng(0)
        self._batches = [X[start : start + batch_size] for start in range(0, len(X), batch_size)]
        self._W = rng.normal(size=(X.shape[1], N_CLASSES)).astype(np.float32)
        self._G = rng.normal(size=(batch_size, N_CLASSES)).astype(np.float32)
        self._Z = np.empty((batch_size, N_CLASSES), np.float32)
        self._dW = np.empty_like(self._W)
        self._W_T, self._dW_T = self._W.T.copy(), self._dW.T.copy()

    def plain(self) -> None:
        """``X @ W`` and ``X.T @ G``."""
        for X in self._batches:
            np.matmul(X, self._W, out=self._Z[: len(X)])
            np.matmul(X.T, self._G[: len(X)], out=self._dW)

    def transposed(self) -> None:
        """``X @ W`` and ``G.T @ X``."""
        for X in self._batches:
            np.matmul(X, self._W, out=self._Z[: len(X)])
            np.matmul(self._G[: len(X)].T, X, out=self._dW_T)

    def in_blocks(self) -> None:
        """Do the products a few rows at a time, the weights transposed too; sums left out."""
        for X in self._batches:
            for start in range(0, len(X), BLOCK):
                rows = slice(start, min(start + BLOCK, len(X)))
                np.matmul(X[rows], self._W_T.T, out=self._Z[rows])
                np.matmul(self._G[rows].T, X[rows], out=self._dW_T)


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argument_parser(__doc__, ROUNDS)
    parser.add_argument("--threads", choices=("one", "all"), default="one")
    arguments = parser.parse_args()
    n_threads = use_cores(arguments.threads)
    report = Report(f"One epoch of softmax regression on MNIST, {arguments.threads} of the cores")
    with mnist() as dataset, threadpool_limits(n_threads, user_api="blas"):
        found = _compare(report, dataset, BATCH_SIZE, n_threads, arguments.rounds)
        if arguments.threads == "one":
            _state_goals(report, found)
        for batch_size in OTHER_SIZES:
            _compare(report, dataset, batch_size, n_threads, OTHER_ROUNDS)
    return report.finish(arguments.json)


def use_cores(threads: str) -> int:
    """Keep this process to one core, or leave it all; return how many threads that allows."""
    if threads == "one":
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        return 1
    return os.cpu_count() or 1


def _compare(
    report: Report, dataset: Dataset, batch_size: int, n_threads: int, rounds: int
) -> dict[str, list[float]]:
    """Measure an epoch of everybody and the floors in turn; return the milliseconds."""
    task = Task(dataset, TrainingConfig(dataset="mnist", batch_size=batch_size))
    report.heading(f"batch size {batch_size:,} ({rounds} rounds)")
    products = Products(task.inputs, task.batch_size)
    floors: dict[str, Callable[[], object]] = {
        "floor: X @ W, X.T @ G": products.plain,
        "floor: X @ W, G.T @ X": products.transposed,
        f"floor: products in blocks of {BLOCK} rows": products.in_blocks,
    }
    found = measured_beside(report, task, peers_of(report, task, n_threads), floors, rounds)
    for name in floors:
        report.row(f"ours / {name}", ratios(found[OURS], found[name]))
    return found


def _state_goals(report: Report, found: dict[str, list[float]]) -> None:
    plain = [name for name in found if name.startswith("floor: X")]
    floor = min(plain, key=lambda name: spread(found[name]).median)
    value = spread(ratios(found[OURS], found[floor])).median
    report.goal_at_most(f"ours / the floor at batch {BATCH_SIZE}", value, FLOOR_GOAL)
    for name, goal in PEER_GOALS.items():
        if name in found:
            value = spread(ratios(found[name], found[OURS])).median
            report.goal_at_least(f"{name} / ours at batch {BATCH_SIZE}", value, goal)


if __name__ == "__main__":
    raise SystemExit(main())
