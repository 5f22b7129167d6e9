"""Pictures of 8 x 8 pixels as the data set `digits` has them: ink counted in blocks.

Its makers had NIST's programs scale every scanned digit to a bitmap of 32 x 32 dots,
32 high and 20 wide, and thicken or thin the strokes to a like amount of ink; a
pixel is the number of inked dots in a block of 4 x 4. Sources: E. Alpaydin and
C. Kaynak, Optical Recognition of Handwritten Digits (UCI); M. D. Garris et al.,
NIST Form-Based Handprint Recognition System, NISTIR 5469 (1994).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.resample import Picture, resample

_SIDE: Final = 32  # dots
_WIDTH: Final = 20
_BLOCK: Final = 4
_MOST_WIDENING: Final = 1.5  # a "1" must not become a bar
_LEAST_INK: Final = 0.25  # of all dots; the data set's pictures have 0.31 on average


def count_blocks(box: Picture) -> Picture:
    """Make a cropped drawing into a picture of 8 x 8.

    Parameters
    ----------
    box : ndarray of shape (rows, columns)
        Ink from 0 to 1, its box touching all four edges, not empty.

    Returns
    -------
    ndarray of shape (8, 8)
        The share of inked dots in each block: 0, 1/16, ..., 1.
    """
    dots = _thicken(_bitmap(box))
    n_blocks = _SIDE // _BLOCK
    shares: Picture = dots.reshape(n_blocks, _BLOCK, n_blocks, _BLOCK).mean(axis=(1, 3))
    return shares


def _bitmap(box: Picture) -> NDArray[np.bool_]:
    """Scale to 32 high and at most 20 wide, in the middle; half the darkest ink is a dot."""
    height, width = box.shape
    down = _SIDE / height
    across = min(_WIDTH / width, _MOST_WIDENING * down)
    offset = (0.0, (_SIDE - across * width) / 2)
    grey = resample(box, (_SIDE, _SIDE), (down, across), offset)
    return np.asarray(grey >= grey.max() / 2)


def _thicken(dots: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Let strokes grow by a dot to all four sides until there is ink enough."""
    while dots.mean() < _LEAST_INK:
        padded = np.pad(dots, 1)
        dots = (
            padded[1:-1, 1:-1]
            | padded[:-2, 1:-1]
            | padded[2:, 1:-1]
            | padded[1:-1, :-2]
            | padded[1:-1, 2:]
        )
    return dots
