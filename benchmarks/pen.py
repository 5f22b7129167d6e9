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
_LENGTHS: Final = (120.0, 240.0)  # of digits drawn anywhere: as likely small as large
_ASIDE: Final = 20.0  # canvas pixels off the middle, each way; standard deviation
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


class Place(NamedTuple):
    """How large a digit is drawn on the canvas, and how far from its middle; canvas pixels."""

    length: float = _LENGTH
    right: float = 0.0
    down: float = 0.0


MIDDLE: Final = Place()


def anywhere(n: int, seed: int) -> list[Place]:
    """Draw a size and a place at random for each of n digits."""
    rng = np.random.default_rng(seed)
    lengths, aside = rng.uniform(*_LENGTHS, n), rng.normal(0.0, _ASIDE, (n, 2))
    return [Place(float(a), float(b), float(c)) for a, (b, c) in zip(lengths, aside, strict=True)]


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


def replay(strokes: list[list[list[int]]], pen_width: int, place: Place) -> NDArray[np.uint8]:
    """Draw one digit on the canvas with a round pen and give its ink.

    A digit that would reach beyond the canvas is moved back, as a hand stays on it.
    """
    points = np.array([point for stroke in strokes for point in stroke], dtype=np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = place.length / 1000
    room = np.maximum(0.0, (CANVAS_SIDE - pen_width - scale * (high - low)) / 2)
    aside = np.clip([place.right, place.down], -room, room)
    side, radius = CANVAS_SIDE * _FINER, pen_width * _FINER / 2
    picture = Image.new("L", (side, side), 255)
    draw: Any = ImageDraw.Draw(picture)
    for stroke in strokes:
        path = side / 2 + _FINER * (aside + scale * (np.array(stroke) - (low + high) / 2))
        line = [(float(x), float(y)) for x, y in path]
        if len(line) > 1:
            draw.line(line, fill=0, width=pen_width * _FINER)
        for x, y in line:
            draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=0)
    small = picture.resize((CANVAS_SIDE, CANVAS_SIDE), Image.Resampling.BOX)
    return canvas_to_ink(np.asarray(small.convert("RGBA")))
