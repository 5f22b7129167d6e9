"""From a drawing to what a model reads: canvas -> ink -> digit.

The *canvas* is what the browser shows (RGBA), the *ink* is how dark each of its
blocks is (0 paper, 1 or 255 ink), and the *digit* is a picture made the way
the data set's own pictures were made. Softmax regression trained on MNIST reads 8 in
10 drawings when they are made into digits so, and 3 or 4 in 10 when they are merely
shrunk (`naive_digit`).
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.counted_blocks import count_blocks
from softmax_core.data.dataset import Bytes
from softmax_core.data.polarity import Polarity, polarity_of_drawing
from softmax_core.data.resample import Picture, centre_of_mass, resample, shrink
from softmax_core.data.slant import DIGIT_IN_PICTURE, FAINTEST_INK, even_spread, without_slant
from softmax_core.data.thickness import thickened
from softmax_core.errors import UserError
from softmax_core.limits import INK_SIDE

Ink = Bytes | Picture | NDArray[np.float32]

StepName = Literal["drawn", "ink", "crop", "thickened", "upright", "scaled", "centred"]
_CENTRING_ROUNDS: Final = 3
_LEAST_THICKNESS: Final = 0.1  # of the longer side; 19 in 20 of MNIST's digits have 0.11 or more


class InkStep(NamedTuple):
    """One step of a drawing on its way to a digit."""

    name: StepName
    picture: Picture  # 0 (paper) to 1 (ink); of the step "drawn", 1 is dark


class InkSteps(NamedTuple):
    """A drawing on its way to a digit; every picture from 0 (paper) to 1 (ink)."""

    polarity: Polarity
    drawn: Picture  # how dark each block of the canvas is, whichever is the paper
    ink: Picture  # 1 where there is ink, whether it was darker than the paper or lighter
    crop: Picture  # the box around the ink
    thickened: Picture | None  # thin or grey strokes made thicker; None where they were not
    upright: Picture | None  # without slant; None where the model was trained on slanted digits
    scaled: Picture  # in the size of the data set's pictures, the box in the middle
    centred: Picture  # the same, the centre of mass in the middle: what the model reads

    def in_order(self) -> tuple[InkStep, ...]:
        """Give the steps that were taken, the first one first."""
        named = ((name, getattr(self, name)) for name in get_args(StepName))
        return tuple(InkStep(name, picture) for name, picture in named if picture is not None)


def canvas_to_ink(rgba: Bytes, side: int = INK_SIDE) -> Bytes:
    """Measure the darkness of a square canvas, block by block, in whole numbers only.

    A browser script doing the same arithmetic gets identical bytes. With every
    division rounding down (``//``; in JavaScript ``Math.floor(a / b)``):

    1. onto white paper, for c = R, G, B:  ``c = (c * A + 255 * (255 - A) + 127) // 255``
    2. grey:      ``grey = (299 * R + 587 * G + 114 * B + 500) // 1000``
    3. darkness:  ``dark = 255 - grey``
    4. mean of a block of n pixels, rounded half up:  ``ink = (2 * sum(dark) + n) // (2 * n)``

    Parameters
    ----------
    rgba : ndarray of shape (k * side, k * side, 4), uint8
        Black pen on white or transparent paper, not premultiplied.
    side : int
        How many blocks there are in a row.

    Returns
    -------
    ndarray of shape (side, side), uint8
        0 is paper, 255 is ink.

    Raises
    ------
    UserError
        If the canvas is not a whole number of blocks.
    """
    if rgba.ndim != 3 or rgba.shape != (len(rgba), len(rgba), 4) or len(rgba) % side:
        raise UserError(
            "canvas-shape",
            f"The drawing has the shape {rgba.shape}; a square of {side} blocks a side with four "
            "channels is expected. The last good drawing is kept.",
        )
    dark = 255 - _grey(rgba.astype(np.int32))
    k = len(rgba) // side
    sums = dark.reshape(side, k, side, k).sum(axis=(1, 3))
    ink: Bytes = ((2 * sums + k * k) // (2 * k * k)).astype(np.uint8)
    return ink


def ink_to_digit(
    ink: Ink, image_shape: tuple[int, int] = (28, 28), upright: bool = False
) -> Bytes | None:
    """Make a drawing into a picture like those of the data set.

    As MNIST was made (Y. LeCun et al., 1998): the box around the ink is scaled,
    with area averages, until its longer side is 20/28 of the picture's, and placed
    so that its centre of mass lies in the middle of pixel (rows // 2, columns // 2):
    over MNIST's training pictures that centre is (14.0, 14.0), 0.3 to either side.
    Before that, strokes thinner than a tenth of the longer side grow to it: measured on drawings
    with a pen of 4 canvas pixels, a model then reads 96 of 100 instead of 91, and with the
    app's pen as many as before. For 8 x 8 pictures see `softmax_core.data.counted_blocks`.

    Parameters
    ----------
    ink : ndarray of shape (rows, columns), uint8 (255 is ink) or float (1 is ink)
    image_shape : tuple of int
        Rows and columns of the data set's pictures.
    upright : bool
        Whether the slant is removed and the spread evened, as in `softmax_core.data.slant`:
        for a model trained on a data set made so (``DatasetInfo.upright``).

    Returns
    -------
    ndarray of shape image_shape, uint8, or None
        None if there is no ink, or nothing but faint noise.

    Raises
    ------
    UserError
        If `ink` is not a picture of numbers.
    """
    box = crop_to_ink(ink_on_paper(ink_strength(ink)))
    if box is None:
        return None
    if image_shape == (8, 8):
        return to_bytes(count_blocks(box))
    box = thick_enough(box)
    if upright:
        return to_bytes(even_spread(without_slant(box[None]), image_shape)[0])
    return to_bytes(centre_by_mass(box, image_shape))


def ink_steps(
    ink: Ink, image_shape: tuple[int, int] = (28, 28), upright: bool = False
) -> InkSteps | None:
    """Give a picture of each step of `ink_to_digit`; None where that gives None.

    Parameters and errors as `ink_to_digit`. In pictures of 8 x 8 nothing is centred by mass:
    the last two steps are the same there.
    """
    drawn = ink_strength(ink)
    box = crop_to_ink(ink_on_paper(drawn))
    digit = ink_to_digit(ink, image_shape, upright)
    if box is None or digit is None:
        return None
    polarity = polarity_of_drawing(drawn, FAINTEST_INK)
    start, centred = (polarity, drawn, ink_on_paper(drawn), box), digit / 255.0
    if image_shape == (8, 8):
        return InkSteps(*start, None, None, centred, centred)
    thick = thick_enough(box)
    straight = _straightened(thick) if upright else thick
    return InkSteps(
        *start,
        None if np.array_equal(thick, box) else thick,
        straight if upright else None,
        centre_by_box(straight, image_shape),
        centred,
    )


def naive_digit(ink: Ink, image_shape: tuple[int, int] = (28, 28)) -> Bytes:
    """Merely shrink the whole canvas: what most demos do, kept as a lesson."""
    return to_bytes(shrink(ink_strength(ink), image_shape))


def ink_strength(ink: Ink) -> Picture:
    """Give ink as numbers from 0 (paper) to 1 (full ink)."""
    if ink.ndim != 2 or ink.size == 0:
        raise UserError(
            "ink-shape",
            f"A drawing has rows and columns; this one has the shape {ink.shape}. The last good "
            "drawing is kept.",
        )
    strength = np.divide(ink, 255.0 if ink.dtype == np.uint8 else 1.0, dtype=np.float64)
    if not np.isfinite(strength).all():
        raise UserError(
            "ink-not-finite",
            "The drawing holds values that are not numbers. The last good drawing is kept.",
        )
    return np.clip(strength, 0.0, 1.0)


def ink_on_paper(drawn: Picture) -> Picture:
    """Give the ink of a drawing: what is dark, or what was left free in a painted ground."""
    light_on_dark = polarity_of_drawing(drawn, FAINTEST_INK) == "light on dark"
    return 1.0 - drawn if light_on_dark else drawn


def crop_to_ink(strength: Picture) -> Picture | None:
    """Drop noise fainter than `FAINTEST_INK` and cut out the box around the rest, if any."""
    clean = np.where(strength < FAINTEST_INK, 0.0, strength)
    rows, columns = np.flatnonzero(clean.any(axis=1)), np.flatnonzero(clean.any(axis=0))
    if not len(rows):
        return None
    return clean[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def thick_enough(box: Picture) -> Picture:
    """Make grey ink black and thin strokes as thick as those of a thin pen in MNIST."""
    return thickened(box / box.max(), _LEAST_THICKNESS)


def centre_by_mass(box: Picture, image_shape: tuple[int, int]) -> Picture:
    """Scale a box of ink to 20/28 of a picture, its centre of mass in the middle."""
    scale = DIGIT_IN_PICTURE * min(image_shape[0] / box.shape[0], image_shape[1] / box.shape[1])
    target = np.array([image_shape[0] // 2, image_shape[1] // 2])
    offset = target + 0.5 - scale * (np.array(centre_of_mass(box)) + 0.5)
    for _ in range(_CENTRING_ROUNDS):
        # Area averages move the centre by some hundredths of a pixel: put it back.
        digit = resample(box, image_shape, (scale, scale), (offset[0], offset[1]))
        offset = offset + target - centre_of_mass(digit)
    return digit


def centre_by_box(box: Picture, image_shape: tuple[int, int]) -> Picture:
    """Scale a box of ink to 20/28 of a picture, the box itself in the middle."""
    scale = DIGIT_IN_PICTURE * min(image_shape[0] / box.shape[0], image_shape[1] / box.shape[1])
    offset = [(n - scale * m) / 2 for n, m in zip(image_shape, box.shape, strict=True)]
    return resample(box, image_shape, (scale, scale), (offset[0], offset[1]))


def to_bytes(picture: Picture) -> Bytes:
    """Give ink from 0 to 1 as bytes, 255 for full ink."""
    return np.round(np.clip(picture, 0.0, 1.0) * 255.0).astype(np.uint8)


def _straightened(box: Picture) -> Picture:
    """Remove the slant and crop again, for a picture of this step."""
    sheared = crop_to_ink(without_slant(box[None])[0])
    return box if sheared is None else sheared


def _grey(rgba: NDArray[np.int32]) -> NDArray[np.int32]:
    """Give the grey of a canvas on white paper; shape (rows, columns), 0 black to 255 white."""
    colour, alpha = rgba[..., :3], rgba[..., 3:]
    if alpha.min() < 255:
        colour = (colour * alpha + 255 * (255 - alpha) + 127) // 255
    red, green, blue = colour[..., 0], colour[..., 1], colour[..., 2]
    return (299 * red + 587 * green + 114 * blue + 500) // 1000
