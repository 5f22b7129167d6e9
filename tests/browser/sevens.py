"""Sevens to draw: of people who wrote them with a pen where the strokes are here, and by hand."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import numpy as np

from softmax_core.limits import CANVAS_SIDE

Stroke = list[tuple[int, int]]  # canvas pixels

BY_HAND: list[Stroke] = [[(78, 70), (130, 64), (203, 66), (170, 120), (140, 178), (124, 236)]]
CROSSED: list[Stroke] = [[(80, 60), (200, 62), (150, 150), (125, 232)], [(105, 150), (185, 146)]]
# Whose sevens are plain. How many of all people's are read is what the drawing benchmark says.
WRITERS = (8, 11, 14, 29)
LENGTH = 180  # canvas pixels: the longer side of a digit


def sevens() -> list[list[Stroke]]:
    """Return two sevens made by hand and, where SOFTMAX_DATA has strokes, four people's."""
    path = Path(os.environ.get("SOFTMAX_DATA", "")) / "strokes" / "pendigits-tra.json.gz"
    if not os.environ.get("SOFTMAX_DATA") or not path.is_file():
        return [BY_HAND, CROSSED]
    digits = json.loads(gzip.decompress(path.read_bytes()))["digits"]
    first = {
        writer: next(d for d in digits if (d["label"], d["writer"]) == (7, writer))
        for writer in WRITERS
    }
    return [BY_HAND, CROSSED, *(_on_canvas(digit["strokes"]) for digit in first.values())]


def _on_canvas(strokes: list[list[list[int]]]) -> list[Stroke]:
    """Place a digit in the middle of the canvas, as large as people draw."""
    points = np.array([point for stroke in strokes for point in stroke], dtype=float)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = LENGTH / (high - low).max()
    placed = [(np.array(stroke) - (low + high) / 2) * scale + CANVAS_SIDE / 2 for stroke in strokes]
    return [[(round(x), round(y)) for x, y in stroke] for stroke in placed]
