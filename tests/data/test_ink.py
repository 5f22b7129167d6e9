"""From drawing to digit: exact arithmetic, exact areas, and the centre where MNIST has it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from softmax_core.data.ink import canvas_to_ink, ink_strength, ink_to_digit, naive_digit
from softmax_core.data.resample import box_weights, centre_of_mass, resample, shrink
from softmax_core.errors import UserError
from softmax_core.limits import CANVAS_SIDE, INK_SIDE

Array = np.ndarray


def blank_canvas() -> Array:
    return np.full((CANVAS_SIDE, CANVAS_SIDE, 4), 255, np.uint8)


def disc(side: int, row: float, column: float, radius: float) -> Array:
    y, x = np.mgrid[:side, :side]
    ink: Array = np.clip(radius + 0.5 - np.hypot(y - row, x - column), 0, 1)
    return ink


def blob(seed: int) -> Array:
    """A drawing-like picture of ink: some discs along a random path, as thick as the app's pen."""
    rng = np.random.default_rng(seed)
    ink = np.zeros((56, 56))
    for row, column in rng.uniform(12, 44, (6, 2)):
        ink = np.maximum(ink, disc(56, row, column, 4.5))
    return ink


# canvas -> ink


def in_whole_numbers(rgba: Array) -> list[list[int]]:
    """The documented arithmetic, pixel by pixel, as the browser script does it."""
    k = len(rgba) // INK_SIDE
    ink = []
    for i in range(INK_SIDE):
        row = []
        for j in range(INK_SIDE):
            total = 0
            for y in range(i * k, i * k + k):
                for x in range(j * k, j * k + k):
                    r, g, b, a = (int(value) for value in rgba[y, x])
                    r, g, b = ((c * a + 255 * (255 - a) + 127) // 255 for c in (r, g, b))
                    total += 255 - (299 * r + 587 * g + 114 * b + 500) // 1000
            row.append((2 * total + k * k) // (2 * k * k))
        ink.append(row)
    return ink


@pytest.mark.parametrize("opaque", [True, False])
@pytest.mark.parametrize("blocks", [1, 2, 5])
def test_ink_is_the_documented_arithmetic_to_the_last_unit(opaque: bool, blocks: int) -> None:
    side = blocks * INK_SIDE
    rgba = np.random.default_rng(blocks).integers(0, 256, (side, side, 4), dtype=np.uint8)
    if opaque:
        rgba[..., 3] = 255
    assert canvas_to_ink(rgba).tolist() == in_whole_numbers(rgba)


def test_white_is_no_ink_black_is_full_ink_and_half_a_block_rounds_up() -> None:
    canvas = blank_canvas()
    assert not canvas_to_ink(canvas).any()
    canvas[:, :, :3] = 0
    assert (canvas_to_ink(canvas) == 255).all()
    two = np.full((112, 112, 4), 255, np.uint8)
    two[0, :2, :3] = 0  # 2 of 4 pixels: 127.5
    assert canvas_to_ink(two)[0, 0] == 128


def test_a_transparent_canvas_is_white_paper_whatever_its_hidden_colour() -> None:
    assert not canvas_to_ink(np.zeros((CANVAS_SIDE, CANVAS_SIDE, 4), np.uint8)).any()


@pytest.mark.parametrize("shape", [(280, 280, 3), (280, 270, 4), (279, 279, 4), (280, 280)])
def test_a_canvas_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(UserError, match="last good drawing"):
        canvas_to_ink(np.zeros(shape, np.uint8))


# resampling


def test_weights_by_hand() -> None:
    """Three pixels of old width 1 become 0.75 wide, beginning a quarter in."""
    np.testing.assert_allclose(
        box_weights(3, 3, 0.75, 0.25), [[0.75, 0, 0], [0, 0.75, 0.25], [0, 0, 0.5]]
    )


@settings(max_examples=60)
@given(n_in=st.integers(1, 60), n_out=st.integers(1, 60), seed=st.integers(0, 99))
def test_shrinking_keeps_the_mean(n_in: int, n_out: int, seed: int) -> None:
    picture = np.random.default_rng(seed).random((n_in, n_in + 3))
    assert shrink(picture, (n_out, n_out)).mean() == pytest.approx(picture.mean(), rel=1e-12)


def test_a_whole_factor_is_the_plain_mean_of_blocks() -> None:
    picture = np.random.default_rng(0).random((56, 56))
    np.testing.assert_allclose(
        shrink(picture, (28, 28)), picture.reshape(28, 2, 28, 2).mean((1, 3)), rtol=1e-12
    )


def test_a_whole_shift_moves_pixels_unchanged() -> None:
    picture = np.random.default_rng(0).random((5, 5))
    moved = resample(picture, (9, 9), (1.0, 1.0), (3.0, 1.0))
    np.testing.assert_allclose(moved[3:8, 1:6], picture)
    assert moved.sum() == pytest.approx(picture.sum())


# ink -> digit


@pytest.mark.parametrize("seed", range(20))
def test_the_centre_of_mass_is_at_pixel_14_14_within_a_twentieth_of_a_pixel(seed: int) -> None:
    digit = ink_to_digit(blob(seed))
    assert digit is not None
    assert centre_of_mass(digit / 255.0) == pytest.approx((14, 14), abs=0.05)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("shape", [(28, 28), (16, 16), (64, 64), (33, 21)])
def test_the_longer_side_of_the_ink_fills_20_of_28(seed: int, shape: tuple[int, int]) -> None:
    digit = ink_to_digit(blob(seed), shape)
    assert digit is not None
    assert digit.shape == shape
    extents = [np.ptp(np.flatnonzero(digit.any(axis=1 - axis))) for axis in (0, 1)]
    filled = max(extents[0] / shape[0], extents[1] / shape[1])
    assert filled == pytest.approx(20 / 28, abs=1.5 / min(shape))


@pytest.mark.parametrize("shift", [(-9, 9), (9, 9), (3, -7)])
def test_where_on_the_canvas_it_was_drawn_does_not_matter(shift: tuple[int, int]) -> None:
    ink = blob(3)
    moved = np.roll(ink, shift, axis=(0, 1))
    np.testing.assert_array_equal(ink_to_digit(ink), ink_to_digit(moved))
    assert (naive_digit(ink) != naive_digit(moved)).any()


def test_how_large_it_was_drawn_hardly_matters() -> None:
    ink = blob(3)
    large = ink_to_digit(np.kron(ink, np.ones((3, 3))))
    small = ink_to_digit(ink)
    assert large is not None
    assert small is not None
    assert np.abs(large.astype(int) - small.astype(int)).max() <= 1


def test_bytes_and_numbers_between_0_and_1_are_the_same_ink() -> None:
    ink = np.round(blob(1) * 255).astype(np.uint8)
    np.testing.assert_array_equal(ink_to_digit(ink), ink_to_digit(ink / 255))
    np.testing.assert_array_equal(ink_to_digit(ink), ink_to_digit((ink / 255).astype(np.float32)))


@pytest.mark.parametrize("shape", [(28, 28), (8, 8)])
def test_no_ink_is_no_digit(shape: tuple[int, int]) -> None:
    assert ink_to_digit(np.zeros((56, 56), np.uint8), shape) is None
    assert not naive_digit(np.zeros((56, 56), np.uint8), shape).any()


def test_faint_noise_is_no_ink_and_does_not_move_the_ink_there_is() -> None:
    noise = np.random.default_rng(0).integers(0, 15, (56, 56), dtype=np.uint8)
    assert ink_to_digit(noise) is None
    ink = np.zeros((56, 56), np.uint8)
    ink[20:36, 26:30] = 255
    np.testing.assert_array_equal(ink_to_digit(np.maximum(ink, noise)), ink_to_digit(ink))


@pytest.mark.parametrize("shape", [(28, 28), (8, 8), (1, 1), (2, 64)])
def test_a_dot_is_a_digit_too(shape: tuple[int, int]) -> None:
    ink = np.zeros((56, 56), np.uint8)
    ink[10, 50] = 255
    digit = ink_to_digit(ink, shape)
    assert digit is not None
    assert digit.shape == shape
    assert digit.max() > 0


def test_ink_at_all_four_borders_is_read_whole() -> None:
    ink = np.ones((56, 56))
    ink[6:-6, 6:-6] = 0
    digit = ink_to_digit(ink)
    assert digit is not None
    kept = digit.sum() / 255.0
    assert kept == pytest.approx(ink.sum() * (20 / 56) ** 2, rel=0.02)


def test_a_lopsided_digit_is_clipped_not_wrapped_round() -> None:
    ink = np.zeros((56, 56))
    ink[0:2, :] = 1
    ink[2:, 55] = 0.1
    digit = ink_to_digit(ink)
    assert digit is not None
    assert not digit[:10].any()


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_ink_that_is_no_number_is_refused(value: float) -> None:
    ink = blob(0)
    ink[3, 3] = value
    with pytest.raises(UserError, match="not numbers"):
        ink_to_digit(ink)


@pytest.mark.parametrize("shape", [(56,), (56, 56, 4), (0, 56)])
def test_ink_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(UserError, match="rows and columns"):
        ink_strength(np.zeros(shape, np.uint8))


@settings(max_examples=80)
@given(seed=st.integers(0, 10**6), rows=st.integers(1, 70), columns=st.integers(1, 70))
def test_any_ink_gives_a_picture_or_nothing(seed: int, rows: int, columns: int) -> None:
    rng = np.random.default_rng(seed)
    ink = (rng.random((rows, columns)) < rng.random() ** 3).astype(np.uint8) * 255
    for shape in ((28, 28), (8, 8), (64, 3)):
        digit = ink_to_digit(ink, shape)
        assert (digit is None) == (not ink.any())
        assert digit is None or (digit.shape == shape and digit.dtype == np.uint8)


# 8 x 8


def test_small_digits_are_counts_of_sixteen_dots_and_fill_their_height() -> None:
    digit = ink_to_digit(blob(5), (8, 8))
    assert digit is not None
    counts = {(255 * n + 8) // 16 for n in range(17)}
    assert set(digit.ravel().tolist()) <= counts
    assert digit[0].any()
    assert digit[7].any()


def test_a_full_square_of_ink_fills_the_20_dots_in_the_middle() -> None:
    digit = ink_to_digit(np.ones((32, 32)), (8, 8))
    half = [0, 128, 255, 255, 255, 255, 128, 0]
    assert digit is not None
    assert digit.tolist() == [half] * 8


def test_a_thin_stroke_is_thickened_to_the_ink_the_data_set_has() -> None:
    ink = np.zeros((56, 56))
    ink[8:48, 27] = 1
    digit = ink_to_digit(ink, (8, 8))
    assert digit is not None
    assert 0.25 <= digit.mean() / 255 <= 0.4
