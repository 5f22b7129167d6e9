"""A linear layer with W and b as one array: the bias is the weight of one more input.

That input is always on, and zeros fill up to the next multiple of 16. One product then
computes ``X W + b``, and one the gradient of both.

OpenBLAS's kernels work on 16 float32 numbers at once: with 785 inputs a step of softmax
regression takes 11 % longer than with 784 and the bias apart, with 800 it takes 9 to 15 %
less. Arrays that begin at a cache line save 7 % more.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn import Linear, Params
from softmax_core.training.state import TrainingState

Floats = NDArray[np.float32]

# Rows multiplied at a time by a layer with an output for each class. OpenBLAS rearranges the
# operands of a product before it multiplies, and for ten columns that costs as much as the
# product itself. For products of at most 1,200 results and a million multiplications it does
# without, on processors with AVX-512: both products of 128 rows of MNIST take 40 us in blocks
# of 64, 77 us in one piece. Elsewhere blocks lose little (97 us instead of 92 with AVX2
# kernels).
BLOCK: Final = 64

_AT_ONCE: Final = 16  # numbers of a processor's widest register
_CACHE_LINE: Final = 64  # bytes


def width_of(n_in: int) -> int:
    """Return the number of inputs with the one that is always on, and zeros."""
    return -(-(n_in + 1) // _AT_ONCE) * _AT_ONCE


def aligned(shape: tuple[int, ...]) -> Floats:
    """Return zeros of this shape that begin at a cache line."""
    size = math.prod(shape)
    room = np.zeros(size + _AT_ONCE, np.float32)
    start = -room.ctypes.data % _CACHE_LINE // room.itemsize
    return room[start : start + size].reshape(shape)


def logits_by_class(W: Floats, X: Floats, out: Floats) -> Floats:
    """Write ``W X'`` into ``out``, block by block of X's rows, and return it.

    Parameters
    ----------
    W : ndarray of shape (n_classes, width)
    X : ndarray of shape (n_samples, width)
    out : ndarray of shape (n_classes, n_samples)
    """
    for start in range(0, len(X), BLOCK):
        end = start + BLOCK
        np.matmul(W, X[start:end].T, out=out[:, start:end])
    return out


class JoinedLayer:
    """A linear layer's parameters while they are trained; private copies.

    Parameters
    ----------
    layer : Linear
        Has a bias.
    state : TrainingState
        Holds its parameters, its velocity, and both as they were one step before.
    outputs_first : bool
        Whether a row holds the weights of one output, else those of one input: whichever
        its two products are faster with.

    Attributes
    ----------
    W : ndarray of shape (n_out, width) or (width, n_out)
    dW : ndarray of W's shape
        To be filled in before ``update``.
    part : ndarray of W's shape
        Room for one of several summands of dW.
    """

    def __init__(self, layer: Linear, state: TrainingState, *, outputs_first: bool) -> None:
        assert layer.bias is not None
        self._names = layer.weight, layer.bias
        self._n_in, self._outputs_first = layer.n_in, outputs_first
        before = state.previous or state
        self.W, self._before = self._joined(state.params), self._joined(before.params)
        self._velocity = self._joined(state.velocity) if state.velocity else None
        self._before_velocity = self._joined(before.velocity) if before.velocity else None
        self.dW, self.part = aligned(self.W.shape), aligned(self.W.shape)

    def decay(self, l2: float) -> float:
        """Add the gradient of the L2 penalty, which leaves biases alone; return the penalty."""
        weights, gradient = self._parts(self.W)[0], self._parts(self.dW)[0]
        gradient += np.float32(l2) * weights
        return 0.5 * l2 * float(np.vdot(weights, weights))

    def squares(self) -> float:
        """Return the sum of the squares of the gradient."""
        return float(np.vdot(self.dW, self.dW))

    def update(self, learning_rate: float, momentum: float) -> None:
        """Take one step of SGD, with momentum where it is asked for."""
        rate = np.float32(learning_rate)
        self._before_velocity = self._velocity
        if momentum:
            kept = 0 if self._velocity is None else np.float32(momentum) * self._velocity
            self._velocity = kept + self.dW
            change = rate * self._velocity
        else:
            self._velocity = None
            self.dW *= rate
            change = self.dW
        # Three arrays take turns: what is written last is still in the processor's cache.
        np.subtract(self.W, change, out=self.dW)
        self._before, self.W, self.dW = self.W, self.dW, self._before

    def params(self) -> Params:
        """Return copies of W and b in the shapes everybody else knows."""
        return self._parted(self.W)

    def velocity(self) -> Params:
        """Return copies of their velocities; nothing where there is no momentum."""
        return {} if self._velocity is None else self._parted(self._velocity)

    def params_before(self) -> Params:
        """Return copies of W and b as they were before the last update."""
        return self._parted(self._before)

    def velocity_before(self) -> Params:
        """Return copies of the velocities as they were before the last update."""
        return {} if self._before_velocity is None else self._parted(self._before_velocity)

    def _parts(self, array: Floats) -> tuple[Floats, Floats]:
        """Return views of the weights (n_in, n_out) and of the biases."""
        rows = array.T if self._outputs_first else array
        return rows[: self._n_in], rows[self._n_in]

    def _joined(self, params: Params) -> Floats:
        weight, bias = (params[name] for name in self._names)
        shape = width_of(self._n_in), len(bias)
        array = aligned(shape[::-1] if self._outputs_first else shape)
        for part, values in zip(self._parts(array), (weight, bias), strict=True):
            part[...] = values
        return array

    def _parted(self, array: Floats) -> Params:
        parts = (part.copy() for part in self._parts(array))
        return dict(zip(self._names, parts, strict=True))
