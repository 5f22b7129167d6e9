"""Nudge a digit: slide, shrink, thicken, turn or invert it, and see what a model still reads.

Softmax regression knows pixels, not shapes: two pixels further down is another picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.resample import box_weights
from softmax_core.errors import UserError
from softmax_core.explain.contrast import check_picture
from softmax_core.limits import (
    MAX_NUDGE_SLIDE,
    MAX_NUDGE_THICKNESS,
    MAX_NUDGE_TILT,
    NUDGE_SCALES,
)
from softmax_core.training.samples import Samples

_CHUNK: Final = 500  # pictures at once, so that they stay in the processor's cache

Pictures = NDArray[np.float32]  # (n, height, width), 0 no ink, 1 full ink


@dataclass(frozen=True)
class Nudge:
    """What is done to a picture; as it stands, nothing.

    Attributes
    ----------
    down, right : float
        Pixels; parts of pixels too.
    scale : float
        About the middle of the picture: 0.5 shrinks to half the size, 2 doubles it.
    thickness : float
        Pixels of ink added on every side of a stroke; negative ones are taken away.
    tilt : float
        Degrees, clockwise about the middle of the picture.
    invert : bool
        Ink becomes paper and paper ink, last of all.
    """

    down: float = 0.0
    right: float = 0.0
    scale: float = 1.0
    thickness: float = 0.0
    tilt: float = 0.0
    invert: bool = False

    def check(self) -> None:
        """Refuse what lies out of range.

        Raises
        ------
        UserError
        """
        ranges = {
            "down": (-MAX_NUDGE_SLIDE, MAX_NUDGE_SLIDE),
            "right": (-MAX_NUDGE_SLIDE, MAX_NUDGE_SLIDE),
            "scale": NUDGE_SCALES,
            "thickness": (-MAX_NUDGE_THICKNESS, MAX_NUDGE_THICKNESS),
            "tilt": (-MAX_NUDGE_TILT, MAX_NUDGE_TILT),
        }
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise UserError(
                    "nudge-range",
                    f"A nudge's {name} goes from {low:g} to {high:g}; {value:g} was asked for.",
                )


def nudged(images: NDArray[Any], image_shape: tuple[int, int], nudge: Nudge) -> NDArray[Any]:
    """Return pictures as a nudge leaves them; what slides over the edge is lost.

    Thickness first, then tilt, then size and place, at last the inversion.

    Parameters
    ----------
    images : ndarray of shape (n, n_features)
        uint8 with ink 255, or floats with ink 1.
    image_shape : tuple of int
        (height, width) with height * width = n_features.
    nudge : Nudge

    Returns
    -------
    ndarray of the same shape and dtype
        A new array, also when nothing is done.

    Raises
    ------
    UserError
        If the shape does not fit or the nudge is out of range.
    """
    nudge.check()
    check_picture(images.shape[1], image_shape)
    full = 255 if images.dtype == np.uint8 else 1
    steps = _steps(image_shape, nudge)
    out = np.empty_like(images)
    for start in range(0, len(images), _CHUNK):
        rows = images[start : start + _CHUNK]
        pictures = rows.reshape(-1, *image_shape).astype(np.float32) / np.float32(full)
        for step in steps:
            pictures = step(pictures)
        values = pictures.reshape(rows.shape) * np.float32(full)
        out[start : start + _CHUNK] = np.rint(values).clip(0, 255) if full == 255 else values
    return out


def nudged_samples(samples: Samples, image_shape: tuple[int, int], nudge: Nudge) -> Samples:
    """Return a whole set as a nudge leaves it, to be evaluated like any other."""
    return Samples(nudged(samples.images, image_shape, nudge), samples.labels)


def _steps(image_shape: tuple[int, int], nudge: Nudge) -> list[Callable[[Pictures], Pictures]]:
    """List what there is to do; each step takes pictures and returns new ones."""
    steps: list[Callable[[Pictures], Pictures]] = []
    if nudge.thickness:
        steps.append(lambda pictures: _thickened(pictures, nudge.thickness))
    if nudge.tilt % 360:
        turn = _turning(image_shape, nudge.tilt)
        steps.append(turn)
    if nudge.scale != 1 or nudge.down or nudge.right:
        steps.append(_placing(image_shape, nudge))
    if nudge.invert:
        steps.append(lambda pictures: 1 - pictures)
    return steps


def _thickened(pictures: Pictures, thickness: float) -> Pictures:
    """Let every pixel become the most (or least) ink of it and its four neighbours.

    Once for every pixel of thickness; a part of a pixel mixes both pictures by this part.
    """
    extreme = np.maximum if thickness > 0 else np.minimum
    whole, part = divmod(abs(thickness), 1)
    for _ in range(int(whole)):
        pictures = reduce(extreme, _neighbours(pictures))
    if part:
        further = reduce(extreme, _neighbours(pictures))
        pictures = pictures + np.float32(part) * (further - pictures)
    return pictures


def _neighbours(pictures: Pictures) -> list[Pictures]:
    """Return the pictures and their four shifts by one pixel; outside there is no ink."""
    framed = np.pad(pictures, ((0, 0), (1, 1), (1, 1)))
    _n, height, width = pictures.shape
    corners = [(1, 1), (0, 1), (2, 1), (1, 0), (1, 2)]
    return [framed[:, r : r + height, c : c + width] for r, c in corners]


def _placing(image_shape: tuple[int, int], nudge: Nudge) -> Callable[[Pictures], Pictures]:
    """Scale and slide at once: each new pixel is the mean of the area it covers."""
    (height, width), scale = image_shape, nudge.scale
    down = box_weights(height, height, scale, (1 - scale) * height / 2 + nudge.down)
    across = box_weights(width, width, scale, (1 - scale) * width / 2 + nudge.right)
    rows, columns = down.astype(np.float32), across.T.astype(np.float32)
    return lambda pictures: rows @ (pictures @ columns)


def _turning(image_shape: tuple[int, int], tilt: float) -> Callable[[Pictures], Pictures]:
    """Turn about the middle; each new pixel is mixed from the four around where it came from."""
    height, width = image_shape
    row, column = np.indices(image_shape).reshape(2, -1)
    y, x = row - (height - 1) / 2, column - (width - 1) / 2
    cosine, sine = math.cos(math.radians(tilt)), math.sin(math.radians(tilt))
    from_row = cosine * y - sine * x + (height - 1) / 2
    from_column = sine * y + cosine * x + (width - 1) / 2
    # As a matrix, at most four entries a column: one product turns a whole chunk.
    turn = np.zeros((height * width, height * width), np.float32)
    for down in (0, 1):
        for right in (0, 1):
            r, c = np.floor(from_row) + down, np.floor(from_column) + right
            share = (1 - np.abs(from_row - r)) * (1 - np.abs(from_column - c))
            inside = (r >= 0) & (r < height) & (c >= 0) & (c < width)
            source = (r * width + c)[inside].astype(np.intp)
            np.add.at(turn, (source, np.flatnonzero(inside)), share[inside])
    return lambda pictures: (pictures.reshape(len(pictures), -1) @ turn).reshape(pictures.shape)
