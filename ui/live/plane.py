"""What a frame holds of points in the plane: the model's ground, and how each is read."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.dataset import Dataset
from softmax_core.explain import Bounds, bounds_of, decision_regions, predict_samples
from softmax_core.figures import DARK, LIGHT
from softmax_core.service import View
from ui.live.reading import network_of

SIDE: Final = 64  # cells of the ground in a row
_FULL: Final = 65_535  # the far edge, as the frame counts places
_SURE: Final = 255

Arrays = dict[str, tuple[str, NDArray[Any]]]


def plane_header(dataset: Dataset) -> dict[str, Any]:
    """Return where the plane lies and the colours of its classes; nothing for pictures."""
    if dataset.info.kind != "points":
        return {}
    return {
        "regions_side": SIDE,
        "regions_bounds": list(_bounds(dataset)),
        "class_colours": {"light": list(LIGHT.lanes), "dark": list(DARK.lanes)},
    }


def plane_arrays(view: View, dataset: Dataset) -> Arrays:
    """Return the ground as small integers and all points; nothing for pictures.

    A confidence is counted from a guess (0) to certainty (255), a place from the left and
    from the bottom edge.
    """
    if dataset.info.kind != "points":
        return {}
    network, bounds = network_of(view, dataset), _bounds(dataset)
    regions = decision_regions(network, view.shown.params, bounds, SIDE)
    guess = 1 / dataset.info.n_classes
    sure = (regions.confidence - guess) / (1 - guess)
    read = predict_samples(network, view.shown.params, dataset.test_images)
    return {
        "regions": ("u1", regions.classes.ravel()),
        "regions_confidence": ("u1", np.rint(_SURE * np.clip(sure, 0, 1)).ravel()),
        "train_points": ("u2", _places(dataset.train_images, bounds)),
        "train_labels": ("u1", dataset.train_labels),
        "test_points": ("u2", _places(dataset.test_images, bounds)),
        "test_labels": ("u1", dataset.test_labels),
        "test_predictions": ("u1", read),
    }


def _bounds(dataset: Dataset) -> Bounds:
    return bounds_of(dataset.train_images, dataset.test_images)


def _places(points: NDArray[Any], bounds: Bounds) -> NDArray[Any]:
    low = np.array([bounds.left, bounds.bottom])
    high = np.array([bounds.right, bounds.top])
    return np.asarray(np.rint(_FULL * (points - low) / (high - low)))
