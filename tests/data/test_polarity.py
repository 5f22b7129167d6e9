"""Dark on light and light on dark are told apart, on the canvas and in pictures."""

from __future__ import annotations

import numpy as np
import pytest

from softmax_core.data.ink import canvas_to_ink, ink_steps, ink_to_digit
from softmax_core.data.polarity import polarity_of_drawing, polarity_of_picture
from softmax_core.limits import CANVAS_SIDE


def ring() -> np.ndarray:
    y, x = np.mgrid[:56, :56]
    return np.where(np.abs(np.hypot(y - 28, x - 28) - 14) < 2, 255, 0).astype(np.uint8)


@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize("shape", [(28, 28), (8, 8)])
def test_a_drawing_and_its_negative_are_the_same_digit(
    shape: tuple[int, int], upright: bool
) -> None:
    digit = ink_to_digit(ring(), shape, upright)
    assert digit is not None
    np.testing.assert_array_equal(digit, ink_to_digit(255 - ring(), shape, upright))


def test_the_steps_tell_the_polarity_and_show_both_pictures() -> None:
    steps, other = ink_steps(ring()), ink_steps(255 - ring())
    assert steps is not None
    assert other is not None
    assert (steps.polarity, other.polarity) == ("dark on light", "light on dark")
    np.testing.assert_array_equal(other.drawn, 1.0 - steps.drawn)
    np.testing.assert_allclose(other.ink, steps.ink)


@pytest.mark.parametrize("kind", ["full", "frame", "bold", "dusty"])
def test_much_ink_alone_is_not_light_on_dark(kind: str) -> None:
    ink = np.ones((56, 56))
    if kind == "frame":  # a square 0 along the edge: its border is ink, most of it is not
        ink[6:-6, 6:-6] = 0
    elif kind == "bold":  # most of it is ink, its border is not
        ink[[0, 1, 2, 3, -4, -3, -2, -1], :] = ink[:, [0, 1, 2, 3, -4, -3, -2, -1]] = 0
    elif kind == "dusty":
        ink[20:30, 20:30] = 0.96
    assert polarity_of_drawing(ink, 0.06) == "dark on light"


def test_in_a_picture_the_stroke_decides_and_not_the_grain() -> None:
    grain = 0.02 * np.random.default_rng(0).standard_normal((56, 56))
    stroke = 0.5 * ring() / 255.0
    assert polarity_of_picture(stroke + grain) == "dark on light"
    assert polarity_of_picture(grain - stroke) == "light on dark"


def test_a_transparent_canvas_is_the_same_drawing_as_a_white_one() -> None:
    white = np.full((CANVAS_SIDE, CANVAS_SIDE, 4), 255, np.uint8)
    white[100:180, 130:150, :3] = 0
    transparent = np.zeros_like(white)
    transparent[100:180, 130:150, 3] = 255
    np.testing.assert_array_equal(canvas_to_ink(transparent), canvas_to_ink(white))
