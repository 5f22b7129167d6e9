"""What is odd about a drawing, in one plain sentence, before a model misreads it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import numpy as np

from softmax_core.data.ink import Ink, crop_to_ink, ink_strength
from softmax_core.data.polarity import polarity_of_drawing
from softmax_core.data.resample import Picture
from softmax_core.data.slant import FAINTEST_INK

_DOT: Final = 1 / 7  # of the canvas: twice the pen's width
_FULL_BOX: Final = 0.8  # of the box around the ink; a bold "1" is no scribble, it is narrow
_LEAST_GAP: Final = 1 / 14  # of the canvas, between two digits side by side


class InkRemark(StrEnum):
    """The remarks; ``name`` is the short code, the value (the string itself) the sentence."""

    EMPTY = "There is nothing to read yet: draw a digit from 0 to 9 with mouse, pen or finger."
    FAINT = "This ink is too faint to read and is taken for dust. Draw with a darker pen."
    DOT = (
        "This is no more than a dot. Every drawing is enlarged until it fills the picture, so a "
        "dot becomes a blob that is no digit. Draw larger."
    )
    SCRIBBLE = (
        "Nearly everything is inked, so there is no shape left to read; the model names a digit "
        "all the same. Clear the canvas and draw one digit."
    )
    LIGHT_ON_DARK = (
        "Most of the canvas is inked, so what you left free is read as the digit, light on dark."
    )
    BORDER = (
        "The ink touches the edge of the canvas. What lies beyond the edge is missing: if a part "
        "was cut off, draw a little smaller."
    )
    SIDE_BY_SIDE = (
        "There are parts side by side, and together they are read as one digit. Draw one digit "
        "at a time."
    )


def ink_remark(ink: Ink) -> InkRemark | None:
    """Say what is odd about a drawing; None when all is well.

    Parameters
    ----------
    ink : ndarray of shape (rows, columns), uint8 (255 is ink) or float (1 is ink)

    Returns
    -------
    InkRemark or None
        A string that is a whole sentence, and that has the code as its ``name``. Of several
        remarks that fit, the first in the order of `InkRemark`.

    Raises
    ------
    UserError
        If `ink` is not a picture of numbers.
    """
    drawn = ink_strength(ink)
    box = crop_to_ink(drawn)
    if box is None:
        return InkRemark.FAINT if drawn.max() > FAINTEST_INK / 2 else InkRemark.EMPTY
    if max(box.shape) <= _DOT * max(drawn.shape):
        return InkRemark.DOT
    if polarity_of_drawing(drawn, FAINTEST_INK) == "light on dark":
        return InkRemark.LIGHT_ON_DARK
    if _is_filled(box):
        return InkRemark.SCRIBBLE
    if _touches_edge(drawn):
        return InkRemark.BORDER
    return InkRemark.SIDE_BY_SIDE if _is_side_by_side(box, drawn.shape[1]) else None


def _is_filled(box: Picture) -> bool:
    """Tell whether a box is nearly full of ink and too broad for a "1"."""
    return bool(box.mean() > _FULL_BOX and max(box.shape) < 3 * min(box.shape))


def _touches_edge(drawn: Picture) -> bool:
    edge = np.concatenate([drawn[0], drawn[-1], drawn[:, 0], drawn[:, -1]])
    return bool((edge >= FAINTEST_INK).any())


def _is_side_by_side(box: Picture, columns: int) -> bool:
    """Tell whether empty columns, from top to bottom, part the ink."""
    inked = np.flatnonzero(box.any(axis=0))
    return bool(len(inked) > 1 and np.diff(inked).max() > _LEAST_GAP * columns)
