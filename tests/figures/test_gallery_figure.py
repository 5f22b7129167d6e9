"""Pictures under their titles, the mean pictures, and the bars of how many there are."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import same_color

from softmax_core.errors import UserError
from softmax_core.figures import (
    LIGHT,
    class_counts_figure,
    class_counts_summary,
    class_means_figure,
    class_means_summary,
    figure_bytes,
    gallery_figure,
    gallery_summary,
    readings_figure,
    readings_summary,
)

CLOTHES = ["T-shirt/top", "Trouser", "Ankle boot"]


def some_images(n: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (n, 784), np.uint8)


def test_pictures_stand_row_by_row_under_their_titles() -> None:
    images = some_images(5)
    ax = gallery_figure(images, (28, 28), list("abcde"), columns=3).axes[0]
    for picture, image in zip(images, ax.images, strict=True):
        np.testing.assert_array_equal(image.get_array(), picture.reshape(28, 28))
    lefts = [image.get_extent()[0] for image in ax.images]
    tops = [image.get_extent()[3] for image in ax.images]
    assert lefts[0] < lefts[1] < lefts[2]
    assert lefts[3:] == lefts[:2]
    assert tops[0] == tops[2] < tops[3] == tops[4]
    assert [text.get_text() for text in ax.texts[1:]] == list("abcde")


def test_faint_ink_stays_faint_because_every_picture_has_the_full_scale() -> None:
    faint = np.full((1, 784), 40, np.uint8)
    (image,) = gallery_figure(faint, (28, 28), ["faint"], 1).axes[0].images
    assert (image.norm.vmin, image.norm.vmax) == (0, 255)


def test_a_long_title_is_wrapped_and_moves_the_rows_apart() -> None:
    title = "3, but the model says 5 with 41 % and 8 with 30 %"
    short = gallery_figure(some_images(2), (28, 28), ["3", "5"], 1)
    long = gallery_figure(some_images(2), (28, 28), [title, "5"], 1)
    assert long.axes[0].texts[1].get_text().replace("\n", " ") == title
    assert long.get_figheight() > short.get_figheight()
    long.draw_without_rendering()
    box = long.axes[0].texts[1].get_window_extent()
    assert (
        box.y0 >= long.axes[0].transData.transform((0, long.axes[0].images[0].get_extent()[3]))[1]
    )


def test_no_pictures_give_a_figure_that_says_so() -> None:
    figure = gallery_figure(np.empty((0, 784), np.uint8), (28, 28), [], 5)
    assert [text.get_text() for text in figure.axes[0].texts] == ["No pictures to show"]
    assert figure_bytes(figure, "png")
    assert gallery_summary([]) == "No pictures to show."


def test_a_title_too_few_is_refused() -> None:
    with pytest.raises(UserError, match="2 pictures and 1 titles"):
        gallery_figure(some_images(2), (28, 28), ["a"], 5)


def test_the_gallery_summary_names_the_pictures_and_counts_the_rest() -> None:
    assert gallery_summary(["7", "3,\nnot 5"]) == "Pictures shown (2): 7; 3, not 5."
    assert gallery_summary(["0", "1"] * 4) == "Pictures shown (8): 4 × 0; 4 × 1."
    many = [chr(ord("a") + i // 2) for i in range(30)]
    assert gallery_summary(many).endswith("2 × k; 2 × l; and 6 more.")


def test_a_reading_stands_below_the_truth_and_is_crossed_where_it_is_wrong() -> None:
    names = [("Ankle boot", "Ankle boot"), ("Shirt", "T-shirt/top")]
    ax = readings_figure(some_images(2), (28, 28), names, 2).axes[0]
    titles = [text.get_text() for text in ax.texts[1:]]
    assert titles == ["Ankle boot\nAnkle boot", "Shirt\n✗ T-shirt/top"]


def test_every_sign_of_a_reading_has_a_glyph() -> None:
    # A missing glyph is a warning, and warnings are errors here.
    assert figure_bytes(readings_figure(some_images(1), (28, 28), [("3", "5")], 1), "png")


def test_the_readings_summary_names_what_was_taken_for_what() -> None:
    names = [("Ankle boot", "Ankle boot"), ("Shirt", "T-shirt/top"), ("Coat", "Pullover")]
    assert readings_summary(names) == (
        "1 of 3 test pictures are read right (Ankle boot); misread: Shirt taken for T-shirt/top; "
        "Coat taken for Pullover."
    )
    assert readings_summary(names[:1] * 2) == (
        "2 of 2 test pictures are read right (2 × Ankle boot)."
    )
    assert readings_summary(names[1:2]) == (
        "0 of 1 test pictures are read right; misread: Shirt taken for T-shirt/top."
    )


def test_mean_pictures_go_from_no_ink_to_full_ink() -> None:
    means = np.linspace(0, 0.4, 3)[:, None] * np.ones(784)
    images = class_means_figure(means, (28, 28), CLOTHES).axes[0].images
    assert {(image.norm.vmin, image.norm.vmax) for image in images} == {(0, 1)}
    np.testing.assert_allclose(np.asarray(images[2].get_array()), 0.4)


def test_a_class_without_pictures_stays_empty() -> None:
    means = np.full((3, 784), 0.5)
    means[1] = np.nan
    figure = class_means_figure(means, (28, 28), CLOTHES)
    shown = np.ma.masked_invalid(np.asarray(figure.axes[0].images[1].get_array(), float))
    assert shown.count() == 0
    assert figure_bytes(figure, "png")


def test_means_of_unscaled_pixels_are_refused() -> None:
    with pytest.raises(UserError, match="Divide pixels of 8 bits by 255"):
        class_means_figure(np.full((3, 784), 33.0), (28, 28), CLOTHES)


def test_the_means_summary_compares_the_ink() -> None:
    means = np.array([[0.5, 0.25], [0.0, 0.25], [np.nan, np.nan]])
    assert class_means_summary(means, ["0", "1", "2"]) == (
        "The mean pictures of 3 classes: 0 has the most ink, 37.5 % of the whole picture, and 1 "
        "the least, 12.5 %."
    )
    assert class_means_summary(means[2:], ["2"]) == "There are no pictures to take a mean of."


def test_bars_are_solid_blue_for_training_and_hatched_orange_for_test() -> None:
    figure = class_counts_figure(np.array([60, 40]), np.array([6, 4]), ["a", "b"])
    train, test = figure.axes[0].containers
    assert [bar.get_height() for bar in train] == [60, 40]
    assert [bar.get_height() for bar in test] == [6, 4]
    for solid, hatched in zip(train, test, strict=True):
        assert same_color(solid.get_facecolor(), LIGHT.train)
        assert solid.get_hatch() is None
        assert same_color(hatched.get_edgecolor(), LIGHT.test)
        assert hatched.get_hatch() == "////"
        assert solid.get_x() + solid.get_width() == pytest.approx(hatched.get_x())


def test_bars_have_axes_with_names_units_and_a_legend_with_the_totals() -> None:
    figure = class_counts_figure(np.full(3, 6_000), np.full(3, 1_000), CLOTHES)
    ax = figure.axes[0]
    assert [text.get_text() for text in ax.get_xticklabels()] == CLOTHES
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("class", "pictures")
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["training set: 18,000", "test set: 3,000"]


def test_long_names_do_not_run_into_the_legend() -> None:
    figure = class_counts_figure(np.full(3, 9), np.full(3, 9), CLOTHES)
    figure.draw_without_rendering()
    lowest = min(text.get_window_extent().y0 for text in figure.axes[0].get_xticklabels())
    assert figure.legends[0].get_window_extent().y1 <= lowest


def test_the_counts_summary_says_how_evenly_the_classes_are_spread() -> None:
    text = class_counts_summary(np.array([6_742, 5_421]), np.array([1_135, 892]), ["1", "5"])
    assert text == (
        "12,163 pictures to train on and 2,027 to test on; 1 has the most to train on (6,742) "
        "and 5 the fewest (5,421)."
    )


def test_the_counts_summary_of_even_and_of_empty_sets() -> None:
    even = class_counts_summary(np.full(3, 6_000), np.full(3, 1_000), CLOTHES)
    assert even.endswith("3,000 to test on; every class has 6,000 to train on.")
    empty = class_counts_summary(np.zeros(3, int), np.zeros(3, int), CLOTHES)
    assert empty == "0 pictures to train on and 0 to test on."
