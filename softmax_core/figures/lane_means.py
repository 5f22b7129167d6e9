"""The loss of lanes as smooth lines that can be compared: each mean is over as many examples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.figures.running import MIN_WINDOW, WINDOW_BUCKETS, bucket_widths, running_mean

_OF_AN_EPOCH: Final = 1 / 16
_OF_THE_PAST: Final = 1 / 4


def examples_window(batch_sizes: Sequence[int], n_samples: int) -> int:
    """Return over how many examples each lane's loss is averaged.

    20 batches of the smallest size, and at least a sixteenth of an epoch: one batch of 1 tells
    nothing, one of 512 much, and a mean over 20 of each would draw one lane as noise and the
    other late.

    Parameters
    ----------
    batch_sizes : sequence of int
        One for each lane.
    n_samples : int
        Size of the training set.
    """
    return max(MIN_WINDOW * min(batch_sizes), round(n_samples * _OF_AN_EPOCH))


def lane_means(
    step: NDArray[Any], mean: NDArray[Any], batch_size: int, examples: int
) -> NDArray[np.float64]:
    """Return the mean over the last ``examples`` at each point of a lane, fewer at its start.

    ``window = min(examples / batch_size, step / 4)``, in steps, and at least one point: a
    window that is filled from the first step on would bend the curve at the place where the
    first steps leave it.

    Parameters
    ----------
    step, mean : ndarrays of shape (k,)
        As for `running_mean`.
    batch_size, examples : int

    Returns
    -------
    ndarray of shape (k,)
    """
    step = np.asarray(step, np.int64)
    widest = WINDOW_BUCKETS * int(bucket_widths(step).max(initial=0))
    most = max(examples // batch_size, widest, 1)
    past = np.ceil(step * _OF_THE_PAST).astype(np.int64)
    return running_mean(step, mean, np.clip(past, 1, most))
