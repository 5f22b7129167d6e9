"""Points by class: what is drawn where, told apart without colour too, and the sentence below."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import same_color, to_rgb
from matplotlib.figure import Figure
from matplotlib.markers import MarkerStyle

from softmax_core.errors import UserError
from softmax_core.figures import (
    DARK,
    LIGHT,
    PointRegions,
    Theme,
    class_counts_figure,
    class_counts_summary,
    figure_bytes,
    lane_style,
    points_figure,
    points_summary,
)

NAMES = ("A", "B", "C")
X = np.array([[0, 0], [1, 0], [0, 1], [9, 0], [10, 0], [0.5, 0.5]], np.float32)
LABELS = np.array([0, 0, 0, 1, 1, 1], np.uint8)  # the last lies among the others' points; no C


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_each_class_is_drawn_at_its_points_in_its_colour_and_shape(theme: Theme) -> None:
    figure = points_figure(X, LABELS, NAMES, theme=theme)
    ax = figure.axes[0]
    assert same_color(ax.get_facecolor(), theme.background)
    shapes = []
    for k, dots in enumerate(ax.collections):
        np.testing.assert_array_equal(np.asarray(dots.get_offsets()).reshape(-1, 2), X[k == LABELS])
        style = lane_style(k, theme)
        assert same_color(np.asarray(dots.get_facecolor())[0], style.color)
        marker = MarkerStyle(style.marker)
        drawn = marker.get_path().transformed(marker.get_transform())
        corners = np.asarray(drawn.vertices)
        np.testing.assert_array_equal(np.asarray(dots.get_paths()[0].vertices), corners)
        shapes.append(corners.tobytes())
    assert len(set(shapes)) == 3
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["A: 3", "B: 3", "C: 0"]


def units(figure: Figure) -> tuple[float, float]:
    """Pixels for one unit across and one up."""
    figure.draw_without_rendering()
    to_pixels = figure.axes[0].transData.transform
    across, up = to_pixels((1, 1)) - to_pixels((0, 0))
    return float(across), float(up)


def test_both_axes_have_one_scale_and_names() -> None:
    regions = PointRegions(np.zeros((4, 4), np.uint8), (-1.0, 11.0, -2.0, 3.0))
    for figure in (
        points_figure(X, LABELS, NAMES),
        points_figure(X, LABELS, NAMES, regions=regions),
    ):
        across, up = units(figure)
        assert across == pytest.approx(up)
        ax = figure.axes[0]
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("first feature", "second feature")


def test_regions_lie_behind_the_points_where_the_grid_says() -> None:
    classes = np.array([[0, 1, 1], [0, 0, 2]], np.uint8)  # the first row is the top one
    extent = (-1.0, 11.0, -2.0, 2.0)
    figure = points_figure(X, LABELS, NAMES, regions=PointRegions(classes, extent))
    (ax,) = figure.axes
    (image,) = ax.images
    assert tuple(image.get_extent()) == extent
    assert image.origin == "upper"
    assert image.get_zorder() < min(c.get_zorder() for c in ax.collections)
    shown = image.to_rgba(classes)[..., :3]
    for k in range(3):
        full, background = np.array(to_rgb(lane_style(k, LIGHT).color)), to_rgb(LIGHT.background)
        pale = shown[classes == k][0]
        assert np.abs(pale - background).sum() < np.abs(pale - full).sum()
        np.testing.assert_allclose(shown[classes == k], np.tile(pale, ((classes == k).sum(), 1)))
    assert len({tuple(row) for row in shown.reshape(-1, 3)}) == 3
    assert figure_bytes(figure, "png")


def test_a_single_region_needs_no_line() -> None:
    regions = PointRegions(np.ones((5, 5), np.uint8), (-1.0, 11.0, -2.0, 2.0))
    assert figure_bytes(points_figure(X, LABELS, NAMES, regions=regions), "svg")


def test_the_summary_counts_the_points_and_those_among_the_others() -> None:
    # Means: A (1/3, 1/3), B (6.5, 1/6); only B's last point is nearer to A's.
    assert points_summary(X, LABELS, NAMES) == (
        "6 points (A 3, B 3, C 0): 16.7 % of them lie nearer to the middle of another class than "
        "to that of their own."
    )


def test_no_points_are_a_figure_and_a_sentence() -> None:
    nothing = np.empty((0, 2), np.float32)
    none = np.empty(0, np.uint8)
    assert points_summary(nothing, none, NAMES) == "There are no points."
    assert figure_bytes(points_figure(nothing, none, NAMES), "png")


def test_shapes_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(UserError, match=r"shape \(n, 2\)"):
        points_figure(np.zeros((3, 784)), LABELS[:3], NAMES)
    with pytest.raises(UserError, match="a label each"):
        points_summary(X, LABELS[:2], NAMES)
    with pytest.raises(UserError, match="1 names of classes, and labels from 0 to 1"):
        points_figure(X, LABELS, ("A",))


def test_the_bars_speak_of_points() -> None:
    counts = np.array([3, 3])
    figure = class_counts_figure(counts, counts, NAMES[:2], points=True)
    assert figure.axes[0].get_title(loc="left") == "Points of each class"
    assert figure.axes[0].get_ylabel() == "points"
    text = class_counts_summary(counts, counts, NAMES[:2], points=True)
    assert text == "6 points to train on and 6 to test on; every class has 3 to train on."
