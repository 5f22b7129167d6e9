"""Which is the paper and which the ink: dark on light, or light on dark."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.resample import Picture

Polarity = Literal["dark on light", "light on dark"]

_BORDER: Final = 1 / 14  # of a side: mostly paper, whatever is written


def polarity_of_picture(darker: Picture) -> Polarity:
    """Tell the polarity of a picture from how much darker than its paper each pixel is.

    Ink is on the side where more differs from the paper (in squares: a stroke counts for
    more than grain).

    Parameters
    ----------
    darker : ndarray of shape (rows, columns)
        Brightness of the paper less that of the pixel.
    """
    dark, light = np.square(darker.clip(min=0)).sum(), np.square(darker.clip(max=0)).sum()
    return "light on dark" if light > dark else "dark on light"


def polarity_of_drawing(strength: Picture, faintest: float) -> Polarity:
    """Tell the polarity of a drawing on white paper.

    It is light on dark where someone painted the paper and left the digit free: most of the
    drawing and most of its border are ink, and something is left that is not.

    Parameters
    ----------
    strength : ndarray of shape (rows, columns)
        Darkness, from 0 (white paper) to 1.
    faintest : float
        What differs less from full ink is not left free, but noise.
    """
    painted = strength > 0.5
    if painted.mean() <= 0.5 or painted[border_of(strength.shape)].mean() <= 0.5:
        return "dark on light"
    return "light on dark" if (1.0 - strength).max() >= faintest else "dark on light"


def border_of(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Mark the border of a picture, a fourteenth of each side; shape (rows, columns)."""
    rows, columns = shape
    inside = np.zeros((rows, columns), bool)
    down, across = max(1, round(rows * _BORDER)), max(1, round(columns * _BORDER))
    inside[down:-down, across:-across] = True
    return ~inside
