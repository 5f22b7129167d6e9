"""One training step of many softmax regressions on the same batch, in one matrix product."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn import Params
from softmax_core.training.config import TrainingConfig
from softmax_core.training.lane_columns import params_of_lane, side_by_side_columns
from softmax_core.training.lane_rows import LaneRows
from softmax_core.training.lane_softmax import to_dlogits
from softmax_core.training.samples import input_scale
from softmax_core.training.state import TrainingState
from softmax_core.training.taught import TrainSet

Floats = NDArray[np.float32]

# A larger batch is worked through in chunks, whose gradients are added up.
MAX_CHUNK: Final = 512

# From so many lanes on it pays to leave out the pixels that are blank in the whole batch, a
# third of MNIST's at 128 pictures: their weights do not move, so the products, the norm and
# the update become shorter by as much. For fewer lanes, finding and picking costs more.
LEAVES_OUT_BLANKS: Final = 12


class LaneFigures(NamedTuple):
    """What a batch says of every lane before its update; arrays of shape (n_lanes,)."""

    loss: NDArray[np.float64]  # mean cross-entropy plus the L2 penalty
    accuracy: NDArray[np.float64]
    gradient_norm: NDArray[np.float64]


class SideBySide:
    """Weights of all lanes side by side: ``[Z1 Z2 ...] = X [W1 W2 ...]``.

    The gradient is one product too, ``[dW1 dW2 ...] = X' [dZ1 dZ2 ...]``, and the softmax
    between them is taken lane by lane, over the columns of its classes. Biases are the weights of a
    first feature that is always 1. Rates, momentum and L2 penalties may differ.

    Parameters
    ----------
    states : sequence of TrainingState
        Softmax regressions with biases, of the same shape.
    configs : sequence of TrainingConfig
    samples : Samples or TaughtSamples
        The same for all.
    batch_size : int
    """

    def __init__(
        self,
        states: Sequence[TrainingState],
        configs: Sequence[TrainingConfig],
        samples: TrainSet,
        batch_size: int,
    ) -> None:
        self._n_features, self._n_classes = states[0].params["W"].shape
        self._n_lanes, self._steps = len(states), 0
        self._W = side_by_side_columns([state.params for state in states])
        self._W_after = self._W.copy()
        self._first = [(state.previous or state, state) for state in states]
        self._rates = _per_lane(config.learning_rate for config in configs)
        self._penalties = _per_lane(config.l2 for config in configs)
        self._momentum = _per_lane(config.momentum for config in configs)
        self._is_plain = not (self._penalties.any() or self._momentum.any())
        self._velocities = self._start_velocities(states)
        self._velocities_after = np.empty_like(self._velocities)
        n_rows = min(batch_size, MAX_CHUNK)
        self._batch = LaneRows(samples, n_rows, input_scale(samples, configs[0].pixels))
        self._leaves_out = (
            self._is_plain
            and batch_size <= MAX_CHUNK
            and self._n_lanes >= LEAVES_OUT_BLANKS
            and samples.dtype == np.uint8
        )
        self._used = self._used_before = np.ones(self._n_features, np.bool_)
        self._Z = np.empty((self._n_lanes * self._n_classes, n_rows), np.float32)
        self._dW = np.empty_like(self._W)
        self._W_used, self._dW_used = self._W, self._dW  # without pixels that are left out
        self._picked = np.empty_like(self._W if self._leaves_out else self._W[:0])

    def measure(self, rows: NDArray[np.int64]) -> LaneFigures:
        """Compute every lane's loss, batch accuracy and gradient on these rows."""
        n = len(rows)
        # A plain lane's rate is multiplied into the few dlogits instead of all of dW.
        factor = (self._rates if self._is_plain else np.ones_like(self._rates)) / np.float32(n)
        loss, correct = np.zeros(self._n_lanes), np.zeros(self._n_lanes)
        for start in range(0, n, MAX_CHUNK):
            labels = self._batch.read(rows[start : start + MAX_CHUNK])
            X, W = self._pick() if self._leaves_out else (self._batch.floats(), self._W)
            self._W_used, self._dW_used = W, self._dW[: X.shape[1]]
            Z = self._Z.reshape(-1)[: len(self._Z) * len(X)].reshape(len(self._Z), len(X))
            np.matmul(W.T, X.T, out=Z)
            logits = Z.reshape(self._n_classes, self._n_lanes, len(X))
            chunk_loss, chunk_correct = to_dlogits(logits, labels, factor)
            loss, correct = loss + chunk_loss, correct + chunk_correct
            if start:
                self._dW += X.T @ Z.T
            else:
                np.matmul(X.T, Z.T, out=self._dW_used)
        loss /= n
        if self._penalties.any():
            loss += 0.5 * self._penalties * self._squares(self._W[1:])  # biases are free
            self._dW[1:] += self._spread(self._penalties) * self._W[1:]
        norm = np.sqrt(self._squares(self._dW_used))
        return LaneFigures(loss, correct / n, norm / self._rates if self._is_plain else norm)

    def update(self) -> None:
        """Take the step last measured; the weights before it are kept until the next."""
        self._steps += 1
        if self._is_plain:
            self._step_plain(self._W_used, self._dW_used)
        else:
            self._step()
        self._W, self._W_after = self._W_after, self._W
        self._velocities, self._velocities_after = self._velocities_after, self._velocities
        self._used_before = self._used

    def snapshot(self, lane: int) -> tuple[Params, Params]:
        """Return copies of a lane's parameters and of its velocity."""
        if not self._steps:
            return _copies(self._first[lane][1])
        velocity = self._velocity(self._velocities, lane)
        return params_of_lane(self._W, lane, self._n_classes), velocity

    def snapshot_before(self, lane: int) -> tuple[Params, Params]:
        """Return copies of both as they were before the last update."""
        if not self._steps:
            return _copies(self._first[lane][0])
        velocity = self._velocity(self._velocities_after, lane)
        if self._steps == 1:  # momentum may have been another until then
            velocity = _copies(self._first[lane][1])[1]
        return params_of_lane(self._W_after, lane, self._n_classes), velocity

    def _pick(self) -> tuple[Floats, Floats]:
        """Leave out the pixels that are blank in every row; return X and weights without them."""
        self._used = self._batch.used()
        columns = np.flatnonzero(self._used)
        W = self._picked[: len(columns) + 1]
        W[0] = self._W[0]
        self._W[1:].take(columns, axis=0, out=W[1:], mode="clip")
        return self._batch.floats(columns), W

    def _step_plain(self, W: Floats, steps: Floats) -> None:
        """Write the next weights where only rates differ.

        Their buffer holds the weights before the last step. Where this batch is blank and the
        last was not, it is brought up to date.
        """
        if not self._leaves_out:
            np.subtract(W, steps, out=self._W_after)
            return
        np.subtract(W, steps, out=steps)
        stale = np.flatnonzero(self._used_before & ~self._used) + 1
        self._W_after[stale] = self._W[stale]
        self._W_after[0] = steps[0]
        self._W_after[1:][np.flatnonzero(self._used)] = steps[1:]

    def _step(self) -> None:
        """Write the next weights and velocities."""
        direction = self._dW
        if self._momentum.any():
            np.multiply(self._velocities, self._spread(self._momentum), out=self._velocities_after)
            self._velocities_after += direction
            direction = self._velocities_after
        np.subtract(self._W, self._spread(self._rates) * direction, out=self._W_after)

    def _squares(self, columns: Floats) -> NDArray[np.float64]:
        """Return each lane's sum of squares, shape (n_lanes,)."""
        squares = np.einsum("ij,ij->j", columns, columns).astype(np.float64)
        return np.asarray(squares.reshape(self._n_classes, self._n_lanes).sum(axis=0))

    def _spread(self, per_lane: Floats) -> Floats:
        """Give every column the value of its lane."""
        return np.tile(per_lane, self._n_classes)

    def _start_velocities(self, states: Sequence[TrainingState]) -> Floats:
        if not self._momentum.any():
            return np.empty((0, 0), np.float32)
        zeros = {name: np.zeros_like(array) for name, array in states[0].params.items()}
        return side_by_side_columns([state.velocity or zeros for state in states])

    def _velocity(self, columns: Floats, lane: int) -> Params:
        return params_of_lane(columns, lane, self._n_classes) if self._momentum[lane] else {}


def _copies(state: TrainingState) -> tuple[Params, Params]:
    params, velocity = state.params, state.velocity
    return (
        {name: array.copy() for name, array in params.items()},
        {name: array.copy() for name, array in velocity.items()},
    )


def _per_lane(values: Iterable[float]) -> Floats:
    return np.fromiter(values, np.float32)
