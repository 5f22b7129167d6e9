"""The fast path of softmax regression and of one hidden layer: every large array made once."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn import Linear, Network, Params, ReLU, Sigmoid
from softmax_core.training.batches import BatchBuffer
from softmax_core.training.joined import BLOCK, JoinedLayer, aligned, logits_by_class, width_of
from softmax_core.training.lane_softmax import is_right
from softmax_core.training.samples import PIXEL_SCALE
from softmax_core.training.state import TrainingState
from softmax_core.training.stepper import StepFigures
from softmax_core.training.taught import TrainSet

Floats = NDArray[np.float32]

# A larger batch is worked through in chunks that stay in the processor's second cache:
# 10 to 15 % faster than chunks of 2,048.
MAX_CHUNK: Final = 256


def is_fused(network: Network) -> bool:
    """Tell whether a network is of the kind that ``FusedStepper`` can train."""
    match network.layers:
        case (Linear(bias=str()),):
            return True
        case (Linear(bias=str()), ReLU() | Sigmoid(), Linear(bias=str())):
            return True
    return False


class FusedStepper:
    """A training step of a network whose logits are linear in its inputs or in hidden units.

    Forward ``Z = H W + b``, where H are the inputs X or ``activation(X W1 + b1)``; loss by
    log-sum-exp; backward ``dZ = (softmax(Z) - Y) / n``, ``dW = H' dZ``, ``db = sum(dZ)``, and
    through the hidden units ``dH = dZ W'``. A bias is the weight of an input that is always
    on: see ``joined``.

    What has a number for each class is kept transposed, a row for each class: both products
    then read their inputs in memory order, and what is reduced over the ten classes runs
    along rows of a whole batch (8 % of a step, against rows of ten).

    Parameters
    ----------
    network : Network
        As ``is_fused`` wants it.
    state : TrainingState
        Its parameters are copied.
    samples : Samples or TaughtSamples
    batch_size : int
        The most rows that ``measure`` is given.
    scale : float
        What pixels are multiplied with.
    """

    def __init__(
        self,
        network: Network,
        state: TrainingState,
        samples: TrainSet,
        batch_size: int,
        scale: float = PIXEL_SCALE,
    ) -> None:
        *hidden, last = network.linear_layers
        self._last = JoinedLayer(last, state, outputs_first=True)
        self._hidden = JoinedLayer(hidden[0], state, outputs_first=False) if hidden else None
        self._layers = [layer for layer in (self._hidden, self._last) if layer is not None]
        self._activation = network.layers[1] if hidden else None
        self._scale = np.float32(scale)
        n_rows = min(batch_size, MAX_CHUNK)
        # Not 1 but 255 for pictures: it is scaled with the pixels.
        self._batch = BatchBuffer(samples, n_rows, always_on=1 / scale)
        self._n_hidden = last.n_in
        self._H = aligned((n_rows if hidden else 0, width_of(last.n_in)))
        self._H[:, last.n_in] = 1
        self._Z_T = aligned((last.n_out * n_rows,))
        self._columns = np.arange(n_rows)

    def measure(self, rows: NDArray[np.int64], l2: float) -> StepFigures:
        """Compute loss, batch accuracy and gradient; see the class."""
        n, loss, correct = len(rows), 0.0, 0
        for start in range(0, n, MAX_CHUNK):
            chunk = rows[start : start + MAX_CHUNK]
            chunk_loss, chunk_correct = self._chunk(chunk, n, first=start == 0)
            loss, correct = loss + chunk_loss, correct + chunk_correct
        if l2:
            loss += sum(layer.decay(l2) for layer in self._layers)
        squares = sum(layer.squares() for layer in self._layers)
        return StepFigures(loss, correct / n, math.sqrt(squares) if squares >= 0 else math.nan)

    def _chunk(self, rows: NDArray[np.int64], n: int, *, first: bool) -> tuple[float, int]:
        """Add this chunk's share of the gradient; return its share of the loss and hits."""
        X, labels = self._batch.fill(rows)
        if self._hidden is None:
            return self._last_layer(X, labels, self._scale, n, first=first)[:2]
        assert self._activation is not None
        H = self._H[: len(X)]
        Z1 = X @ self._hidden.W
        Z1 *= self._scale
        H[:, : self._n_hidden], cache = self._activation.forward({}, Z1)
        loss, correct, dZ_T = self._last_layer(H, labels, np.float32(1), n, first=first)
        dH = dZ_T.T @ self._last.W[:, : self._n_hidden]
        dZ1, _ = self._activation.backward({}, cache, dH)
        dZ1 *= self._scale  # the gradient is made of pixels 0..255
        if first:
            np.matmul(X.T, dZ1, out=self._hidden.dW)
        else:
            self._hidden.dW += np.matmul(X.T, dZ1, out=self._hidden.part)
        return loss, correct

    def _last_layer(
        self, H: Floats, labels: NDArray[np.intp], scale: np.float32, n: int, *, first: bool
    ) -> tuple[float, int, Floats]:
        """Go through the last layer and back; return the chunk's share of loss and hits, and dZ."""
        n_rows = len(H)
        Z_T = self._logits(H, scale)
        Z_T -= np.maximum.reduce(Z_T, axis=0)
        flat, true = Z_T.reshape(-1), labels * n_rows + self._columns[:n_rows]
        true_logits = flat[true]
        correct = int(np.count_nonzero(is_right(Z_T, labels, true_logits)))
        np.exp(Z_T, out=Z_T)
        sums = np.add.reduce(Z_T, axis=0)
        # Divided by its sum and by n, and scaled as the inputs are.
        share = np.float32(scale / n)
        Z_T *= share / sums
        flat[true] -= share
        self._add_gradient(H, Z_T, first=first)
        return float(np.add.reduce(np.log(sums) - true_logits)) / n, correct, Z_T

    def _logits(self, H: Floats, scale: np.float32) -> Floats:
        W_T, n = self._last.W, len(H)
        Z_T = logits_by_class(W_T, H, self._Z_T[: len(W_T) * n].reshape(len(W_T), n))
        Z_T *= scale
        return Z_T

    def _add_gradient(self, H: Floats, dZ_T: Floats, *, first: bool) -> None:
        """Add to the last layer's gradient what these inputs say; the first ones begin it."""
        dW_T, part = self._last.dW, self._last.part
        begun = 0
        if first:
            np.matmul(dZ_T[:, :BLOCK], H[:BLOCK], out=dW_T)
            begun = BLOCK
        for start in range(begun, len(H), BLOCK):
            end = start + BLOCK
            dW_T += np.matmul(dZ_T[:, start:end], H[start:end], out=part)

    def update(self, learning_rate: float, momentum: float) -> None:
        """Take one step of SGD, with momentum where it is asked for."""
        for layer in self._layers:
            layer.update(learning_rate, momentum)

    def snapshot(self) -> tuple[Params, Params]:
        """Return copies of the parameters and of the velocity."""
        return (
            _together(layer.params() for layer in self._layers),
            _together(layer.velocity() for layer in self._layers),
        )

    def snapshot_before(self) -> tuple[Params, Params]:
        """Return copies of both as they were before the last update."""
        return (
            _together(layer.params_before() for layer in self._layers),
            _together(layer.velocity_before() for layer in self._layers),
        )


def _together(parts: Iterable[Params]) -> Params:
    return {name: array for part in parts for name, array in part.items()}
