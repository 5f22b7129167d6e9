"""Move and scale a picture exactly: each new pixel is the mean of the area it covers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float64]


def box_weights(n_in: int, n_out: int, scale: float, offset: float) -> Picture:
    """Give the share of every old pixel in every new one, along one axis.

    Old pixel j covers the interval [j, j + 1], which comes to lie at
    [offset + scale j, offset + scale (j + 1)]. New pixel i is the mean of what
    lies in [i, i + 1]; nothing (0) lies outside of the old picture:

        weights[i, j] = length of [i, i + 1] within old pixel j's new interval

    Parameters
    ----------
    n_in, n_out : int
        Old and new number of pixels.
    scale : float
        New pixels per old pixel, greater than 0.
    offset : float
        Where the old picture's edge comes to lie, in new pixels.

    Returns
    -------
    ndarray of shape (n_out, n_in)
        Rows that lie wholly inside sum to 1, columns wholly inside to `scale`.
    """
    old_edges = offset + scale * np.arange(n_in + 1)
    new_edges = np.arange(n_out + 1.0)
    start = np.maximum(new_edges[:-1, None], old_edges[:-1])
    end = np.minimum(new_edges[1:, None], old_edges[1:])
    weights: Picture = np.maximum(end - start, 0.0)
    return weights


def box_weights_of_many(
    n_in: int, n_out: int, scale: NDArray[np.float64], offset: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give `box_weights` of many pictures at once; scale and offset have the shape (n,).

    Returns
    -------
    ndarray of shape (n, n_out, n_in)
    """
    old_edges = offset[:, None] + scale[:, None] * np.arange(n_in + 1)
    new_edges = np.arange(n_out + 1.0)
    start = np.maximum(new_edges[None, :-1, None], old_edges[:, None, :-1])
    end = np.minimum(new_edges[None, 1:, None], old_edges[:, None, 1:])
    weights: NDArray[np.float64] = np.maximum(end - start, 0.0)
    return weights


def resample(
    picture: Picture,
    shape: tuple[int, int],
    scale: tuple[float, float],
    offset: tuple[float, float],
) -> Picture:
    """Scale and move a picture into a frame of another shape, by exact area averages.

    Parameters
    ----------
    picture : ndarray of shape (rows, columns)
    shape : tuple of int
        Rows and columns of the frame; what falls outside is lost.
    scale, offset : tuple of float
        For rows and for columns, as in `box_weights`.
    """
    down = box_weights(picture.shape[0], shape[0], scale[0], offset[0])
    across = box_weights(picture.shape[1], shape[1], scale[1], offset[1])
    moved: Picture = down @ picture @ across.T
    return moved


def shrink(picture: Picture, shape: tuple[int, int]) -> Picture:
    """Fit the whole picture into another shape, each axis by its own scale."""
    scale = (shape[0] / picture.shape[0], shape[1] / picture.shape[1])
    return resample(picture, shape, scale, (0.0, 0.0))


def centre_of_mass(picture: Picture) -> tuple[float, float]:
    """Give the centre of mass (row, column); the middle of the first pixel is (0, 0).

    The picture must not be empty (all 0).
    """
    by_row, by_column = picture.sum(axis=1), picture.sum(axis=0)
    total = by_row.sum()
    row = by_row @ np.arange(len(by_row)) / total
    column = by_column @ np.arange(len(by_column)) / total
    return float(row), float(column)
