"""How the loss curves: the Hessian times a vector, exactly, and its largest eigenvalue."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn.arrays import Array, Params
from softmax_core.nn.layers import Layer, Linear, Sigmoid
from softmax_core.nn.losses import cross_entropy_grad, softmax
from softmax_core.nn.network import Caches, Network, forward

Vector = NDArray[Any]  # (n,), all parameters in one row

MAX_STEPS: Final = 200
TOLERANCE: Final = 1e-4


@dataclass(frozen=True, eq=False)
class Hessian:
    """The second derivative of the loss at fixed parameters, as something to multiply with.

    The loss is that of ``loss_and_grads``: mean cross-entropy plus ``l2 / 2 * sum(W ** 2)``.
    The matrix itself, of 7,850 x 7,850 numbers for softmax regression on MNIST, is never
    made. Let R{A} stand for the derivative of A along v, ``d/de A(params + e v)`` at e = 0.
    As the gradient is a function of the parameters, ``H v = R{gradient}``, and R obeys the
    rules of any derivative: it is carried forward through the layers beside the values and
    back beside the gradients, for about twice the cost of the gradient.

    Where ReLU passes nothing it passes no R either; its kink has no second derivative and
    is left out, as everywhere.

    Attributes
    ----------
    network, params : Network, Params
    l2 : float
    caches : tuple
        Of the forward pass.
    probabilities : (n_samples, n_classes) array
    douts : tuple
        For each layer what entered it on the way back.

    References
    ----------
    Pearlmutter: Fast Exact Multiplication by the Hessian, Neural Computation 6 (1994).
    """

    network: Network
    params: Params
    l2: float
    caches: Caches
    probabilities: Array
    douts: tuple[Array, ...]

    @classmethod
    def at(
        cls, network: Network, params: Params, X: Array, labels: Array, l2: float = 0.0
    ) -> Hessian:
        """Make what all products at these parameters share.

        Parameters
        ----------
        network, params, X, labels, l2
            As in ``loss_and_grads``; the precision is theirs.

        Raises
        ------
        UserError
            As ``loss_and_grads``.
        """
        logits, caches = forward(network, params, X)
        dout = cross_entropy_grad(logits, labels)
        douts = [dout]
        # Nobody asks what would go into the layer before the first.
        for layer, cache in zip(network.layers[:0:-1], caches[:0:-1], strict=True):
            dout, _ = layer.backward(params, cache, dout)
            douts.append(dout)
        return cls(network, params, l2, caches, softmax(logits), tuple(reversed(douts)))

    def times(self, direction: Params) -> Params:
        """Return H v for a direction v, named and shaped as the parameters.

        For softmax regression it is the closed form: with ``RZ = X @ V + v_b``,

            R{dZ}[i] = (diag(p_i) - p_i p_i') RZ[i] / n,  R{dW} = X' R{dZ},  R{db} = sum R{dZ}
        """
        R_out, R_inputs = self._forward(direction)
        P = self.probabilities
        R_dout = P * (R_out - (P * R_out).sum(axis=1, keepdims=True))
        R_dout /= len(P)
        products = self._backward(direction, R_inputs, R_dout)
        if self.l2:
            for layer in self.network.linear_layers:
                products[layer.weight] += self.l2 * direction[layer.weight]
        return {name: products[name] for name in self.params}

    def times_vector(self, vector: Vector) -> Vector:
        """Return H v where both are one long row, in the order of ``flat``."""
        return flat(self.times(unflat(vector, self.params)))

    def _forward(self, direction: Params) -> tuple[Array, list[Array | None]]:
        """Return R{logits}, and for each layer the R of what entered it; None where it is 0."""
        R_out: Array | None = None
        R_inputs = []
        for layer, cache in zip(self.network.layers, self.caches, strict=True):
            R_inputs.append(R_out)
            R_out = _r_forward(layer, self.params, cache, direction, R_out)
        assert R_out is not None  # the first layer is linear
        return R_out, R_inputs

    def _backward(self, direction: Params, R_inputs: list[Array | None], R_dout: Array) -> Params:
        """Return R of the gradients of the cross-entropy."""
        products: Params = {}
        layers = zip(self.network.layers, self.caches, self.douts, R_inputs, strict=True)
        for layer, cache, dout, R_input in reversed(list(layers)):
            if isinstance(layer, Linear):
                # R{X'dout} = X' R{dout} + R{X}' dout
                products |= layer.parameter_grads(cache, R_dout)
                if R_input is not None:
                    products[layer.weight] += R_input.T @ dout
                    # R{dout W'} = R{dout} W' + dout V'
                    R_dout = R_dout @ self.params[layer.weight].T
                    R_dout += dout @ direction[layer.weight].T
                continue
            R_dout, _ = layer.backward(self.params, cache, R_dout)
            if isinstance(layer, Sigmoid) and R_input is not None:
                # ds/dX = s (1 - s), and once more: s (1 - s) (1 - 2 s)
                R_dout += dout * R_input * cache * (1 - cache) * (1 - 2 * cache)
        return products


class Eigenpair(NamedTuple):
    """An eigenvalue and its direction, as far as power iteration came.

    There is an eigenvalue within ``residual`` of ``value``: for a symmetric matrix that is a
    theorem, wherever the iteration began.
    """

    value: float
    vector: Vector  # (n,), of length 1
    residual: float  # |H v - value v|
    steps: int  # products made
    converged: bool


def largest_eigenvalue(
    times: Callable[[Vector], Vector],
    start: Vector,
    *,
    tolerance: float = TOLERANCE,
    max_steps: int = MAX_STEPS,
) -> Eigenpair:
    """Find the largest eigenvalue of a symmetric matrix by power iteration.

    Every product stretches each eigenvector's share of v by its eigenvalue, so the one of
    the largest magnitude is left over in the end; ``v' H v`` is its eigenvalue. When that is
    negative, as it may be where the loss is not convex, the same is done once more
    with ``H + |value| I``, whose eigenvalues are all at least 0.

    Parameters
    ----------
    times : function
        Returns H v for a (n,) vector v.
    start : (n,) array
        Where to begin: any direction that is not orthogonal to the one sought, such as
        random numbers, or the result at parameters close by, which saves most steps.
    tolerance : float
        Ends when the value changes by less than this share of itself in two steps running.
    max_steps : int
        Products at most, of each of the two rounds.

    Returns
    -------
    Eigenpair
    """
    found = _power_iteration(times, start, 0.0, (tolerance, max_steps))
    if found.value >= 0 or not math.isfinite(found.value):
        return found
    shift = -found.value
    # Its own vector is the one this round must lose: v is taken from the start again.
    above = _power_iteration(times, start, shift, (tolerance, max_steps))
    return above._replace(steps=above.steps + found.steps)


def flat(params: Params) -> Vector:
    """Return all parameters in one row, those of the first name first."""
    return np.concatenate([array.ravel() for array in params.values()])


def unflat(vector: Vector, like: Params) -> Params:
    """Return a row as parameters again, named and shaped as ``like``; views, no copies."""
    parts = {}
    start = 0
    for name, array in like.items():
        parts[name] = vector[start : start + array.size].reshape(array.shape)
        start += array.size
    return parts


def _power_iteration(
    times: Callable[[Vector], Vector], start: Vector, shift: float, ends: tuple[float, int]
) -> Eigenpair:
    tolerance, max_steps = ends
    v = start / np.linalg.norm(start)
    before, still = math.inf, 0
    value = residual = math.nan
    for step in range(1, max_steps + 1):
        product = times(v) + shift * v
        length = float(np.linalg.norm(product))
        if not math.isfinite(length):
            return Eigenpair(math.nan, v, math.nan, step, False)
        value = float(v @ product)
        residual = float(np.linalg.norm(product - value * v))
        if length == 0:
            return Eigenpair(-shift, v, residual, step, True)
        still = still + 1 if abs(value - before) <= tolerance * abs(value) else 0
        if still == 2:
            return Eigenpair(value - shift, v, residual, step, True)
        before = value
        v = product / length
    return Eigenpair(value - shift, v, residual, max_steps, False)


def _r_forward(
    layer: Layer, params: Params, cache: Array, direction: Params, R_input: Array | None
) -> Array:
    """Return R{out} of a layer.

    Linear, by the product rule: ``R{X W + b} = R{X} W + X V + v_b``. The others work entry by
    entry, where R is multiplied by the slope, just as a gradient is on the way back.
    """
    if isinstance(layer, Linear):
        R_out: Array = cache @ direction[layer.weight]
        if R_input is not None:
            R_out += R_input @ params[layer.weight]
        if layer.bias is not None:
            R_out += direction[layer.bias]
        return R_out
    assert R_input is not None  # the first layer is linear
    R_out, _ = layer.backward(params, cache, R_input)
    return R_out
