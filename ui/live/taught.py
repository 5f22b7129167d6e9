"""What a frame holds of the drawings that were added to the training pictures."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.dataset import Dataset
from softmax_core.explain import read_samples
from softmax_core.service import View
from softmax_core.training.taught import Taught
from ui.live.reading import network_of

Arrays = dict[str, tuple[str, NDArray[Any]]]


def taught_id(drawing: Taught) -> str:
    """Return a short name for a drawing, the same wherever and whenever it is asked for."""
    return hashlib.sha256(drawing.digit).hexdigest()[:16]


def taught_header(view: View, dataset: Dataset) -> dict[str, Any]:
    """Return each drawing's class and how the weights on screen read it now."""
    if not view.config.taught:
        return {"taught": []}
    probabilities = read_samples(
        network_of(view, dataset), view.shown.params, _digits(view), view.shown_config.pixels
    )
    names = dataset.info.class_names
    return {
        "taught": [
            {
                "id": taught_id(drawing),
                "name": names[drawing.label],
                "now": float(row[drawing.label]),
                "read_as": names[int(row.argmax())],
            }
            for drawing, row in zip(view.config.taught, probabilities, strict=True)
        ]
    }


def taught_arrays(view: View) -> Arrays:
    """Return the drawings' pictures, 255 is ink; nothing where there are none."""
    return {"taught_digits": ("u1", _digits(view))} if view.config.taught else {}


def _digits(view: View) -> NDArray[np.uint8]:
    return np.array([np.frombuffer(drawing.digit, np.uint8) for drawing in view.config.taught])
