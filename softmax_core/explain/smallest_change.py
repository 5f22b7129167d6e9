"""The smallest change of a picture that makes a linear model say something else, in closed form.

Where one class beats another is one side of a flat boundary; ``half_space`` finds the
nearest valid picture there. This file asks the model's questions: which class, past whom?
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.errors import UserError
from softmax_core.explain.half_space import half_space_of, reach_of, smallest_multiplier
from softmax_core.explain.ledger import Floats, check_class, input_row, linear_parts
from softmax_core.nn import Network, Params

PIXEL_BOUNDS: Final = (0.0, 1.0)
_SWEEPS: Final = 2_000


@dataclass(frozen=True, eq=False)
class Change:
    """A picture just beyond a decision boundary, and how far that is.

    Attributes
    ----------
    before, after : ndarray of float64 of shape (n_features,)
    present, wanted : int
        What the model says before, and what it was to say.
    prediction : int
        What it says after.
    distance : float
        Euclidean: the root of the sum of the squared changes of all pixels.
    rival : int or None
        A third class that wins at the nearest point where ``wanted`` beats ``present``,
        so that the change had to go on until ``wanted`` beats it too.
    """

    before: Floats
    after: Floats
    present: int
    wanted: int
    prediction: int
    distance: float
    rival: int | None = None


def smallest_change(
    network: Network,
    params: Params,
    x: NDArray[Any],
    wanted: int,
    bounds: tuple[float, float] = PIXEL_BOUNDS,
) -> Change:
    """Find the smallest change that makes the model say ``wanted``.

    First against the present prediction alone, exactly. If a third class wins there, the
    nearest picture where ``wanted`` beats all classes is found by sweeps, each of which
    solves for one class exactly (the method of C. Hildreth, 1957, within the bounds).

    Parameters
    ----------
    network : Network
        With one linear layer. With ReLU on the logits the change is that of the model
        without, which says the same wherever a logit is above 0.
    params : dict of arrays
    x : ndarray of float of shape (n_features,)
        Within the bounds.
    wanted : int
        A class other than the present prediction.
    bounds : tuple of float
        Valid values of a pixel; infinite for points in the plane.

    Raises
    ------
    UserError
        ``change-impossible`` if no valid picture is read so; ``change-same`` if this one
        is; ``change-bounds`` if ``x`` lies outside; and as ``evidence_ledger``.
    """
    W, b, before = _checked(network, params, x, bounds)
    check_class(wanted, len(b))
    present = int((before @ W + b).argmax())
    if wanted == present:
        raise UserError(
            "change-same", "The picture is read as this class already. Choose another class."
        )
    change = _pairwise(W, b, before, wanted, bounds)
    if change is None:
        raise _impossible(bounds)
    if change.prediction == wanted:
        return change
    after = _beating_all(W, b, before, wanted, bounds)
    if after is None:
        raise _impossible(bounds)
    found = _change(W, b, before, after, wanted)
    return replace(found, rival=change.prediction)


def smallest_change_to_any(
    network: Network,
    params: Params,
    x: NDArray[Any],
    bounds: tuple[float, float] = PIXEL_BOUNDS,
) -> Change:
    """Find the smallest change that makes the model say anything else: the nearest boundary.

    It is the smallest of the changes towards each other class alone. No third class can
    win there, since its boundary would be nearer still.

    Parameters
    ----------
    network, params, x, bounds
        As in ``smallest_change``.

    Raises
    ------
    UserError
        As ``smallest_change``.
    """
    W, b, before = _checked(network, params, x, bounds)
    present = int((before @ W + b).argmax())
    others = [k for k in range(len(b)) if k != present]
    found = [_pairwise(W, b, before, k, bounds) for k in others]
    changes = [change for change in found if change is not None]
    if not changes:
        raise _impossible(bounds)
    nearest = min(changes, key=lambda change: change.distance)
    return replace(nearest, wanted=nearest.prediction)


def _checked(
    network: Network, params: Params, x: NDArray[Any], bounds: tuple[float, float]
) -> tuple[Floats, Floats, Floats]:
    W, b = linear_parts(network, params)
    before = input_row(network, x)[0].astype(np.float64)
    low, high = bounds
    if not (before.min() >= low and before.max() <= high):
        raise UserError(
            "change-bounds",
            f"Pixels must lie from {low:g} to {high:g}; these go from {before.min():g} to "
            f"{before.max():g}. Pass the picture as the model sees it.",
        )
    if not (np.isfinite(W).all() and np.isfinite(b).all()):
        raise UserError(
            "ledger-not-finite",
            "A weight of this model is not a number. Go back to the weights of an earlier step.",
        )
    return W, b, before


def _impossible(bounds: tuple[float, float]) -> UserError:
    low, high = bounds
    return UserError(
        "change-impossible",
        f"No picture with pixels from {low:g} to {high:g} makes this model say so. "
        "Choose another class.",
    )


def _pairwise(
    W: Floats, b: Floats, before: Floats, wanted: int, bounds: tuple[float, float]
) -> Change | None:
    """Go to where ``wanted`` beats the present prediction; None if no valid picture does."""
    present = int((before @ W + b).argmax())
    side = half_space_of(W, b, (wanted, present), reach_of(before, bounds))
    t = smallest_multiplier(side, before, bounds)
    if t is None:
        return None
    return _change(W, b, before, np.clip(before + t * side.d, *bounds), wanted)


def _change(W: Floats, b: Floats, before: Floats, after: Floats, wanted: int) -> Change:
    present, prediction = (int((x @ W + b).argmax()) for x in (before, after))
    distance = float(np.linalg.norm(after - before))
    return Change(before, after, present, wanted, prediction, distance)


def _beating_all(
    W: Floats, b: Floats, before: Floats, wanted: int, bounds: tuple[float, float]
) -> Floats | None:
    """Return the nearest valid picture where ``wanted`` beats every class; None if none is found.

    It is ``clip(before + sum_k t_k d_k)``. Sweep by sweep each multiplier t_k in turn
    becomes the smallest, at least 0, with which the picture lies on side k: ascent along
    one coordinate of the dual problem, which is concave and smooth.
    """
    others = [k for k in range(len(b)) if k != wanted]
    sides = [half_space_of(W, b, (wanted, k), reach_of(before, bounds)) for k in others]
    t = np.zeros(len(sides))
    directions = np.array([side.d for side in sides])
    for _sweep in range(_SWEEPS):
        last = t.copy()
        for k, side in enumerate(sides):
            t[k] = 0
            found = smallest_multiplier(side, before + t @ directions, bounds)
            if found is None:
                return None
            t[k] = found
        if np.abs(t - last).max() <= 1e-12 * t.max(initial=0):
            break
    after: Floats = np.clip(before + t @ directions, *bounds)
    return after if int((after @ W + b).argmax()) == wanted else None
