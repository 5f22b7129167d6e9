"""The fast path of softmax regression: one Linear layer, every buffer made once."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn import Params
from softmax_core.training.batches import BatchBuffer
from softmax_core.training.joined import aligned, joined, parted
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
    ``dZ = (softmax(Z) - Y) / n``, ``dW = X' dZ``, ``db = sum(dZ)``; W and b are one array,
    as in ``joined``, called W here. All but the batch is kept transposed, a row
    for each class: both products then read the batch in memory order, and what is reduced
    over the ten classes runs along rows of a whole batch (8 % of a step, against rows of ten).
    """

    def __init__(
        self,
        state: TrainingState,
        samples: TrainSet,
        batch_size: int,
        scale: float = PIXEL_SCALE,
    ) -> None:
        self._scale = np.float32(scale)
        self._n_features = samples.n_features
        before = state.previous or state
        self._W_T, self._before_W_T = joined(state.params), joined(before.params)
        self._velocity, self._before_velocity = _joined(state.velocity), _joined(before.velocity)
        n_classes, n_rows = len(self._W_T), min(batch_size, MAX_CHUNK)
        # Not 1 but 255 for pictures: it is scaled with the pixels.
        self._batch = BatchBuffer(samples, n_rows, always_on=1 / scale)
        self._Z_T = aligned((n_classes * n_rows,))
        self._columns = np.arange(n_rows)
        self._dW_T, self._part = aligned(self._W_T.shape), aligned(self._W_T.shape)

    def measure(self, rows: NDArray[np.int64], l2: float) -> StepFigures:
        """Compute loss, batch accuracy and gradient; see the class."""
        n, loss, correct = len(rows), 0.0, 0
        for start in range(0, n, MAX_CHUNK):
            chunk = rows[start : start + MAX_CHUNK]
            chunk_loss, chunk_correct = self._chunk(chunk, n, first=start == 0)
            loss, correct = loss + chunk_loss, correct + chunk_correct
        if l2:
            weights = self._W_T[:, : self._n_features]
            loss += 0.5 * l2 * float(np.vdot(weights, weights))
            self._dW_T[:, : self._n_features] += np.float32(l2) * weights
        squares = float(np.vdot(self._dW_T, self._dW_T))
        return StepFigures(loss, correct / n, math.sqrt(squares) if squares >= 0 else math.nan)

    def _chunk(self, rows: NDArray[np.int64], n: int, *, first: bool) -> tuple[float, int]:
        """Add this chunk's share of the gradient; return its share of the loss and hits."""
        X, labels = self._batch.fill(rows)
        Z_T = self._logits(X)
        Z_T -= np.maximum.reduce(Z_T, axis=0)
        flat, true = Z_T.reshape(-1), labels * len(rows) + self._columns[: len(rows)]
        true_logits = flat[true]
        correct = _hits(Z_T, true_logits, labels)
        np.exp(Z_T, out=Z_T)
        sums = np.add.reduce(Z_T, axis=0)
        # Divided by its sum, by n, and scaled as the inputs are: dW is made of pixels 0..255.
        share = np.float32(self._scale / n)
        Z_T *= share / sums
        flat[true] -= share
        self._add_gradient(X, Z_T, first=first)
        return float(np.add.reduce(np.log(sums) - true_logits)) / n, correct

    def _logits(self, X: Floats) -> Floats:
        n_classes, n = len(self._W_T), len(X)
        Z_T = self._Z_T[: n_classes * n].reshape(n_classes, n)
        for start in range(0, n, _BLOCK):
            end = start + _BLOCK
            np.matmul(self._W_T, X[start:end].T, out=Z_T[:, start:end])
        Z_T *= self._scale
        return Z_T

    def _add_gradient(self, X: Floats, dZ_T: Floats, *, first: bool) -> None:
        """Add to the gradient what these inputs say; the first ones begin it."""
        begun = 0
        if first:
            np.matmul(dZ_T[:, :_BLOCK], X[:_BLOCK], out=self._dW_T)
            begun = _BLOCK
        for start in range(begun, len(X), _BLOCK):
            end = start + _BLOCK
            np.matmul(dZ_T[:, start:end], X[start:end], out=self._part)
            self._dW_T += self._part

    def update(self, learning_rate: float, momentum: float) -> None:
        """Take one step of SGD, with momentum where it is asked for."""
        rate = np.float32(learning_rate)
        self._before_velocity = self._velocity
        if momentum:
            kept = 0 if self._velocity is None else np.float32(momentum) * self._velocity
            self._velocity = kept + self._dW_T
            change = rate * self._velocity
        else:
            self._velocity = None
            self._dW_T *= rate
            change = self._dW_T
        # Written into the buffer of the step before, which costs nothing and keeps this one.
        np.subtract(self._W_T, change, out=self._before_W_T)
        self._W_T, self._before_W_T = self._before_W_T, self._W_T

    def snapshot(self) -> tuple[Params, Params]:
        """Return copies of the parameters and of the velocity."""
        return self._copies(self._W_T, self._velocity)

    def snapshot_before(self) -> tuple[Params, Params]:
        """Return copies of both as they were before the last update."""
        return self._copies(self._before_W_T, self._before_velocity)

    def _copies(self, W_T: Floats, velocity: Floats | None) -> tuple[Params, Params]:
        moving = {} if velocity is None else parted(velocity, self._n_features)
        return parted(W_T, self._n_features), moving


def _joined(velocity: Params) -> Floats | None:
    return joined(velocity) if velocity else None


def _hits(Z_T: Floats, true_logits: Floats, labels: NDArray[np.intp]) -> int:
    """Count the pictures whose own class has the largest logit; equals go to the first class.

    The logits are given less each picture's largest, so a hit's own is 0. Only where two
    classes share the largest, or a number is missing, each prediction must be looked up,
    which takes four times as long.
    """
    n = len(labels)
    if np.count_nonzero(Z_T == 0) == n:
        return n - int(np.count_nonzero(true_logits))
    return int(np.count_nonzero(Z_T.argmax(axis=0) == labels))
