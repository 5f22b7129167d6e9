"""One epoch of MNIST by ``advance`` against the matrix products it cannot do without.

``python -m benchmarks.epoch [--json FILE] [--rounds N]``

The floor is what NumPy needs for the two products of every step alone, over successive
batches of ready-made float32 inputs: ``X @ W`` and the gradient, ``X.T @ G`` or
``G.T @ X``, whichever is faster. It knows no shuffle, no softmax and no update, but its
inputs come from memory, where ``advance`` converts bytes in a buffer that stays in the
processor's cache and multiplies in blocks; the row "in blocks" is the floor done that way.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.mnist import mnist
from benchmarks.report import Report, parse_arguments
from benchmarks.timing import Spread, in_turn, milliseconds, ratios
from softmax_core.training import Budget, Samples, TrainingConfig, advance, first_state
from softmax_core.training.samples import to_inputs

BATCH_SIZE: Final = 128
OTHER_SIZES: Final = (1, 32, 512)
GOAL: Final = 1.8
ROUNDS: Final = 9
OTHER_ROUNDS: Final = 3
BLOCK: Final = 64
N_CLASSES: Final = 10

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
    arguments = parse_arguments(__doc__, ROUNDS)
    with mnist() as dataset, threadpool_limits(1, user_api="blas"):
        report = Report("One epoch of MNIST against its matrix products alone, one BLAS thread")
        samples = Samples(dataset.train_images, dataset.train_labels)
        X = to_inputs(dataset.train_images)
        ratio = _compare(report, samples, X, BATCH_SIZE, arguments.rounds)
        report.goal_at_most(f"epoch / floor at batch {BATCH_SIZE}", ratio.median, GOAL)
        for batch_size in (*OTHER_SIZES, len(X)):
            _compare(report, samples, X, batch_size, OTHER_ROUNDS)
    return report.finish(arguments.json)


def _compare(report: Report, samples: Samples, X: Floats, batch_size: int, rounds: int) -> Spread:
    """Measure an epoch and its floor in turn; return the ratio of the two."""
    config = TrainingConfig(dataset="mnist", batch_size=batch_size)
    state = first_state(config, X.shape[1], N_CLASSES)
    products = Products(X, batch_size)
    epoch, in_blocks = "epoch by advance", f"products in blocks of {BLOCK} rows"
    floors = {"X @ W, X.T @ G": products.plain, "X @ W, G.T @ X": products.transposed}
    actions = floors | {
        in_blocks: products.in_blocks,
        epoch: lambda: advance(state, config, samples, Budget(until_epoch=1)),
    }
    measured = in_turn({name: milliseconds(do) for name, do in actions.items()}, rounds)
    report.heading(f"batch size {batch_size:,} ({rounds} rounds)")
    found = {name: report.row(name, values, "ms") for name, values in measured.items()}
    floor = min(floors, key=lambda name: found[name].median)
    report.row("samples a second", [len(X) / ms * 1e3 for ms in measured[epoch]])
    report.row(f"epoch / {in_blocks}", ratios(measured[epoch], measured[in_blocks]))
    return report.row(f"epoch / ({floor})", ratios(measured[epoch], measured[floor]))


if __name__ == "__main__":
    raise SystemExit(main())
