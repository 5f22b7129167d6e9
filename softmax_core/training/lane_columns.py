"""Many lanes' parameters as one matrix, a column for each class of each lane, and back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn import Params

Floats = NDArray[np.float32]


def side_by_side_columns(params: Sequence[Params]) -> Floats:
    """Put ``[b; W]`` of all lanes side by side: class 0 of every lane, then class 1, ...

    Parameters
    ----------
    params : sequence of dict
        Each with W of shape (n_features, n_classes) and b of shape (n_classes,).

    Returns
    -------
    ndarray of shape (n_features + 1, n_classes * n_lanes)
        Biases first: they are the weights of a feature that is always 1.
    """
    parts = [np.vstack([own["b"][np.newaxis], own["W"]]) for own in params]
    columns = np.stack(parts, axis=2).astype(np.float32)
    return columns.reshape(len(columns), -1)


def params_of_lane(columns: Floats, lane: int, n_classes: int) -> Params:
    """Return a copy of one lane's W and b."""
    own = columns.reshape(len(columns), n_classes, -1)[:, :, lane]
    return {"W": own[1:].copy(), "b": own[0].copy()}
