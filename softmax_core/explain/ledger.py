"""The evidence ledger of a linear model: what every pixel adds to every logit, to the digit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.errors import UserError
from softmax_core.nn import Array, Network, Params, ReLU

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ledger:
    """Where the logits of one input come from.

    ``sums[k] = products[k].sum() + biases[k]``. The product of two float32 numbers is exact
    in float64 and the sums are correctly rounded, so ``sums`` is the exact logit, from which
    the model's own float32 ``logits`` differ by their rounding alone.

    Attributes
    ----------
    products : ndarray of shape (n_classes, n_features)
        ``W[j, k] * x[j]``: positive speaks for the class, negative against it.
    biases : ndarray of shape (n_classes,)
        0 in a model without.
    ink_for, ink_against : ndarray of shape (n_classes,)
        Sums of the positive and of the negative products.
    sums : ndarray of shape (n_classes,)
    logits : ndarray of shape (n_classes,)
        As the model computes them, before ReLU if there is one.
    relu : bool
        Whether the model takes negative logits to 0 before the softmax. The ledger is then
        that of the logits before this step; ``outputs`` are those after it.
    """

    products: Floats
    biases: Floats
    ink_for: Floats
    ink_against: Floats
    sums: Floats
    logits: Floats
    relu: bool

    @property
    def outputs(self) -> Floats:
        """What the softmax is taken of: the logits, after ReLU if there is one."""
        return np.maximum(self.logits, 0) if self.relu else self.logits


class PrintedEntry(NamedTuple):
    """One class's line of the ledger, rounded so that the printed numbers add up."""

    ink_for: float
    ink_against: float
    bias: float
    total: float


class SoftmaxSteps(NamedTuple):
    """The way from logits to probabilities, with the numbers in between."""

    largest: float
    shifted: Floats  # (n_classes,) logits minus the largest: at most 0
    exponentials: Floats  # (n_classes,) in [0, 1], the largest logit's is 1
    total: float
    fractions: Floats  # (n_classes,) exponentials / total


def evidence_ledger(network: Network, params: Params, x: NDArray[Any]) -> Ledger:
    """Take the logits of one input apart, pixel by pixel.

    Parameters
    ----------
    network : Network
        With one linear layer: softmax regression, also with ReLU on its logits.
    params : dict of arrays
    x : ndarray of float of shape (n_features,)
        As the model sees it: pixels in [0, 1], unless it was trained on raw ones.

    Raises
    ------
    UserError
        If the model has a hidden layer, ``x`` does not fit it, or a logit is not finite.
    """
    W, b = linear_parts(network, params)
    row = input_row(network, x)
    products = W.T * row.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        logits = network.layers[0].forward(params, row)[0][0].astype(np.float64)
    if not (np.isfinite(logits).all() and np.isfinite(products).all()):
        raise UserError(
            "ledger-not-finite",
            "A logit of this model is not a number, so there is nothing to add up. "
            "Go back to the weights of an earlier step.",
        )
    terms = zip(products, b, strict=True)
    return Ledger(
        products,
        b,
        ink_for=np.array([math.fsum(line[line > 0]) for line in products]),
        ink_against=np.array([math.fsum(line[line < 0]) for line in products]),
        sums=np.array([math.fsum([*line, bias]) for line, bias in terms]),
        logits=logits,
        relu=isinstance(network.layers[-1], ReLU),
    )


def linear_parts(network: Network, params: Params) -> tuple[Floats, Floats]:
    """Return W (n_features, n_classes) and b (n_classes,) of a linear model in float64.

    Raises
    ------
    UserError
        If there is more than one layer of weights.
    """
    if len(network.linear_layers) != 1:
        raise UserError(
            "explain-linear",
            f"This model has {len(network.linear_layers)} layers of weights; an exact account "
            "of single pixels exists for one layer only. Choose softmax regression.",
        )
    (layer,) = network.linear_layers
    W = np.asarray(params[layer.weight], np.float64)
    b = np.zeros(W.shape[1]) if layer.bias is None else params[layer.bias].astype(np.float64)
    return W, b


def input_row(network: Network, x: NDArray[Any]) -> Array:
    """Return one input as a batch of one, shape (1, n_features).

    Raises
    ------
    UserError
        If it has another number of features, or pixels that were not made floats.
    """
    if x.ndim != 1 or len(x) != network.n_features or x.dtype.kind != "f":
        raise UserError(
            "explain-input",
            f"One input of {network.n_features} floats is explained at a time; this has the "
            f"shape {x.shape} and holds {x.dtype}. Pass one row as the model sees it.",
        )
    return x[None, :]


def check_class(k: int, n_classes: int) -> None:
    """Refuse the number of a class that there is not."""
    if not 0 <= k < n_classes:
        raise UserError(
            "explain-class", f"The classes have the numbers 0 to {n_classes - 1}; {k} is not one."
        )


def printed_entry(ledger: Ledger, k: int, digits: int = 2) -> PrintedEntry:
    """Round one class's line so that its printed parts add up to the printed logit.

    ``total`` is the model's logit as ``f"{logit:.2f}"`` prints it. Every part is rounded
    down, and the hundredths then missing go to the parts that lost most (the method of
    largest remainders), so each is off by less than one hundredth. Where float32 rounded
    the logit itself by more than that, they carry this too.

    Parameters
    ----------
    ledger : Ledger
    k : int
        The class.
    digits : int
        After the decimal point.
    """
    check_class(k, len(ledger.logits))
    parts = [float(part[k]) for part in (ledger.ink_for, ledger.ink_against, ledger.biases)]
    ink_for, ink_against, bias = printed_parts(parts, float(ledger.logits[k]), digits)
    return PrintedEntry(ink_for, ink_against, bias, float(f"{ledger.logits[k]:.{digits}f}"))


def printed_parts(parts: Sequence[float], total: float, digits: int = 2) -> list[float]:
    """Round the parts of a sum so that, printed, they add up to the total as it is printed.

    Parameters
    ----------
    parts : sequence of float
        At least one; their sum is the total but for rounding.
    total : float
    digits : int
        After the decimal point.
    """
    exact = [Decimal(part).scaleb(digits) for part in parts]
    whole = int(Decimal(f"{total:.{digits}f}").scaleb(digits))
    units = [math.floor(part) for part in exact]
    # A part that is 0, such as the bias of a model without, stays 0.
    takers = [i for i, part in enumerate(parts) if part] or [0]
    takers.sort(key=lambda i: exact[i] - units[i], reverse=True)
    each, over = divmod(whole - sum(units), len(takers))
    for place, i in enumerate(takers):
        units[i] += each + (place < over)
    return [unit / 10**digits for unit in units]


def softmax_steps(logits: NDArray[Any]) -> SoftmaxSteps:
    """Do softmax on paper: subtract the largest, exponentials, their sum, the fractions.

    Parameters
    ----------
    logits : ndarray of shape (n_classes,), finite
        ``Ledger.outputs``, or those of any other model.
    """
    values = np.asarray(logits, np.float64)
    shifted = values - values.max()
    exponentials = np.exp(shifted)
    total = math.fsum(exponentials)
    return SoftmaxSteps(float(values.max()), shifted, exponentials, total, exponentials / total)
