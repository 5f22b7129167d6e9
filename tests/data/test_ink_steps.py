"""The steps from drawing to digit, and drawings that are hardly digits."""

from __future__ import annotations

import numpy as np
import pytest

from softmax_core.data.ink import ink_steps, ink_to_digit
from softmax_core.data.resample import centre_of_mass


def drawing(kind: str) -> np.ndarray:
    ink = np.zeros((56, 56), np.uint8)
    if kind == "dot":
        ink[10, 50] = 255
    elif kind == "border":
        ink[:, 0] = ink[0, :] = 255
    elif kind == "two strokes":
        ink[8:40, 12:15] = ink[20:50, 40:43] = 255
    elif kind == "scribble":
        ink[:] = 255
    return ink


@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize("shape", [(28, 28), (8, 8)])
@pytest.mark.parametrize("kind", ["dot", "border", "two strokes", "scribble"])
def test_whatever_is_drawn_ends_as_the_digit_the_model_reads(
    kind: str, shape: tuple[int, int], upright: bool
) -> None:
    steps = ink_steps(drawing(kind), shape, upright)
    digit = ink_to_digit(drawing(kind), shape, upright)
    assert steps is not None
    assert digit is not None
    np.testing.assert_array_equal(np.round(steps.centred * 255), digit)
    assert steps.scaled.shape == shape
    assert steps.in_order()[0].name == "drawn"
    assert steps.in_order()[-1] == ("centred", steps.centred)
    assert all(step.picture.min() >= 0 and step.picture.max() <= 1 for step in steps.in_order())
    assert digit.max() > 0
    assert steps.polarity == "dark on light"
    assert (steps.upright is None) == (not upright or shape == (8, 8))
    if shape == (28, 28) and kind != "border":
        assert centre_of_mass(steps.centred) == pytest.approx((14, 14), abs=0.1)


@pytest.mark.parametrize("upright", [False, True])
def test_an_empty_canvas_has_no_steps(upright: bool) -> None:
    assert ink_steps(drawing("nothing"), upright=upright) is None


def test_both_strokes_are_kept() -> None:
    steps = ink_steps(drawing("two strokes"), upright=False)
    assert steps is not None
    assert steps.crop.shape == (42, 31)
    assert steps.crop[:, 0].any()
    assert steps.crop[:, -1].any()
