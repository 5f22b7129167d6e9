"""Drawings as the canvas gives their ink."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from softmax_core.data.ink import canvas_to_ink
from softmax_core.limits import CANVAS_SIDE

SEVEN = ((75, 65), (205, 65), (150, 150), (120, 235))
FOUR = ((95, 45), (80, 150), (205, 150), (180, 60), (175, 240))
PEN = 20


def drawn(*strokes: tuple[tuple[int, int], ...]) -> np.ndarray:
    """Draw strokes in canvas pixels with the app's pen; shape (INK_SIDE, INK_SIDE), uint8."""
    picture = Image.new("L", (CANVAS_SIDE, CANVAS_SIDE), 255)
    pen = ImageDraw.Draw(picture)
    for stroke in strokes:
        pen.line(stroke, fill=0, width=PEN, joint="curve")
        for x, y in stroke:
            pen.ellipse([x - PEN / 2, y - PEN / 2, x + PEN / 2, y + PEN / 2], fill=0)
    return canvas_to_ink(np.asarray(picture.convert("RGBA")))
