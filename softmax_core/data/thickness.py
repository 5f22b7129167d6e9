"""How thick strokes are, and thin ones made as thick as the thinnest that a model has learnt."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.resample import Picture
from softmax_core.data.slant import Numbers, Pictures

_MOST_ROUNDS: Final = 8  # a round adds two pixels of the drawing


def thickness(pictures: Pictures) -> Numbers:
    """Measure the strokes of each picture, in pixels.

    A stroke of length l and thickness w has an area of l w, and with a pixel taken off at
    either side l (w - 2), so that ``w = 2 * area / (area - area left)``.

    Parameters
    ----------
    pictures : ndarray of shape (n, rows, columns)
        From 0 (paper) to 1 (ink).

    Returns
    -------
    ndarray of shape (n,)
        At most that of the thinnest rim, 2 pixels, where nothing is left; 0 without ink.
    """
    area = pictures.sum(axis=(1, 2))
    left = lightest_near(pictures).sum(axis=(1, 2))
    measured: Numbers = 2.0 * area / np.maximum(area - left, 1e-9)
    return measured


def thickened(box: Picture, least: float) -> Picture:
    """Let strokes thinner than a share of the drawing's longer side grow to it.

    Parameters
    ----------
    box : ndarray of shape (rows, columns)
        Ink from 0 to 1, its box touching all four edges, not empty.
    least : float
        The least thickness, as a share of the longer side.

    Returns
    -------
    ndarray of shape (rows or more, columns or more)
        The same box where its strokes are thick enough.
    """
    for _ in range(_MOST_ROUNDS):
        now = _share(box)
        if now >= least:
            break
        room = np.pad(box, 1)
        grown = darkest_near(room[None])[0]
        then = _share(grown)
        part = min(1.0, (least - now) / (then - now)) if then > now else 1.0
        box = room + part * (grown - room)
        if part < 1.0:
            break
    return box


def darkest_near(pictures: Pictures) -> Pictures:
    """Give each pixel the value of the darkest among itself and its four neighbours."""
    darkest: Pictures = np.maximum.reduce(_with_neighbours(pictures))
    return darkest


def lightest_near(pictures: Pictures) -> Pictures:
    """Give each pixel the value of the lightest among itself and its four neighbours."""
    lightest: Pictures = np.minimum.reduce(_with_neighbours(pictures))
    return lightest


def _with_neighbours(pictures: Pictures) -> tuple[NDArray[np.float64], ...]:
    """Give the pictures, and them shifted by a pixel each way; beyond the edge is paper."""
    padded = np.pad(pictures, ((0, 0), (1, 1), (1, 1)))
    return (
        pictures,
        padded[:, :-2, 1:-1],
        padded[:, 2:, 1:-1],
        padded[:, 1:-1, :-2],
        padded[:, 1:-1, 2:],
    )


def _share(box: Picture) -> float:
    return float(thickness(box[None])[0] / max(box.shape))
