"""Digits that people wrote with a pen, replayed on the app's canvas."""

from __future__ import annotations

import gzip
import json
import os
import sys
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from softmax_core.data.ink import canvas_to_ink
from softmax_core.limits import CANVAS_SIDE

_LENGTH: Final = 180  # canvas pixels: the longer side of a digit, without the pen's width
_FINER: Final = 3  # drawn so many times larger, then averaged: the browser smooths edges too
_NO_STROKES: Final = (
    "This benchmark needs pen strokes: set SOFTMAX_DATA to a folder that holds "
    "strokes/pendigits-tra.json.gz."
)


class Strokes(NamedTuple):
    """What was written, and by whom."""

    strokes: list[list[list[list[int]]]]
    labels: NDArray[np.uint8]
    writers: NDArray[np.intp]


def pen_digits() -> Strokes:
    """Read all digits; end with status 2 where there are none."""
    path = Path(os.environ.get("SOFTMAX_DATA", "")) / "strokes" / "pendigits-tra.json.gz"
    if not path.is_file():
        print(_NO_STROKES, file=sys.stderr)
        raise SystemExit(2)
    digits = json.loads(gzip.decompress(path.read_bytes()))["digits"]
    return Strokes(
        [digit["strokes"] for digit in digits],
        np.array([digit["label"] for digit in digits], np.uint8),
        np.array([digit["writer"] for digit in digits], np.intp),
    )


def replay(strokes: list[list[list[int]]], pen_width: int) -> NDArray[np.uint8]:
    """Draw one digit in the middle of the canvas with a round pen and give its ink."""
    points = np.array([point for stroke in strokes for point in stroke], dtype=np.float64)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    side, radius = CANVAS_SIDE * _FINER, pen_width * _FINER / 2
    picture = Image.new("L", (side, side), 255)
    draw: Any = ImageDraw.Draw(picture)
    for stroke in strokes:
        path = side / 2 + _FINER * _LENGTH / 1000 * (np.array(stroke) - middle)
        line = [(float(x), float(y)) for x, y in path]
        if len(line) > 1:
            draw.line(line, fill=0, width=pen_width * _FINER)
        for x, y in line:
            draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=0)
    small = picture.resize((CANVAS_SIDE, CANVAS_SIDE), Image.Resampling.BOX)
    return canvas_to_ink(np.asarray(small.convert("RGBA")))
