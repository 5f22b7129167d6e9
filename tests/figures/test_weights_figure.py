"""The weights' pictures: one scale for all, zero the page, and small integers for the page."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from softmax_core.errors import UserError
from softmax_core.figures import (
    DARK,
    LIGHT,
    PRINT,
    Theme,
    figure_bytes,
    scaled_weights,
    weights_figure,
    weights_summary,
)

DIGITS = [str(i) for i in range(10)]


def random_weights(n_classes: int = 10) -> np.ndarray:
    return np.random.default_rng(0).normal(0, 0.1, (784, n_classes)).astype(np.float32)


def colour_at(figure: Figure, x: float, y: float) -> tuple[int, ...]:
    """The colour of a point of the first axes in the file, x and y in its data."""
    image = Image.open(BytesIO(figure_bytes(figure, "png"))).convert("RGB")
    right, top = figure.axes[0].transData.transform((x, y)) * 2  # the file has twice the dots
    colour = image.getpixel((round(right), image.height - round(top)))
    assert isinstance(colour, tuple)  # of an image in RGB
    return colour


def test_a_case_worked_by_hand() -> None:
    W = np.array([[0.5, -1.0], [0.25, 0.0], [-0.125, 0.004]])
    scaled, limit = scaled_weights(W)
    assert limit == 1.0
    assert scaled.tolist() == [[64, 32, -16], [-127, 0, 1]]  # 63.5 and -15.875 rounded, 0.508
    assert scaled.dtype == np.int8


def test_rounding_costs_at_most_half_a_shade() -> None:
    W = random_weights()
    scaled, limit = scaled_weights(W)
    assert scaled.shape == (10, 784)
    assert limit == np.abs(W).max()
    assert np.abs(scaled.T * (limit / 127) - W).max() <= limit / 254 * (1 + 1e-6)
    assert np.abs(scaled).max() == 127


def test_weights_that_are_all_zero_have_the_limit_zero() -> None:
    scaled, limit = scaled_weights(np.zeros((784, 10), np.float32))
    assert limit == 0.0
    assert not scaled.any()


@pytest.mark.parametrize("size", [1e-45, 1e38])
def test_the_smallest_and_the_largest_weights_have_a_scale_too(size: float) -> None:
    scaled, _limit = scaled_weights(np.array([[size, -size, 0]], np.float32))
    assert scaled.ravel().tolist() == [127, -127, 0]


def test_weights_that_are_not_numbers_are_refused_with_their_count() -> None:
    W = random_weights()
    W[3, 4] = np.nan
    W[5, 6] = -np.inf
    with pytest.raises(UserError, match="2 of 7,840 weights are not numbers"):
        scaled_weights(W)


def test_scaling_does_not_change_the_weights() -> None:
    W = random_weights()
    before = W.copy()
    W.setflags(write=False)
    scaled_weights(W)
    np.testing.assert_array_equal(W, before)


def test_all_classes_are_on_one_scale_that_is_symmetric_around_zero() -> None:
    W = random_weights()
    images = weights_figure(W, (28, 28), DIGITS).axes[0].images
    assert len(images) == 10
    (norm,) = {id(image.norm): image.norm for image in images}.values()
    limit = float(np.abs(W).max())
    assert (norm.vmin, norm.vmax) == pytest.approx((-limit, limit))
    assert np.asarray(norm(np.zeros(1))) == pytest.approx(0.5)


def test_each_picture_holds_the_weights_of_its_class() -> None:
    W = random_weights()
    images = weights_figure(W, (28, 28), DIGITS).axes[0].images
    limit = np.abs(W).max()
    for k, image in enumerate(images):
        shown = np.asarray(image.get_array())
        np.testing.assert_allclose(shown, W[:, k].reshape(28, 28), atol=limit / 253)


def test_pictures_have_the_names_of_their_classes_above_them() -> None:
    ax = weights_figure(random_weights(3), (28, 28), ["T-shirt/top", "a $b_c$", "x"]).axes[0]
    assert [text.get_text() for text in ax.texts[1:]] == ["T-shirt/top", "a $b_c$", "x"]
    for text, image in zip(ax.texts[1:], ax.images, strict=True):
        left, right, _bottom, top = image.get_extent()
        assert text.get_position()[0] == (left + right) / 2
        assert text.get_position()[1] < top  # pixels count downwards


def test_the_limit_is_printed_at_both_ends_of_the_colour_bar() -> None:
    W = random_weights()
    W[0, 0] = -0.75
    bar = weights_figure(W, (28, 28), DIGITS).axes[1]
    assert [text.get_text() for text in bar.get_xticklabels()] == ["−0.75", "0", "+0.75"]
    assert "blue speaks for the class" in bar.get_xlabel()


@pytest.mark.parametrize("theme", [LIGHT, DARK, PRINT], ids=["light", "dark", "print"])
def test_zero_is_drawn_in_the_colour_of_the_page(theme: Theme) -> None:
    W = np.zeros((784, 2))
    W[:, 0] = np.repeat([1.0, 0.0], 392)  # upper half for class 0, lower half nothing
    figure = weights_figure(W, (28, 28), ["0", "1"], theme=theme)
    left, right, bottom, top = figure.axes[0].images[0].get_extent()
    middle = (left + right) / 2
    page = tuple(round(255 * part) for part in to_rgb(theme.background))
    blue = tuple(round(255 * part) for part in to_rgb(theme.positive))
    assert colour_at(figure, middle, top + (bottom - top) * 0.8) == page
    assert colour_at(figure, middle, top + (bottom - top) * 0.2) == blue


def test_weights_that_are_all_zero_are_drawn_without_a_made_up_limit() -> None:
    figure = weights_figure(np.zeros((64, 3)), (8, 8), ["a", "b", "c"])
    assert [text.get_text() for text in figure.axes[1].get_xticklabels()] == ["", "0", ""]
    left, right, bottom, top = figure.axes[0].images[1].get_extent()
    page = tuple(round(255 * part) for part in to_rgb(LIGHT.background))
    assert colour_at(figure, (left + right) / 2, (bottom + top) / 2) == page


@pytest.mark.parametrize(("n_classes", "columns"), [(2, 2), (10, 5), (26, 8), (47, 8)])
def test_pictures_of_many_classes_stay_apart_and_inside(n_classes: int, columns: int) -> None:
    names = [str(i) for i in range(n_classes)]
    ax = weights_figure(random_weights(n_classes), (28, 28), names).axes[0]
    boxes = [image.get_extent() for image in ax.images]
    assert len({box[0] for box in boxes}) == columns
    assert len({(box[0], box[3]) for box in boxes}) == n_classes
    assert max(box[1] for box in boxes) <= ax.get_xlim()[1]
    assert max(box[2] for box in boxes) <= ax.get_ylim()[0]


@pytest.mark.parametrize("image_shape", [(28, 28), (8, 8), (64, 64), (20, 30), (1, 1)])
def test_a_pixel_of_a_picture_covers_a_whole_number_of_dots(image_shape: tuple[int, int]) -> None:
    W = np.ones((image_shape[0] * image_shape[1], 2))
    left, right, bottom, top = (
        weights_figure(W, image_shape, ["0", "1"]).axes[0].images[0].get_extent()
    )
    assert (right - left) % image_shape[1] == 0
    assert (bottom - top) % image_shape[0] == 0


def test_shapes_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(UserError, match=r"28 x 28 pixels need the shape \(n, 784\)"):
        weights_figure(np.ones((64, 10)), (28, 28), DIGITS)
    with pytest.raises(UserError, match="10 pictures and 3 titles"):
        weights_figure(np.ones((784, 10)), (28, 28), ["a", "b", "c"])


def test_the_summary_names_the_highest_and_the_lowest_weight() -> None:
    W = np.array([[0.25, -0.5], [0.0, 0.125]])
    assert weights_summary(W, ["cat", "dog"]) == (
        "The weights of 2 classes on one scale from −0.5 to +0.5: the highest is +0.25 "
        "(class cat), the lowest −0.5 (class dog)."
    )


def test_the_summary_of_zero_weights_says_that_there_is_nothing_to_see() -> None:
    text = weights_summary(np.zeros((784, 10)), DIGITS)
    assert text == "All weights of the 10 classes are 0, so every picture is empty."
