"""Strokes are measured as thick as they were drawn, and thin ones grow to the least thickness."""

from __future__ import annotations

import numpy as np
import pytest

from softmax_core.data.ink import ink_steps, ink_to_digit, thick_enough
from softmax_core.data.thickness import darkest_near, lightest_near, thickened, thickness


def bars(width: int, side: int = 56) -> np.ndarray:
    """Draw an L, cropped to its ink."""
    ink = np.zeros((side, side * 2 // 3))
    ink[:, :width] = ink[-width:, :] = 1
    return ink


@pytest.mark.parametrize("width", [2, 3, 4, 6, 10])
def test_a_stroke_is_as_thick_as_it_was_drawn(width: int) -> None:
    room = np.pad(bars(width, 120), 1)
    assert thickness(room[None])[0] == pytest.approx(width, rel=0.06)


def test_by_hand() -> None:
    """A square of 3 x 3 has an area of 9 and, with the rim off, of 1: 2 * 9 / (9 - 1)."""
    square = np.zeros((1, 5, 5))
    square[0, 1:4, 1:4] = 1
    assert lightest_near(square).sum() == 1
    assert darkest_near(square).sum() == 21
    assert thickness(square)[0] == pytest.approx(18 / 8)


def test_without_ink_there_is_no_thickness() -> None:
    assert thickness(np.zeros((2, 4, 4))).tolist() == [0, 0]


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_thin_strokes_grow_to_the_least_thickness(width: int) -> None:
    grown = thickened(bars(width), 0.1)
    measured = thickness(np.pad(grown, 1)[None])[0] / max(grown.shape)
    assert 0.085 <= measured <= 0.13


def test_strokes_that_are_thick_enough_stay_as_they_are() -> None:
    np.testing.assert_array_equal(thickened(bars(7), 0.1), bars(7))
    np.testing.assert_array_equal(thick_enough(bars(7)), bars(7))


@pytest.mark.parametrize("upright", [False, True])
def test_a_thin_grey_line_ends_as_black_and_as_thick_as_the_model_knows(upright: bool) -> None:
    """One pixel of the canvas: a fifth of the ink in each of the blocks it crosses."""
    ink = np.zeros((56, 56), np.uint8)
    ink[8:48, 20] = ink[48, 20:40] = 51
    digit = ink_to_digit(ink, upright=upright)
    assert digit is not None
    assert digit.max() > 200
    measured = thickness(digit.reshape(1, 28, 28) / 255.0)[0]
    assert 1.4 <= measured <= 4.0  # of MNIST's own: 1.9 to 3.9


def test_growing_is_a_step_that_is_shown_only_where_it_was_needed() -> None:
    ink = np.zeros((56, 56))
    ink[8:48, 20] = 1
    thin, bold = ink_steps(ink), ink_steps(np.pad(bars(7)[:, :30], 13))
    assert thin is not None
    assert bold is not None
    assert [step.name for step in thin.in_order()] == [
        "drawn", "ink", "crop", "thickened", "scaled", "centred",
    ]  # fmt: skip
    assert bold.thickened is None
