"""The fast path of softmax regression: one Linear layer, every buffer made once."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn import Params
from softmax_core.training.batches import BatchBuffer
from softmax_core.training.samples import PIXEL_SCALE
from softmax_core.training.state import TrainingState
from softmax_core.training.stepper import StepFigures
from softmax_core.training.taught import TrainSet

Floats = NDArray[np.float32]

# A larger batch is worked through in chunks that stay in the processor's second cache:
# 10 to 15 % faster than chunks of 2,048.
MAX_CHUNK: Final = 256

# Rows multiplied at a time. OpenBLAS rearranges the operands of a product before it
# multiplies, and for ten columns that costs as much as the product itself. For products
# of at most 1,200 results and a million multiplications it does without, on processors
# with AVX-512: both products of 128 rows of MNIST take 40 us in blocks of 64, 77 us in
# one piece. Elsewhere blocks lose little (97 us instead of 92 with AVX2 kernels).
_BLOCK: Final = 64


class FusedSoftmax:
    """A training step of softmax regression without a single new large array.

    Forward ``Z = X W + b``, loss by log-sum-exp, backward
    ``dZ = (softmax(Z) - Y) / n``, ``dW = X' dZ``, ``db = sum(dZ)``. Weights and their
    gradient are kept transposed, (n_classes, n_features): both products then read the
    batch in memory order.
    """

    def __init__(
        self,
        state: TrainingState,
        samples: TrainSet,
        batch_size: int,
        scale: float = PIXEL_SCALE,
    ) -> None:
        self._scale = np.float32(scale)
        self._W_T = state.params["W"].T.copy()
        self._b = state.params["b"].copy()
        self._velocity = {name: array.T.copy() for name, array in state.velocity.items()}
        before = state.previous or state
        self._before_W_T, self._before_b = before.params["W"].T.copy(), before.params["b"].copy()
        self._before_velocity = {name: array.T.copy() for name, array in before.velocity.items()}
        n_classes = len(self._b)
        n_rows = min(batch_size, MAX_CHUNK)
        self._batch = BatchBuffer(samples, n_rows)
        self._Z = np.empty((n_rows, n_classes), np.float32)
        self._row_starts = np.arange(0, n_rows * n_classes, n_classes)  # in the flat Z
        self._ones = np.ones(max(n_rows, n_classes), np.float32)
        self._dW_T, self._db = np.empty_like(self._W_T), np.empty_like(self._b)
        self._part = np.empty_like(self._W_T)

    def measure(self, rows: NDArray[np.int64], l2: float) -> StepFigures:
        """Compute loss, batch accuracy and gradient; see the class."""
        n, loss, correct = len(rows), 0.0, 0
        self._dW_T.fill(0)
        self._db.fill(0)
        for start in range(0, n, MAX_CHUNK):
            chunk_loss, chunk_correct = self._chunk(rows[start : start + MAX_CHUNK], n)
            loss, correct = loss + chunk_loss, correct + chunk_correct
        self._dW_T *= self._scale
        if l2:
            loss += 0.5 * l2 * float(np.vdot(self._W_T, self._W_T))
            self._dW_T += np.float32(l2) * self._W_T
        squares = float(np.vdot(self._dW_T, self._dW_T)) + float(np.vdot(self._db, self._db))
        return StepFigures(loss, correct / n, math.sqrt(squares) if squares >= 0 else math.nan)

    def _chunk(self, rows: NDArray[np.int64], n: int) -> tuple[float, int]:
        """Add this chunk's share of the gradient; return its share of the loss and hits."""
        pixels, labels = self._batch.fill(rows)
        Z = self._logits(pixels)
        # NumPy is slow to reduce rows of ten: the largest logit is looked up where argmax
        # found it, and sums are products with ones.
        flat, row_starts = Z.reshape(-1), self._row_starts[: len(Z)]
        predictions = Z.argmax(axis=1)
        Z -= flat[row_starts + predictions][:, np.newaxis]
        true = row_starts + labels
        true_logits = flat[true]
        np.exp(Z, out=Z)
        sums = Z @ self._ones[: Z.shape[1]]
        Z /= sums[:, np.newaxis]
        flat[true] -= 1
        Z *= np.float32(1 / n)
        self._add_gradient(pixels, Z)
        loss = float(np.log(sums).sum() - true_logits.sum()) / n
        return loss, int(np.count_nonzero(predictions == labels))

    def _logits(self, pixels: Floats) -> Floats:
        Z = self._Z[: len(pixels)]
        for block in _blocks(len(pixels)):
            np.matmul(pixels[block], self._W_T.T, out=Z[block])
        Z *= self._scale
        Z += self._b
        return Z

    def _add_gradient(self, pixels: Floats, dZ: Floats) -> None:
        """Add to the gradient of the weights, all but the scale of the pixels, and of b."""
        for block in _blocks(len(pixels)):
            np.matmul(dZ[block].T, pixels[block], out=self._part)
            self._dW_T += self._part
        self._db += self._ones[: len(dZ)] @ dZ

    def update(self, learning_rate: float, momentum: float) -> None:
        """Take one step of SGD, with momentum where it is asked for."""
        rate = np.float32(learning_rate)
        self._before_velocity = {name: array.copy() for name, array in self._velocity.items()}
        if momentum:
            dW_T, db = self._with_momentum(np.float32(momentum))
            step_W_T, step_b = rate * dW_T, rate * db
        else:
            self._velocity = {}
            self._dW_T *= rate
            step_W_T, step_b = self._dW_T, rate * self._db
        # Written into the buffers of the step before, which costs nothing and keeps this one.
        np.subtract(self._W_T, step_W_T, out=self._before_W_T)
        np.subtract(self._b, step_b, out=self._before_b)
        self._W_T, self._before_W_T = self._before_W_T, self._W_T
        self._b, self._before_b = self._before_b, self._b

    def snapshot(self) -> tuple[Params, Params]:
        """Return copies of the parameters and of the velocity."""
        return _copies(self._W_T, self._b, self._velocity)

    def snapshot_before(self) -> tuple[Params, Params]:
        """Return copies of both as they were before the last update."""
        return _copies(self._before_W_T, self._before_b, self._before_velocity)

    def _with_momentum(self, momentum: np.float32) -> tuple[Floats, Floats]:
        if not self._velocity:
            self._velocity = {"W": np.zeros_like(self._W_T), "b": np.zeros_like(self._b)}
        for name, gradient in (("W", self._dW_T), ("b", self._db)):
            self._velocity[name] *= momentum
            self._velocity[name] += gradient
        return self._velocity["W"], self._velocity["b"]


def _copies(W_T: Floats, b: Floats, velocity: Params) -> tuple[Params, Params]:
    """Return copies in the shapes everybody else knows."""
    params: Params = {"W": W_T.T.copy(), "b": b.copy()}
    return params, {name: array.T.copy() for name, array in velocity.items()}


def _blocks(n: int) -> Iterator[slice]:
    return (slice(start, start + _BLOCK) for start in range(0, n, _BLOCK))
