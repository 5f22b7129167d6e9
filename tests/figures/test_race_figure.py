"""A race as a figure: every lane named, dashed and in its place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from softmax_core.figures import PRINT, lane_style
from softmax_core.figures.race import RaceCurve, race_figure
from softmax_core.figures.sentence import sentence_figure

SEEN = np.arange(128, 4_001, 128)
FALL = RaceCurve(
    "0.1",
    SEEN,
    np.linspace(2.3, 0.6, len(SEEN)),
    np.array([0, 2_000, 4_000]),
    np.array([0.1, 0.8, 0.86]),
)
LEAP = replace(FALL, name="5", loss=np.linspace(2.3, 90.0, len(SEEN)))
STOPPED = replace(LEAP, name="10", seen=SEEN[:5], loss=LEAP.loss[:5], stopped=True)


def legend_of(figure: Figure) -> list[str]:
    legend = figure.axes[0].get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def test_both_charts_show_every_lane_in_its_style() -> None:
    figure = race_figure([FALL, replace(FALL, name="0.5")], "Learning rate", 2_560, theme=PRINT)
    losses, accuracies = figure.axes
    for ax in (losses, accuracies):
        assert [line.get_color() for line in ax.get_lines()] == [
            lane_style(index, PRINT).color for index in range(2)
        ]
        assert ax.get_xlabel() == "examples seen"
    assert losses.get_ylabel() == "nats, mean over 2,560 examples"
    assert np.asarray(accuracies.get_lines()[0].get_ydata()).tolist() == pytest.approx([10, 80, 86])
    assert legend_of(figure) == ["0.1", "0.5"]
    legend = losses.get_legend()
    assert legend is not None
    assert legend.get_title().get_text() == "Learning rate"


def test_a_lane_that_leaps_leaves_a_linear_picture_and_most_make_it_logarithmic() -> None:
    one = race_figure([FALL, FALL, LEAP], "Learning rate", 2_560).axes[0]
    assert one.get_yscale() == "linear"
    assert one.get_ylim() == pytest.approx((0, 1.5 * 2.3))
    most = race_figure([FALL, LEAP, LEAP], "Learning rate", 2_560).axes[0]
    assert most.get_yscale() == "log"
    assert race_figure([FALL, STOPPED], "Learning rate", 2_560).axes[0].get_yscale() == "linear"


def test_a_lane_that_had_to_stop_is_marked_and_named_so() -> None:
    figure = race_figure([FALL, STOPPED], "Learning rate", 2_560)
    cross = figure.axes[0].get_lines()[-1]
    assert cross.get_marker() == "X"
    assert np.asarray(cross.get_xdata()).tolist() == [SEEN[4]]
    assert legend_of(figure) == ["0.1", "10, stopped"]


@pytest.mark.parametrize("name", ["0.1", "random 1, biases too"])
def test_legend_charts_and_sentence_keep_apart(name: str) -> None:
    lanes = [replace(FALL, name=f"{name} {index}") for index in range(6)]
    figure = sentence_figure(race_figure(lanes, "Initial weights", 250), "A sentence. " * 20)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call] # theirs
    renderer = canvas.get_renderer()  # type: ignore[no-untyped-call] # theirs
    losses, accuracies = figure.axes
    legend = losses.get_legend()
    assert legend is not None
    foot = figure.texts[0].get_window_extent(renderer)
    boxes = [legend.get_window_extent(renderer), losses.get_tightbbox(renderer), foot]
    assert all(isinstance(box, Bbox) for box in boxes)
    top, middle, bottom = (box for box in boxes if isinstance(box, Bbox))
    assert top.y0 > losses.title.get_window_extent(renderer).y1 - 1
    assert top.y1 <= figure.bbox.y1
    assert top.x1 <= figure.bbox.x1
    assert middle.y0 >= bottom.y1
    assert losses.get_position().x1 < accuracies.get_position().x0
