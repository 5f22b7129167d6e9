"""Which class a model chooses where, for points in the plane."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.errors import UserError
from softmax_core.nn import Network, Params, predict_logits, softmax

MARGIN: Final = 0.06  # of the points' spread, left free around them
MAX_SIDE: Final = 512


class Bounds(NamedTuple):
    """A rectangle in the plane of the two features."""

    left: float
    right: float
    bottom: float
    top: float


class Regions(NamedTuple):
    """A model's choice at the middle of each cell of a grid; the first row is the top one."""

    classes: NDArray[np.uint8]  # (side, side)
    confidence: NDArray[np.float32]  # (side, side), the chosen class's probability


def bounds_of(*point_sets: NDArray[Any]) -> Bounds:
    """Return the rectangle that holds all points and a margin around them.

    Parameters
    ----------
    *point_sets : ndarray of shape (n, 2)
        At least one point in all.
    """
    points = np.concatenate(point_sets).astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    margin = MARGIN * np.where(high > low, high - low, 1.0)
    (left, bottom), (right, top) = low - margin, high + margin
    return Bounds(float(left), float(right), float(bottom), float(top))


def decision_regions(network: Network, params: Params, bounds: Bounds, side: int) -> Regions:
    """Ask the model at ``side`` x ``side`` places of the plane.

    Parameters
    ----------
    network : Network
        Of two features.
    params : dict of arrays
    bounds : Bounds
    side : int
        Cells in a row, from 1 to ``MAX_SIDE``.

    Returns
    -------
    Regions
        Of finite numbers, also while a run goes astray and its logits overflow.

    Raises
    ------
    UserError
        If the network reads another number of features, or ``side`` is out of its range.
    """
    if not 1 <= side <= MAX_SIDE:
        raise UserError(
            "regions-side", f"A grid has 1 to {MAX_SIDE} cells in a row; {side} were asked for."
        )
    X = grid_points(bounds, side)
    with np.errstate(over="ignore", invalid="ignore"):
        probabilities = softmax(np.nan_to_num(predict_logits(network, params, X)))
    classes = probabilities.argmax(axis=1).astype(np.uint8)
    confidence = probabilities.max(axis=1).astype(np.float32)
    return Regions(classes.reshape(side, side), confidence.reshape(side, side))


def grid_points(bounds: Bounds, side: int) -> NDArray[np.float32]:
    """Return the middles of the cells row by row from the top, shape (side * side, 2)."""
    middles = (np.arange(side) + 0.5) / side
    across = bounds.left + middles * (bounds.right - bounds.left)
    down = bounds.top - middles * (bounds.top - bounds.bottom)
    x, y = np.meshgrid(across, down)
    return np.column_stack([x.ravel(), y.ravel()]).astype(np.float32)
