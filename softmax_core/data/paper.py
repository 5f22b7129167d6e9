"""Find the paper in a picture, and what is written on it."""

from __future__ import annotations

from typing import Final

import numpy as np

from softmax_core.data.polarity import border_of, polarity_of_picture
from softmax_core.data.resample import Picture
from softmax_core.errors import UserError
from softmax_core.limits import MIN_PICTURE_CONTRAST

_FAINTEST: Final = 0.1  # of the strongest ink
_NOISE_WIDTHS: Final = 4.0  # grain of the paper, in standard deviations
_MAD_TO_SIGMA: Final = 1.4826  # for normally distributed grain


def picture_to_ink(grey: Picture) -> Picture:
    """Tell ink from paper, whichever of them is the darker.

    The paper's brightness is a plane fitted to the picture's border (a photograph
    is rarely lit evenly); ink is what differs from it, on the side where more
    differs. The strongest ink becomes 1, and what is fainter than a tenth of that
    or than the grain of the paper becomes 0.

    Parameters
    ----------
    grey : ndarray of shape (rows, columns)
        From 0 (black) to 1 (white).

    Returns
    -------
    ndarray of shape (rows, columns)
        From 0 (paper) to 1 (ink).

    Raises
    ------
    UserError
        If nothing is written on the paper.
    """
    paper, noise = _paper(grey)
    darker = paper - grey
    ink = darker if polarity_of_picture(darker) == "dark on light" else -darker
    strongest = _strongest(ink, max(MIN_PICTURE_CONTRAST, _NOISE_WIDTHS * noise))
    if strongest is None:
        raise UserError(
            "picture-blank",
            "The picture is blank: nothing in it stands out from its background. Take one with "
            "a clear digit. Your drawing is still here.",
        )
    faintest = max(_FAINTEST * strongest, _NOISE_WIDTHS * noise)
    return np.clip((ink - faintest) / (strongest - faintest), 0.0, 1.0)


def _paper(grey: Picture) -> tuple[Picture, float]:
    """Fit a plane to the border, twice: the second time without the ink that touches it.

    Returns the paper's brightness at every pixel, and the spread of its grain.
    """
    rows, columns = grey.shape
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    design = np.stack([np.ones_like(x), y, x], axis=-1)
    border = border_of(grey.shape)
    points, values = design[border], grey[border]
    keep = np.abs(values - np.median(values)) <= MIN_PICTURE_CONTRAST + _spread(values)
    for _ in range(2):
        plane = np.linalg.lstsq(points[keep], values[keep], rcond=None)[0]
        errors = values - points @ plane
        noise = _spread(errors)
        keep = np.abs(errors - np.median(errors)) <= 2.5 * noise + 1e-3
    paper: Picture = design @ plane
    return paper, noise


def _spread(values: Picture) -> float:
    """Estimate a standard deviation that a few far values do not change."""
    return float(_MAD_TO_SIGMA * np.median(np.abs(values - np.median(values))))


def _strongest(ink: Picture, least: float) -> float | None:
    """Give the strength of full ink: high among what stands out, but not a single spark."""
    written = ink[ink > least]
    return float(np.quantile(written, 0.9)) if len(written) else None
