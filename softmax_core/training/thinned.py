"""A run's curve and evaluations in a few points: for runs that are kept beside another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from softmax_core.training.evaluate import Evaluation
from softmax_core.training.history import Curve


def thinned_curve(curve: Curve, n: int) -> Curve:
    """Put neighbouring points together until there are at most ``n``.

    Means stay means over steps, extremes stay extremes; of the gradient the largest is kept.

    Parameters
    ----------
    curve : Curve
        Of at least one point, from the run's first step on.
    n : int
        At least 1.
    """
    steps = np.diff(curve.step, prepend=0)
    count = len(steps)
    starts = np.unique(np.linspace(0, count, min(n, count), endpoint=False).astype(int))
    ends = np.append(starts[1:], count) - 1
    weights = np.add.reduceat(steps, starts)

    def mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
        sums = np.add.reduceat(values.astype(np.float64) * steps, starts)
        return np.asarray(sums / weights, np.float32)

    return Curve(
        curve.step[ends],
        mean(curve.mean),
        np.minimum.reduceat(curve.low, starts),
        np.maximum.reduceat(curve.high, starts),
        mean(curve.accuracy),
        np.maximum.reduceat(curve.gradient_norm, starts),
        curve.learning_rate[ends],
        curve.samples_seen[ends],
    )


def thinned_evaluations(evaluations: Sequence[Evaluation], n: int) -> tuple[Evaluation, ...]:
    """Choose at most ``n``: those at steps 1, 2, 4, 8, ..., which all runs have, then others.

    Parameters
    ----------
    evaluations : sequence of Evaluation
        By step. The last one stays.
    n : int
        More than the powers of two there may be.
    """
    common = [e for e in evaluations if e.step & (e.step - 1) == 0]
    others = [e for e in evaluations if e.step & (e.step - 1)]
    room = min(n - len(common), len(others))
    places = np.linspace(len(others) - 1, 0, room).astype(int)
    return tuple(sorted([*common, *(others[i] for i in places)], key=lambda e: e.step))
