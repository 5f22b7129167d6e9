"""Why a model says what it says: arrays in, arrays out."""

from __future__ import annotations

from softmax_core.explain.reading import Reading, class_weights, read_digit

__all__ = ["Reading", "class_weights", "read_digit"]
