"""Why a model says what it says: arrays in, arrays out."""

from __future__ import annotations

from softmax_core.explain.reading import Reading, class_weights, predict_samples, read_digit
from softmax_core.explain.regions import Bounds, Regions, bounds_of, decision_regions

__all__ = [
    "Bounds",
    "Reading",
    "Regions",
    "bounds_of",
    "class_weights",
    "decision_regions",
    "predict_samples",
    "read_digit",
]
