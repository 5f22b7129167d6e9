"""Pictures as another hand might have written them: turned, bent, thicker or thinner.

Smooth random bending of training pictures: P. Simard, D. Steinkraus, J. Platt, Best practices
for convolutional neural networks applied to visual document analysis (ICDAR 2003).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.dataset import Bytes
from softmax_core.data.thickness import darkest_near, lightest_near

Floats = NDArray[np.float64]

_TURN: Final = 0.1  # radians, standard deviation
_STRETCH: Final = 0.1  # of the logarithm of height and of width, standard deviation
_BEND: Final = 1.0  # pixels, standard deviation at each knot
_KNOTS: Final = 4  # a side, between which the bending is smooth
_MOST_THICKNESS: Final = 0.6  # of the way to each pixel's darkest or lightest neighbour
_AT_ONCE: Final = 2_000  # pictures; bounds the memory taken


def varied(images: Bytes, image_shape: tuple[int, int], seed: int) -> Bytes:
    """Vary every picture a little at random; the same seed gives the same pictures.

    Parameters
    ----------
    images : ndarray of shape (n, rows * columns), uint8
    image_shape : tuple of int
    seed : int

    Returns
    -------
    ndarray of the same shape, uint8
    """
    rng = np.random.default_rng(seed)
    made = np.zeros_like(images)
    for start in range(0, len(images), _AT_ONCE):
        some = images[start : start + _AT_ONCE].reshape(-1, *image_shape).astype(np.float64)
        y, x = _origins(len(some), image_shape, rng)
        new = _thickened(_sampled(some, y, x), rng)
        made[start : start + _AT_ONCE] = np.round(np.clip(new, 0, 255)).reshape(len(some), -1)
    return made


def _origins(n: int, shape: tuple[int, int], rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Say where each new pixel comes from, (row, column), each of shape (n, rows, columns)."""
    turn = rng.normal(0.0, _TURN, (n, 1, 1))
    down, across = np.exp(rng.normal(0.0, _STRETCH, (2, n, 1, 1)))
    rows, columns = (_between_knots(side) for side in shape)
    bends = rng.normal(0.0, _BEND, (2, n, _KNOTS, _KNOTS))
    bend_y, bend_x = (rows @ bend @ columns.T for bend in bends)
    y = (np.arange(shape[0]) - shape[0] // 2)[:, None]
    x = (np.arange(shape[1]) - shape[1] // 2)[None, :]
    from_y = np.cos(turn) * down * y + np.sin(turn) * x + bend_y + shape[0] // 2
    from_x = -np.sin(turn) * y + np.cos(turn) * across * x + bend_x + shape[1] // 2
    return from_y, from_x


def _between_knots(n: int) -> Floats:
    """Weigh the knots for each of n pixels: a raised cosine around every knot."""
    distance = np.abs(np.linspace(0, _KNOTS - 1, n)[:, None] - np.arange(_KNOTS))
    weights: Floats = 0.5 * (1.0 + np.cos(np.pi * np.minimum(distance, 1.0)))
    return weights


def _sampled(pictures: Floats, y: Floats, x: Floats) -> Floats:
    """Take each new pixel from between four old ones; outside, the border goes on."""
    n, rows, columns = pictures.shape
    y, x = np.clip(y, 0, rows - 1.001), np.clip(x, 0, columns - 1.001)
    top, left = y.astype(np.intp), x.astype(np.intp)
    down, across = y - top, x - left
    at = (np.arange(n) * rows * columns)[:, None, None] + top * columns + left
    flat = pictures.ravel()
    above = flat[at] * (1 - across) + flat[at + 1] * across
    below = flat[at + columns] * (1 - across) + flat[at + columns + 1] * across
    new: Floats = above * (1 - down) + below * down
    return new


def _thickened(pictures: Floats, rng: np.random.Generator) -> Floats:
    """Move each picture some way to its darkest neighbours (thicker) or lightest (thinner)."""
    amount = rng.uniform(-_MOST_THICKNESS, _MOST_THICKNESS, (len(pictures), 1, 1))
    thick, thin = darkest_near(pictures), lightest_near(pictures)
    new: Floats = pictures + np.where(
        amount > 0, amount * (thick - pictures), amount * (pictures - thin)
    )
    return new
