"""Slanted digits made upright, and all of them of like spread: many pictures at once.

The shear is that which makes the ink's rows and columns uncorrelated; height and width
are then measured by how far the ink spreads, not by its outermost pixel, so that a long
tail no longer shrinks the rest, and narrow digits are widened some. Source: C.-L. Liu,
K. Nakashima, H. Sako, H. Fujisawa, Handwritten digit recognition: investigation of
normalization and feature extraction techniques, Pattern Recognition 37 (2004), where it
is called moment normalization with the square root of the aspect ratio.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.dataset import Bytes
from softmax_core.data.resample import box_weights_of_many

Pictures = NDArray[np.float64]  # (n, rows, columns), 0 paper to 1 ink
Numbers = NDArray[np.float64]  # (n,)

FAINTEST_INK: Final = 0.06  # of full ink; anything fainter is noise, not a stroke
DIGIT_IN_PICTURE: Final = 20 / 28  # MNIST's digits fill 20 of 28 pixels

_SPREADS_IN_SIDE: Final = 4.0  # a digit is about as long as four standard deviations of its ink
_LEAST_VARIANCE: Final = 1 / 12  # of a single pixel's own width
_MOST_SHEAR: Final = 1.0  # columns a row: 45 degrees; beyond, it is no slant but another shape
_CENTRING_ROUNDS: Final = 2
_AT_ONCE: Final = 1_000  # pictures; bounds the memory taken


class Moments(NamedTuple):
    """Where the ink of each picture is, and how far it spreads."""

    row: Numbers
    column: Numbers
    row_variance: Numbers
    covariance: Numbers
    column_variance: Numbers


def upright(images: Bytes, image_shape: tuple[int, int] = (28, 28)) -> Bytes:
    """Make the pictures of a data set upright, as drawings are for a model trained on them.

    Parameters
    ----------
    images : ndarray of shape (n, rows * columns), uint8
    image_shape : tuple of int
        Rows and columns.

    Returns
    -------
    ndarray of the same shape, uint8
        A picture without ink stays as it is.
    """
    made = np.zeros_like(images)
    for start in range(0, len(images), _AT_ONCE):
        some = images[start : start + _AT_ONCE].reshape(-1, *image_shape)
        digits = even_spread(without_slant(some / 255.0), image_shape)
        made[start : start + _AT_ONCE] = np.round(digits * 255.0).reshape(len(some), -1)
    return made


def without_slant(pictures: Pictures) -> Pictures:
    """Shift every row so that the ink's rows and columns become uncorrelated.

    With the variance of rows v and the covariance c, row y moves by ``-c / v`` columns for
    each row below the centre. The pictures grow to both sides so that nothing is lost, and
    ink fainter than `FAINTEST_INK` goes first.

    Parameters
    ----------
    pictures : ndarray of shape (n, rows, columns)

    Returns
    -------
    ndarray of shape (n, rows, columns + 2 * rows)
    """
    n, rows, columns = pictures.shape
    clean = np.where(pictures < FAINTEST_INK, 0.0, pictures)
    found = moments(clean)
    shear = np.clip(-found.covariance / found.row_variance, -_MOST_SHEAR, _MOST_SHEAR)
    shift = rows + shear[:, None] * (np.arange(rows) - found.row[:, None])
    whole = np.floor(shift).astype(np.intp)
    rest = (shift - whole)[..., None]
    wide = np.zeros((n, rows, columns + 2 * rows + 1))
    at = whole[..., None] + np.arange(columns)
    np.put_along_axis(wide, at, clean * (1.0 - rest), axis=2)
    spill = np.zeros_like(wide)
    np.put_along_axis(spill, at + 1, clean * rest, axis=2)
    sheared: Pictures = (wide + spill)[..., :-1]
    return sheared


def even_spread(pictures: Pictures, image_shape: tuple[int, int]) -> Pictures:
    """Scale the spread of the ink to 20/28 of a picture, its centre of mass in the middle.

    Of four standard deviations down and four across, the longer becomes the 20/28; the
    shorter, r times as long, becomes ``sqrt(r)`` of it.

    Parameters
    ----------
    pictures : ndarray of shape (n, any rows, any columns)
    image_shape : tuple of int

    Returns
    -------
    ndarray of shape (n, *image_shape)
        From 0 to 1.
    """
    found = moments(pictures)
    spread = _SPREADS_IN_SIDE * np.sqrt([found.row_variance, found.column_variance])
    longer = spread.max(axis=0)
    target = DIGIT_IN_PICTURE * np.array(image_shape)[:, None] * np.sqrt(spread / longer)
    return placed(pictures, target / spread, image_shape)


def placed(
    pictures: Pictures, scale: NDArray[np.float64], image_shape: tuple[int, int]
) -> Pictures:
    """Scale each picture by area averages and put its centre of mass in the middle.

    Parameters
    ----------
    pictures : ndarray of shape (n, any rows, any columns)
    scale : ndarray of shape (2, n)
        New pixels per old pixel, down and across.
    image_shape : tuple of int

    Returns
    -------
    ndarray of shape (n, *image_shape)
        From 0 to 1; the middle is that of pixel (rows // 2, columns // 2).
    """
    middle = np.array([[image_shape[0] // 2], [image_shape[1] // 2]])
    found = moments(pictures)
    offset = middle + 0.5 - scale * (np.array([found.row, found.column]) + 0.5)
    for _ in range(_CENTRING_ROUNDS + 1):
        # Area averages move the centre by some hundredths of a pixel: put it back.
        down = box_weights_of_many(pictures.shape[1], image_shape[0], scale[0], offset[0])
        across = box_weights_of_many(pictures.shape[2], image_shape[1], scale[1], offset[1])
        digits = down @ pictures @ across.transpose(0, 2, 1)
        now = moments(digits)
        has_ink = digits.any(axis=(1, 2))
        offset = offset + np.where(has_ink, middle - np.array([now.row, now.column]), 0.0)
    return np.clip(digits, 0.0, 1.0)


def moments(pictures: Pictures) -> Moments:
    """Measure the ink of each picture; without ink, as if it were one pixel at (0, 0)."""
    y, x = np.arange(pictures.shape[1]), np.arange(pictures.shape[2])
    by_row, by_column = pictures.sum(axis=2), pictures.sum(axis=1)
    total = by_row.sum(axis=1)
    total = np.where(total > 0, total, 1.0)
    row, column = by_row @ y / total, by_column @ x / total
    return Moments(
        row,
        column,
        np.maximum(by_row @ (y * y) / total - row**2, _LEAST_VARIANCE),
        ((pictures @ x) @ y) / total - row * column,
        np.maximum(by_column @ (x * x) / total - column**2, _LEAST_VARIANCE),
    )
