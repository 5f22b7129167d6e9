"""The confusion matrix can be read without its colours, and its sentence is true."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from softmax_core.errors import UserError
from softmax_core.explain import Confusion, Verdicts, confusion_of
from softmax_core.figures import (
    DARK,
    LIGHT,
    PRINT,
    Theme,
    figure_bytes,
)
from softmax_core.figures.confusion import _contrast, confusion_figure, confusion_summary

NAMES = ["T-shirt/top", "b$x_y$", "c", "d"]


def confusion(n_classes: int = 4) -> Confusion:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, n_classes - 1, 4_000).astype(np.uint8)  # none of the last class
    others = rng.integers(0, n_classes, 4_000).astype(np.uint8)
    predictions = np.where(rng.random(4_000) < 0.9, labels, others)
    ones = np.ones(4_000, np.float32)
    return confusion_of(Verdicts(labels, predictions, ones, ones), n_classes)


def numbers(figure: Figure) -> dict[tuple[int, int], str]:
    return {
        (int(text.get_position()[1]), int(text.get_position()[0])): text.get_text()
        for text in figure.axes[0].texts
    }


def test_every_cell_that_is_not_empty_holds_its_count() -> None:
    counts = confusion().counts
    found = numbers(confusion_figure(confusion(), NAMES))
    assert found == {
        (i, j): f"{counts[i, j]:,}" for i in range(4) for j in range(4) if counts[i, j]
    }
    assert "," in found[0, 0]


def test_rates_are_per_cent_of_the_row() -> None:
    figure = confusion_figure(confusion(), NAMES, rates=True)
    found, rates = numbers(figure), confusion().rates
    assert found[1, 2] == f"{100 * rates[1, 2]:.1f}"
    assert sum(float(found[1, j]) for j in range(4)) == pytest.approx(100, abs=0.21)
    assert "% of a row" in figure.texts[0].get_text()


def test_right_is_blue_and_framed_and_wrong_is_orange_on_one_symmetric_scale() -> None:
    figure = confusion_figure(confusion(), NAMES)
    (image,) = figure.axes[0].images
    assert (image.norm.vmin, image.norm.vmax) == (-1, 1)
    shades = np.asarray(image.get_array())
    assert (np.diag(shades)[:3] > 0).all()
    off = ~np.eye(4, dtype=bool)
    assert (shades[off] <= 0).all()
    np.testing.assert_allclose(np.abs(shades[:3]) ** 3, confusion().rates[:3], atol=1e-12)
    patches = figure.axes[0].patches
    frames = {patch.get_xy() for patch in patches if isinstance(patch, Rectangle)}
    assert frames == {(k - 0.5, k - 0.5) for k in range(4)}
    ends = [text.get_text() for text in figure.axes[1].get_xticklabels()]
    assert (ends[0], ends[4], ends[-1]) == ("100 %", "0 %", "100 %")


def test_a_class_without_pictures_is_an_empty_row() -> None:
    figure = confusion_figure(confusion(), NAMES)
    assert not np.asarray(figure.axes[0].images[0].get_array())[3].any()
    assert not [cell for cell in numbers(figure) if cell[0] == 3]


@pytest.mark.parametrize("theme", [LIGHT, DARK, PRINT], ids=["light", "dark", "print"])
def test_every_number_can_be_read_on_its_shade(theme: Theme) -> None:
    n_classes = 8
    rng = np.random.default_rng(1)
    counts = rng.integers(0, 50, (n_classes, n_classes))
    rates = rng.random((n_classes, n_classes))  # every shade, not only likely ones
    figure = confusion_figure(Confusion(counts, rates), list("abcdefgh"), theme=theme)
    (image,) = figure.axes[0].images
    shades = image.to_rgba(np.asarray(image.get_array()))
    for text in figure.axes[0].texts:
        column, row = text.get_position()
        shade = tuple(shades[int(row), int(column), :3])
        assert _contrast(shade, to_rgb(str(text.get_color()))) >= 4.0
    assert figure_bytes(figure, "svg")


@pytest.mark.parametrize("n_classes", [2, 10, 26, 47])
def test_numbers_and_names_have_room(n_classes: int) -> None:
    names = [f"name {k}" for k in range(n_classes)]
    figure = confusion_figure(confusion(n_classes), names)
    ax = figure.axes[0]
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call] # theirs
    figure.draw(renderer)
    cell = ax.get_window_extent().width / n_classes
    for text in ax.texts:
        assert text.get_window_extent(renderer).width <= cell
    whole = figure.bbox
    for label in (*ax.get_xticklabels(), *ax.get_yticklabels(), ax.xaxis.label, ax.yaxis.label):
        box = label.get_window_extent(renderer)
        assert box.x0 >= 0
        assert box.x1 <= whole.width
        assert box.y0 >= figure.axes[1].get_window_extent(renderer).y1
    boxes = [label.get_window_extent(renderer) for label in ax.get_xticklabels()]
    assert all(one.x1 <= other.x0 for one, other in pairwise(boxes))


def test_the_summary_names_the_most_frequent_mistake() -> None:
    counts = np.array([[8, 2, 0], [1, 6, 3], [0, 0, 0]])
    rates = np.array([[0.8, 0.2, 0], [0.1, 0.6, 0.3], [np.nan] * 3])
    assert confusion_summary(Confusion(counts, rates), ["a", "b", "c"]) == (
        "14 of 20 pictures are read right (70.0 %). The most frequent mistake: b taken for c, "
        "3 times, 30.0 % of all b. Shades go from −100 % to +100 % of a row: blue is read right, "
        "orange is not."
    )
    perfect = Confusion(np.diag([3, 4]), np.eye(2))
    assert confusion_summary(perfect, ["a", "b"]) == "7 of 7 pictures are read right (100.0 %)."


def test_a_name_for_each_class_is_needed() -> None:
    with pytest.raises(UserError, match="4 classes and 2 names"):
        confusion_figure(confusion(), ["a", "b"])
