"""Digits as many schools in Europe teach them: a 1 with an upstroke, a crossed 7, a hooked 9.

MNIST's writers were Americans, and few of its digits have these shapes; a model that knows no
others reads the 1 as a 7, the 7 as a 2 and the 9 as a 3 or a 5. Here the missing stroke is
added to pictures that exist, as thick as the strokes that are there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.dataset import Bytes
from softmax_core.data.slant import Numbers, Pictures, moments
from softmax_core.data.thickness import thickness

__all__ = ["EUROPEAN", "european"]

_Paths = NDArray[np.float64]  # (n, points, 2): rows and columns
_INKED: Final = 0.5
_POINTS: Final = 6  # of a curve
_AT_ONCE: Final = 1_000  # pictures; bounds the memory taken


def european(images: Bytes, digit: int, image_shape: tuple[int, int], seed: int) -> Bytes:
    """Add to each picture of one digit the stroke that makes it European.

    Lengths, angles and places are drawn at random; the same seed gives the same pictures.

    Parameters
    ----------
    images : ndarray of shape (n, rows * columns), uint8
        Pictures of that digit, not blank.
    digit : int
        A key of `EUROPEAN`.
    image_shape : tuple of int
    seed : int

    Returns
    -------
    ndarray of the same shape, uint8
    """
    rng = np.random.default_rng([seed, digit])
    made = np.zeros_like(images)
    for start in range(0, len(images), _AT_ONCE):
        some = images[start : start + _AT_ONCE].reshape(-1, *image_shape) / 255.0
        new = _drawn(some, EUROPEAN[digit](some, rng))
        made[start : start + _AT_ONCE] = np.round(new * 255.0).reshape(len(some), -1)
    return made


def _upstroke(pictures: Pictures, rng: np.random.Generator) -> _Paths:
    """Run from a 1's upper end down to the left, 20 to 65 degrees away from its stem."""
    n, found = len(pictures), moments(pictures)
    top, bottom = _ends(pictures)
    column = _ink_column(pictures, top)
    stem = np.arctan(-found.covariance / found.row_variance)
    angle = stem + rng.uniform(np.radians(20), np.radians(65), n)
    longest = np.maximum(column - 1, 0) / np.maximum(np.sin(angle), 0.1)  # to the left edge
    length = np.minimum(rng.uniform(0.25, 0.85, n) * (bottom - top), longest)
    start = np.stack([top + 0.5, column], axis=-1)
    end = start + np.stack([length * np.cos(angle), -length * np.sin(angle)], axis=-1)
    bend = rng.normal(0.0, 0.05, (n, 2)) * length[:, None]
    return np.stack([start, (start + end) / 2 + bend, end], axis=1)


def _bar(pictures: Pictures, rng: np.random.Generator) -> _Paths:
    """Cross a 7's stem about half way down."""
    n = len(pictures)
    top, bottom = _ends(pictures)
    row = np.round(top + rng.uniform(0.42, 0.68, n) * (bottom - top))
    column, tilt = _ink_column(pictures, row), rng.normal(0.1, 0.15, n)
    side = pictures.shape[2] / 28
    left, right = side * rng.uniform(2.5, 6.5, n), side * rng.uniform(2.0, 5.0, n)
    start = np.stack([row + tilt * left, column - left], axis=-1)
    return np.stack([start, np.stack([row - tilt * right, column + right], axis=-1)], axis=1)


def _hook(pictures: Pictures, rng: np.random.Generator) -> _Paths:
    """Let a 9's foot curve to the left (a quadratic Bézier curve)."""
    n = len(pictures)
    top, bottom = _ends(pictures)
    column, height = _ink_column(pictures, bottom), bottom - top
    length, depth = rng.uniform(0.25, 0.75, n) * height, rng.uniform(0.0, 0.2, n) * height
    rise = rng.uniform(-0.05, 0.25, n) * height
    start = np.stack([bottom - 0.5, column], axis=-1)
    pull = np.stack([bottom + 1.2 * depth, column - 0.3 * length], axis=-1)
    end = np.stack([bottom + depth - rise, column - length], axis=-1)
    t = np.linspace(0.0, 1.0, _POINTS)[None, :, None]
    first, second, third = (points[:, None] for points in (start, pull, end))
    path: _Paths = (1 - t) ** 2 * first + 2 * t * (1 - t) * second + t**2 * third
    return path


EUROPEAN: Final[dict[int, Callable[[Pictures, np.random.Generator], _Paths]]] = {
    1: _upstroke,
    7: _bar,
    9: _hook,
}


def _ends(pictures: Pictures) -> tuple[Numbers, Numbers]:
    """Find the uppermost and the lowest row with ink."""
    inked: NDArray[np.bool_] = np.any(pictures > _INKED, axis=2)
    top, from_below = inked.argmax(axis=1), inked[:, ::-1].argmax(axis=1)
    return top.astype(np.float64), pictures.shape[1] - 1.0 - from_below


def _ink_column(pictures: Pictures, rows: Numbers) -> Numbers:
    """Find the middle of the ink in one row of each picture."""
    line = pictures[np.arange(len(pictures)), rows.astype(np.intp)]
    middle: Numbers = line @ np.arange(pictures.shape[2]) / np.maximum(line.sum(axis=1), 1e-9)
    return middle


def _drawn(pictures: Pictures, paths: _Paths) -> Pictures:
    """Draw a path into each picture with a round pen as thick as the strokes there."""
    y, x = np.mgrid[: pictures.shape[1], : pictures.shape[2]]
    at = np.stack([y, x], axis=-1)[None]
    nearest = np.full(pictures.shape, np.inf)
    for k in range(paths.shape[1] - 1):
        start, along = paths[:, k, None, None], (paths[:, k + 1] - paths[:, k])[:, None, None]
        share = ((at - start) * along).sum(axis=-1) / np.maximum((along**2).sum(axis=-1), 1e-9)
        foot = start + np.clip(share, 0.0, 1.0)[..., None] * along
        nearest = np.minimum(nearest, np.sqrt(((at - foot) ** 2).sum(axis=-1)))
    radius = thickness(pictures)[:, None, None] / 2.0
    drawn: Pictures = np.maximum(pictures, np.clip(radius + 0.5 - nearest, 0.0, 1.0))
    return drawn
