"""Why a network with a hidden layer says so: gradient times input, and its hidden units.

The first is an approximation, and says by how much it misses; the second is exact, but
names hidden units instead of pixels.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.errors import UserError
from softmax_core.explain.contrast import Contrast, check_pair
from softmax_core.explain.ledger import Floats, Ledger, check_class, input_row
from softmax_core.nn import Network, Params, backward, forward


class GradientTimesInput(NamedTuple):
    """The slope of a class's logit at every pixel, times the pixel: an approximation.

    It would be exact if the network were one straight function through 0. ``gap`` is what
    it misses: with ReLU the share of the biases, with sigmoid the curvature as well.
    """

    products: Floats  # (n_features,)
    total: float  # their sum
    logit: float
    gap: float  # logit - total


class HiddenUnits(NamedTuple):
    """What each hidden unit adds to a class's logit: ``contributions`` and bias sum to it."""

    activations: Floats  # (n_hidden,) of this input
    weights: Floats  # (n_hidden,) to the class
    contributions: Floats  # (n_hidden,) activations * weights
    order: NDArray[np.intp]  # (n_hidden,) the unit that mattered most first, by magnitude
    bias: float
    logit: float


def gradient_times_input(
    network: Network, params: Params, x: NDArray[Any], k: int
) -> GradientTimesInput:
    """Return ``dlogit_k/dx * x`` by the network's own backward, in float64.

    Parameters
    ----------
    network : Network
        Of one linear layer, it is the exact ledger without the bias.
    params : dict of arrays
    x : ndarray of float of shape (n_features,)
        As the model sees it.
    k : int
        The class.

    Raises
    ------
    UserError
        If ``x`` or ``k`` do not fit the network, or its numbers overflowed.

    References
    ----------
    A. Shrikumar et al., "Not just a black box", 2016 (arXiv:1605.01713), section 2.
    """
    doubles, row = _as_doubles(network, params, x, k)
    with np.errstate(over="ignore", invalid="ignore"):
        logits, caches = forward(network, doubles, row)
        dlogits = np.zeros_like(logits)
        dlogits[0, k] = 1
        dX, _grads = backward(network, doubles, caches, dlogits)
        products = dX[0] * row[0]
    _check_finite(logits, products)
    total, logit = math.fsum(products), float(logits[0, k])
    return GradientTimesInput(products, total, logit, logit - total)


def approximate_ledger(network: Network, params: Params, x: NDArray[Any]) -> Ledger:
    """Return gradient times input of every class at once, in the form of a ledger.

    ``biases`` are the gaps: what the approximation misses, so that the parts still add up
    to the logits.

    Parameters
    ----------
    network, params, x
        As in ``gradient_times_input``.
    """
    doubles, row = _as_doubles(network, params, x, 0)
    n_classes = network.n_classes
    with np.errstate(over="ignore", invalid="ignore"):
        # Row k of the batch is this input again, and asks for the slope of logit k.
        logits, caches = forward(network, doubles, np.repeat(row, n_classes, axis=0))
        dX, _grads = backward(network, doubles, caches, np.eye(n_classes))
        products: Floats = dX * row
    _check_finite(logits, products)
    own: Floats = logits[0]
    return Ledger(
        products,
        biases=own - np.array([math.fsum(line) for line in products]),
        ink_for=np.maximum(products, 0).sum(axis=1),
        ink_against=np.minimum(products, 0).sum(axis=1),
        sums=own,
        logits=own,
        relu=False,
    )


def approximate_contrast(ledger: Ledger, classes: tuple[int, int]) -> Contrast:
    """Return the difference of two classes of an approximate ledger; ``bias`` is of the gaps.

    Parameters
    ----------
    ledger : Ledger
        From ``approximate_ledger``.
    classes : tuple of int
        (a, b): why a, and not b?
    """
    a, b = classes
    check_pair(a, b, len(ledger.logits))
    products: Floats = ledger.products[a] - ledger.products[b]
    difference = float(ledger.logits[a] - ledger.logits[b])
    return Contrast(
        a,
        b,
        products,
        bias=float(ledger.biases[a] - ledger.biases[b]),
        ink_for=float(np.maximum(products, 0).sum()),
        ink_against=float(np.minimum(products, 0).sum()),
        total=difference,
        difference=difference,
    )


def hidden_units(network: Network, params: Params, x: NDArray[Any], k: int) -> HiddenUnits:
    """Return what the last hidden layer's units add to the logit of class k.

    ``logit_k = sum_h activation_h * W2[h, k] + b2[k]``: exact, as the ledger of a linear
    model is, since the last layer is linear.

    Parameters
    ----------
    network, params, x, k
        As in ``gradient_times_input``; the last layer of at least two is linear.

    Raises
    ------
    UserError
        As ``gradient_times_input``; and if there is no hidden layer.
    """
    last = network.linear_layers[-1]
    if len(network.linear_layers) < 2 or network.layers[-1] != last:
        raise UserError(
            "explain-hidden",
            "This model has no hidden units: its pixels speak to the classes directly. "
            "Look at the evidence ledger instead.",
        )
    doubles, row = _as_doubles(network, params, x, k)
    with np.errstate(over="ignore", invalid="ignore"):
        logits, caches = forward(network, doubles, row)
        activations: Floats = caches[-1][0].copy()
        weights: Floats = doubles[last.weight][:, k].copy()
        contributions = activations * weights
    _check_finite(logits, contributions)
    order = np.argsort(-np.abs(contributions), kind="stable")
    bias = 0.0 if last.bias is None else float(doubles[last.bias][k])
    return HiddenUnits(activations, weights, contributions, order, bias, float(logits[0, k]))


def _as_doubles(network: Network, params: Params, x: NDArray[Any], k: int) -> tuple[Params, Floats]:
    check_class(k, network.n_classes)
    row = input_row(network, x).astype(np.float64)
    return {name: array.astype(np.float64) for name, array in params.items()}, row


def _check_finite(*arrays: NDArray[Any]) -> None:
    if not all(np.isfinite(array).all() for array in arrays):
        raise UserError(
            "ledger-not-finite",
            "A logit of this model is not a number, so there is nothing to explain. "
            "Go back to the weights of an earlier step.",
        )
