"""Why class a and not class b: the difference of their logits, and the strokes that decided it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.errors import UserError
from softmax_core.explain.ledger import Floats, check_class, evidence_ledger, linear_parts
from softmax_core.nn import Network, Params

Mask = NDArray[np.bool_]

PLACES: Final = (
    ("upper left", "top", "upper right"),
    ("left", "middle", "right"),
    ("lower left", "bottom", "lower right"),
)


@dataclass(frozen=True, eq=False)
class Contrast:
    """What speaks for class a against class b: ``logit_a - logit_b``, pixel by pixel.

    Attributes
    ----------
    a, b : int
    products : ndarray of shape (n_features,)
        ``(W[j, a] - W[j, b]) * x[j]``.
    bias : float
        ``b[a] - b[b]``.
    ink_for, ink_against : float
        Sums of the positive and of the negative products.
    total : float
        ``products.sum() + bias``, correctly rounded.
    difference : float
        ``logit_a - logit_b`` of the model's own logits, before ReLU if there is one; it
        differs from ``total`` by the model's rounding alone.
    """

    a: int
    b: int
    products: Floats
    bias: float
    ink_for: float
    ink_against: float
    total: float
    difference: float


class Region(NamedTuple):
    """Pixels that touch each other, by side or corner."""

    mask: Mask  # (height, width)
    evidence: float  # sum of the products in it
    place: str  # one of PLACES: where in the digit its evidence lies


class Decision(NamedTuple):
    """The fewest pixels that hold a given share of the evidence for class a."""

    mask: Mask  # (height, width)
    share: float  # of ink_for that they hold; 0 if there is none
    regions: tuple[Region, ...]  # the strongest first


def contrast_of(
    network: Network, params: Params, x: NDArray[Any], classes: tuple[int, int]
) -> Contrast:
    """Take the difference of two logits apart, pixel by pixel.

    Parameters
    ----------
    network, params, x
        As in ``evidence_ledger``.
    classes : tuple of int
        (a, b): why a, and not b?

    Raises
    ------
    UserError
        As ``evidence_ledger``; and if a and b are the same, or not classes of the model.
    """
    a, b = classes
    check_pair(a, b, network.n_classes)
    ledger = evidence_ledger(network, params, x)
    W, biases = linear_parts(network, params)
    products = (W[:, a] - W[:, b]) * x.astype(np.float64)
    # From the exact sums of both classes, since the difference of weights is rounded.
    total = math.fsum([*ledger.products[a], biases[a], *-ledger.products[b], -biases[b]])
    return Contrast(
        a,
        b,
        products,
        bias=float(biases[a] - biases[b]),
        ink_for=math.fsum(products[products > 0]),
        ink_against=math.fsum(products[products < 0]),
        total=total,
        difference=float(ledger.logits[a] - ledger.logits[b]),
    )


def check_pair(a: int, b: int, n_classes: int) -> None:
    """Refuse two classes that are one, or are not there."""
    check_class(a, n_classes)
    check_class(b, n_classes)
    if a == b:
        raise UserError(
            "contrast-same", "Two different classes are compared. Choose another second class."
        )


def decision_of(contrast: Contrast, image_shape: tuple[int, int], share: float = 0.5) -> Decision:
    """Find the strokes that decided: the fewest pixels with ``share`` of the evidence for a.

    Taking the largest products first is the smallest such set: any other set of as many
    pixels holds at most as much.

    Parameters
    ----------
    contrast : Contrast
    image_shape : tuple of int
        (height, width) with height * width = n_features.
    share : float
        Of the sum of positive products, above 0 and at most 1.
    """
    check_picture(len(contrast.products), image_shape)
    positive = np.maximum(contrast.products, 0)
    order = np.argsort(-positive, kind="stable")
    held = np.cumsum(positive[order])
    total = float(held[-1])
    mask = np.zeros(len(positive), bool)
    if total > 0:
        # Rounding may keep the whole sum a hair from share * total: never past the last.
        n_pixels = min(int(np.searchsorted(held, share * total)) + 1, np.count_nonzero(positive))
        mask[order[:n_pixels]] = True
    found = mask.reshape(image_shape)
    products = contrast.products.reshape(image_shape)
    ink = products != 0
    regions = [_region(part, products, ink) for part in connected(found)]
    regions.sort(key=lambda region: -region.evidence)
    return Decision(found, float(positive[mask].sum() / total) if total else 0.0, tuple(regions))


def check_picture(n_features: int, image_shape: tuple[int, int]) -> None:
    """Refuse the shape of a picture with another number of pixels."""
    height, width = image_shape
    if height * width != n_features:
        raise UserError(
            "picture-shape",
            f"Pictures of {height} x {width} pixels have {height * width} values; this has "
            f"{n_features}. Pass the image shape of the data set it comes from.",
        )


def connected(mask: Mask) -> list[Mask]:
    """Split pixels into groups that touch by side or corner, in reading order.

    Parameters
    ----------
    mask : ndarray of bool of shape (height, width)
    """
    left = {(int(row), int(column)) for row, column in np.argwhere(mask)}
    groups: list[Mask] = []
    for seed in sorted(left):
        if seed in left:
            groups.append(np.zeros_like(mask))
            _take(seed, left, groups[-1])
    return groups


def _take(seed: tuple[int, int], left: set[tuple[int, int]], group: Mask) -> None:
    """Move all that hangs together with ``seed`` from ``left`` to ``group``."""
    left.discard(seed)
    waiting = [seed]
    while waiting:
        row, column = waiting.pop()
        group[row, column] = True
        around = {(row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)}
        waiting += around & left
        left -= around


def _region(mask: Mask, products: Floats, ink: Mask) -> Region:
    weights = products * mask
    return Region(mask, float(weights.sum()), place_of(weights, ink))


def place_of(weights: Floats, ink: Mask) -> str:
    """Name where in the digit the centre of mass of ``weights`` lies, one of ``PLACES``.

    The box around the ink is divided into thirds.

    Parameters
    ----------
    weights : ndarray of shape (height, width), none negative, not all 0
    ink : ndarray of bool of shape (height, width), not all False
    """
    thirds = []
    for axis in (0, 1):
        inked = np.flatnonzero(ink.any(axis=1 - axis))
        profile = weights.sum(axis=1 - axis)
        centre = float(profile @ np.arange(len(profile)) / profile.sum()) + 0.5
        share = (centre - inked[0]) / (inked[-1] + 1 - inked[0])
        thirds.append(min(int(3 * share), 2))
    return PLACES[thirds[0]][thirds[1]]
