"""The nearest valid point where one class beats another: a projection, in closed form.

Class b beats class a where ``d . x + c > 0`` with ``d = W_b - W_a`` and ``c = b_b - b_a``:
on one side of a flat boundary. Wanted is the point of that side nearest to ``x`` whose
pixels are all valid, from low to high. By the conditions of Karush, Kuhn and Tucker it is

    x(t) = clip(x + t * d, low, high)   for the smallest t >= 0 that gets there

since every pixel moves along d until it meets its bound. Pixel j meets it at
``t_j = (high - x_j) / d_j`` where d_j > 0 and ``(low - x_j) / d_j`` where d_j < 0, so

    d . x(t) + c = d . x + c + sum_j d_j**2 * min(t, t_j)

never falls, and is straight between the sorted t_j: one pass over them finds t exactly.
(S. Boyd, L. Vandenberghe: Convex Optimization, section 5.5.3.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from softmax_core.explain.ledger import Floats


class HalfSpace(NamedTuple):
    """The points with ``d . x >= least``."""

    d: Floats  # (n_features,)
    least: float


def reach_of(before: Floats, bounds: tuple[float, float]) -> float:
    """Return how large a feature can be; in the plane without bounds, about."""
    finite = [abs(bound) for bound in bounds if np.isfinite(bound)]
    return max([1.0, float(np.abs(before).max()), *finite])


def half_space_of(W: Floats, b: Floats, pair: tuple[int, int], reach: float) -> HalfSpace:
    """Return where the first of a pair of classes beats the second by a hair.

    The hair is as much as rounding to float32 can be expected to move the difference of two
    logits of n + 1 terms: a model that computes in float32 then sees the change too.
    (N. Higham, T. Mary, SIAM J. Sci. Comput. 41, 2019: the root of n in place of n.)
    """
    wanted, other = pair
    size = reach * float(np.abs(W[:, list(pair)]).sum()) + float(np.abs(b[list(pair)]).sum())
    hair = (len(W) + 2) ** 0.5 * float(np.finfo(np.float32).eps) / 2 * size
    return HalfSpace(W[:, wanted] - W[:, other], float(b[other] - b[wanted]) + hair)


def smallest_multiplier(side: HalfSpace, base: Floats, bounds: tuple[float, float]) -> float | None:
    """Return the smallest ``t >= 0`` with ``d . clip(base + t d, low, high) >= least``.

    Parameters
    ----------
    side : HalfSpace
    base : ndarray of shape (n_features,)
        May lie outside the bounds; pixels then rest until they come in.
    bounds : tuple of float

    Returns
    -------
    float or None
        None if there is no such t: no valid picture lies on this side.
    """
    missing = side.least - float(np.clip(base, *bounds) @ side.d)
    if missing <= 0:
        return 0.0
    low, high = bounds
    d, start = side.d[side.d != 0], base[side.d != 0]
    with np.errstate(over="ignore"):  # the smallest d never meet their bounds
        # Pixel j moves while t lies between where it comes in and where it leaves.
        enter = np.maximum(np.where(d > 0, low - start, high - start) / d, 0)
        leave = np.maximum(np.where(d > 0, high - start, low - start) / d, 0)
    knots = np.concatenate([[0.0], enter, leave])
    turns = np.concatenate([[0.0], d**2, -(d**2)])
    order = np.argsort(knots, kind="stable")
    order = order[np.isfinite(knots[order])]
    knots, slopes = knots[order], np.maximum(np.cumsum(turns[order]), 0)
    gained = np.concatenate([[0.0], np.cumsum(slopes[:-1] * np.diff(knots))])
    at = int(np.searchsorted(gained, missing)) - 1  # the last knot before enough is gained
    is_last = at == len(knots) - 1
    if is_last and (np.isfinite(leave).all() or slopes[at] <= 0):
        return None
    return float(knots[at] + (missing - gained[at]) / slopes[at])
