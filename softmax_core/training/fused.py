"""The fast path of softmax regression: one Linear layer, every buffer made once."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn import Params
from softmax_core.training.batches import MAX_CHUNK, BatchBuffer
from softmax_core.training.samples import PIXEL_SCALE, Samples
from softmax_core.training.state import TrainingState
from softmax_core.training.stepper import StepFigures

Floats = NDArray[np.float32]

_SCALE = np.float32(PIXEL_SCALE)


class FusedSoftmax:
    """A training step of softmax regression without a single new large array.

    Forward ``Z = X W + b``, loss by log-sum-exp, backward
    ``dZ = (softmax(Z) - Y) / n``, ``dW = X' dZ``, ``db = sum(dZ)``. The gradient is
    kept transposed, (n_classes, n_features): that product runs a quarter faster
    with the batch's rows in memory order.
    """

    def __init__(self, state: TrainingState, samples: Samples, batch_size: int) -> None:
        self._W = state.params["W"].copy()
        self._b = state.params["b"].copy()
        self._velocity = {name: array.copy() for name, array in state.velocity.items()}
        n_features, n_classes = self._W.shape
        batch_size = min(batch_size, MAX_CHUNK)
        self._batch = BatchBuffer(samples, batch_size)
        self._Z = np.empty((batch_size, n_classes), np.float32)
        self._column = np.empty((batch_size, 1), np.float32)
        self._row = np.arange(batch_size)
        self._dW_T = np.empty((n_classes, n_features), np.float32)
        self._db = np.empty(n_classes, np.float32)

    def measure(self, rows: NDArray[np.int64], l2: float) -> StepFigures:
        """Compute loss, batch accuracy and gradient; see the class."""
        n = len(rows)
        loss, correct = self._chunk(rows[:MAX_CHUNK], n, self._dW_T, self._db)
        for start in range(MAX_CHUNK, n, MAX_CHUNK):
            dW_T, db = np.empty_like(self._dW_T), np.empty_like(self._db)
            more_loss, more_correct = self._chunk(rows[start : start + MAX_CHUNK], n, dW_T, db)
            loss, correct = loss + more_loss, correct + more_correct
            self._dW_T += dW_T
            self._db += db
        if l2:
            loss += 0.5 * l2 * float(np.vdot(self._W, self._W))
            self._dW_T += np.float32(l2) * self._W.T
        squares = float(np.vdot(self._dW_T, self._dW_T)) + float(np.vdot(self._db, self._db))
        return StepFigures(loss, correct / n, math.sqrt(squares) if squares >= 0 else math.nan)

    def _chunk(
        self, rows: NDArray[np.int64], n: int, dW_T: Floats, db: Floats
    ) -> tuple[float, int]:
        """Write this chunk's share of the gradient; return its share of the loss and hits."""
        pixels, labels = self._batch.fill(rows)
        Z, column, row = self._Z[: len(rows)], self._column[: len(rows)], self._row[: len(rows)]
        np.matmul(pixels, self._W, out=Z)
        Z *= _SCALE
        Z += self._b
        Z -= Z.max(axis=1, keepdims=True)
        correct = int(np.count_nonzero(Z.argmax(axis=1) == labels))
        true_logits = Z[row, labels]
        np.exp(Z, out=Z)
        np.sum(Z, axis=1, keepdims=True, out=column)
        loss = float(np.log(column).sum() - true_logits.sum()) / n
        Z /= column
        Z[row, labels] -= 1
        Z *= np.float32(1 / n)
        np.matmul(Z.T, pixels, out=dW_T)
        dW_T *= _SCALE
        np.sum(Z, axis=0, out=db)
        return loss, correct

    def update(self, learning_rate: float, momentum: float) -> None:
        """Take one step of SGD, with momentum where it is asked for."""
        rate = np.float32(learning_rate)
        if momentum:
            dW, db = self._with_momentum(np.float32(momentum))
            self._W -= rate * dW
            self._b -= rate * db
            return
        self._velocity = {}
        self._dW_T *= rate
        self._W -= self._dW_T.T
        self._b -= rate * self._db

    def snapshot(self) -> tuple[Params, Params]:
        """Return copies of the parameters and of the velocity."""
        params = {"W": self._W.copy(), "b": self._b.copy()}
        return params, {name: array.copy() for name, array in self._velocity.items()}

    def _with_momentum(
        self, momentum: np.float32
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        if not self._velocity:
            self._velocity = {"W": np.zeros_like(self._W), "b": np.zeros_like(self._b)}
        for name, gradient in (("W", self._dW_T.T), ("b", self._db)):
            self._velocity[name] *= momentum
            self._velocity[name] += gradient
        return self._velocity["W"], self._velocity["b"]
