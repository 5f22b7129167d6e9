"""The running mean of a noisy curve whose points stand for several steps each."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

MIN_WINDOW: Final = 20  # steps
WINDOW_BUCKETS: Final = 4


def bucket_widths(step: NDArray[Any]) -> NDArray[np.int64]:
    """Return how many steps each point stands for.

    Point ``i`` stands for the steps after ``step[i - 1]`` up to ``step[i]``. What came
    before the first point is unknown when a curve starts in the middle of a run, so the
    first is taken to be no wider than the widest of the others, and one alone to be 1 wide.
    """
    widths = np.diff(np.asarray(step, np.int64), prepend=0)
    if len(widths):
        widths[0] = min(widths[0], widths[1:].max(initial=1))
    return np.maximum(widths, 1)


def running_window(step: NDArray[Any]) -> int:
    """Return the window in steps: ``max(20, 4 * bucket width)``."""
    widths = bucket_widths(step)
    return max(MIN_WINDOW, WINDOW_BUCKETS * int(widths.max(initial=1)))


def running_mean(
    step: NDArray[Any], mean: NDArray[Any], window: int | NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the mean over the last ``window`` steps at each point.

    ``running[i] = sum_j width[j] * mean[j] / sum_j width[j]`` over the points ``j <= i``
    that lie within the last ``window`` steps with their whole width, ``i`` itself always
    among them. It looks back only, so a point once drawn never moves.

    Parameters
    ----------
    step : ndarray of shape (k,)
        Last step of each point, rising.
    mean : ndarray of shape (k,)
        Mean over the steps of each point. What is not finite is left out.
    window : int or ndarray of shape (k,)
        In steps; see `running_window`.

    Returns
    -------
    ndarray of shape (k,)
        NaN where the window holds no finite point.
    """
    step = np.asarray(step, np.int64)
    if not len(step):
        return np.empty(0)
    finite = np.isfinite(mean)
    widths = bucket_widths(step)
    here = np.arange(len(step))
    first = np.minimum(np.searchsorted(step - widths, step - window), here)
    weighted = widths * np.where(finite, mean, 0.0)
    weights = _window_sums(widths * finite, first, here)
    sums = _window_sums(weighted, first, here)
    running = np.full(len(step), np.nan)
    np.divide(sums, weights, out=running, where=weights > 0)
    return running


def _window_sums(
    values: NDArray[Any], first: NDArray[np.intp], last: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Add up ``values[first:last + 1]`` for each pair.

    Each window is added up by itself: differences of one long cumulative sum would lose
    the small losses behind a spike of 1e30.
    """
    ends = np.stack([first, last + 1], axis=1).ravel()
    return np.add.reduceat(np.append(values, 0).astype(np.float64), ends)[::2]
