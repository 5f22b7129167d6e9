"""What a frame holds of how a run moves: its edge, its gradients, its updates, and its story."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.service import View
from softmax_core.training.edge import has_edge
from ui.live.story import Told

_BEYOND: Final = 1e30

Arrays = dict[str, tuple[str, NDArray[Any]]]


def dynamics_header(view: View, told: Told | None) -> dict[str, Any]:
    """Return the edge of the weights shown, and what the narrator says.

    ``edge`` is null while it is not known, and where the loss curves upwards nowhere.
    """
    edge = view.edge
    return {
        "has_edge": has_edge(view.config),
        "edge": edge if edge is not None and math.isfinite(edge) else None,
        "edge_flat": edge == math.inf,
        "narration": told.text if told else "",
        "narration_kinds": list(told.kinds) if told else [],
        "kept_version": view.kept_version,
    }


def dynamics_arrays(view: View) -> Arrays:
    """Return each step's largest gradient and its rate, and what was measured at some steps."""
    edges, ratios = view.edges, view.ratios
    return {
        "curve_norm": ("f4", view.curve.gradient_norm),
        "curve_rate": ("f4", view.curve.learning_rate),
        "edge_step": ("u4", edges.steps),
        "edge_rate": ("f4", _drawable(edges.values)),
        "ratio_step": ("u4", ratios.steps),
        "ratio": ("f4", _drawable(ratios.values)),
    }


def _drawable(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn what is beyond any chart into gaps; some would not fit into fewer digits either."""
    return np.where(values < _BEYOND, values, np.nan)
