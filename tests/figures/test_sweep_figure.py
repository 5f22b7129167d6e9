"""A sweep's curves, map and sentences, read back from the axes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from softmax_core.figures import DARK, figure_bytes
from softmax_core.figures.sweep import Best, Facts, SweptRow, sweep_figure, sweep_summary
from softmax_core.figures.sweep_grid import (
    good_cells,
    grid_best,
    grid_figure,
    grid_shades,
    grid_summary,
    scale_ticks,
)

RATES = np.geomspace(1e-4, 10, 6)
NONE = np.full(6, np.nan)
ROW = SweptRow(
    RATES,
    np.array([2.2, 1.5, 0.6, 0.4, 0.7, 9.0]),
    np.array([0.2, 0.6, 0.85, 0.9, 0.895, 0.7]),
    np.zeros(6, bool),
    32,
    "32",
)
FACTS = Facts(epochs=1, n_tested=1_000, n_loss=500, n_classes=10)
LOST = replace(
    ROW,
    loss=np.array([2.2, 1.5, 0.6, 0.4, np.nan, np.nan]),
    accuracy=np.array([0.2, 0.6, 0.85, 0.9, np.nan, np.nan]),
    diverged=np.array([False] * 4 + [True] * 2),
)
SMALL = replace(
    ROW, accuracy=np.array([0.5, 0.7, 0.92, 0.8, 0.7, 0.6]), batch_size=8, batch_name="8"
)


def test_each_run_is_a_point_and_what_is_far_above_guessing_an_arrow_at_the_top() -> None:
    loss_ax, accuracy_ax = sweep_figure(ROW, FACTS).axes
    line = next(line for line in loss_ax.lines if line.get_label() == "training loss")
    np.testing.assert_array_equal(line.get_xdata(), RATES)
    np.testing.assert_array_equal(np.asarray(line.get_ydata())[:5], ROW.loss[:5])
    (arrow,) = [line for line in loss_ax.lines if line.get_marker() == "^"]
    np.testing.assert_array_equal(arrow.get_xdata(), RATES[5:])
    assert loss_ax.get_ylim()[1] == pytest.approx(1.5 * np.log(10))
    points = next(line for line in accuracy_ax.lines if line.get_label() == "test accuracy")
    np.testing.assert_array_equal(points.get_ydata(), 100 * ROW.accuracy)
    assert loss_ax.get_xscale() == accuracy_ax.get_xscale() == "log"
    (band,) = accuracy_ax.patches
    left, right = band.get_extents().transformed(accuracy_ax.transData.inverted()).intervalx
    inside = (left < RATES) & (right > RATES)
    assert inside.tolist() == [False, False, False, True, True, False]


def test_what_diverged_is_a_cross_and_no_point() -> None:
    for ax in sweep_figure(LOST, FACTS, theme=DARK).axes:
        (crosses,) = [line for line in ax.lines if line.get_marker() == "x"]
        np.testing.assert_array_equal(crosses.get_xdata(), RATES[4:])


def test_the_sentence_says_the_best_rates_and_how_that_was_measured() -> None:
    assert ROW.best == Best(3, 3, 4)
    text = sweep_summary(ROW, FACTS)
    assert "learning rates 0.1 to 1." in text
    assert "After one epoch" in text
    assert "(1,000 pictures) within 1 point of the best, 90.0 % at 0.1" in text
    assert "Too timid at 0.0001: 20.0 %." in text
    assert "Too bold at 10: 70.0 %." in text
    assert "diverged" not in text
    lost = sweep_summary(LOST, FACTS._replace(epochs=3))
    assert "learning rate 0.1. After 3 epochs it reads 90.0 % of the test set" in lost
    assert "neighbours are more than 1 point behind" in lost
    assert "2 of 6 runs diverged and were stopped, the lowest at 1." in lost
    assert "bold" not in lost


def test_without_a_test_accuracy_the_loss_decides_and_the_sentence_says_so() -> None:
    row = replace(ROW, accuracy=NONE)
    assert row.best == Best(3, 3, 3)
    text = sweep_summary(row, FACTS)
    assert "training loss (500 pictures)" in text
    assert "0.400 at 0.1" in text
    assert "test" not in text
    assert len(sweep_figure(row, FACTS).axes) == 1


def test_nothing_known_is_said_and_drawn() -> None:
    empty = replace(ROW, loss=NONE, accuracy=NONE)
    assert empty.best is None
    assert "Not one" in sweep_summary(empty, FACTS)
    assert "Not one" in grid_summary([empty, empty], FACTS)
    assert grid_best([empty]) is None
    for figure in (sweep_figure(empty, FACTS), grid_figure([empty, empty], FACTS)):
        assert figure_bytes(figure, "png").startswith(b"\x89PNG")


def test_the_map_names_its_best_frames_what_comes_near_and_says_how_the_best_rate_goes() -> None:
    rows = [SMALL, ROW, replace(ROW, accuracy=NONE, loss=NONE, batch_name="512")]
    assert grid_best(rows) == (0, 2)
    assert good_cells(rows).sum() == 1
    text = grid_summary(rows, FACTS)
    assert "the best of 12 runs has learning rate 0.01 with batch size 8: 92.0 %" in text
    assert "Framed are the 1 within 1 point" in text
    assert "from 0.01 at batch size 8 to 0.1 at batch size 32" in text
    (ax,) = grid_figure(rows, FACTS).axes
    written = [text.get_text() for text in ax.texts]
    assert written[:6] == ["50.0", "70.0", "92.0", "80.0", "70.0", "60.0"]
    assert written[12:] == [""] * 6
    assert [label.get_text() for label in ax.get_yticklabels()] == ["8", "32", "512"]
    (frame,) = ax.patches
    assert frame.get_extents().transformed(ax.transData.inverted()).intervalx.mean() == 2


def test_shades_are_equal_for_equal_factors_of_the_error() -> None:
    accuracy = 1 - 0.9 * np.exp2(-np.arange(6.0))  # the error halves from cell to cell
    shades = grid_shades([replace(ROW, accuracy=accuracy)], 10)
    np.testing.assert_allclose(shades[0], np.linspace(0, 1, 6), atol=1e-12)
    ticks = scale_ticks([replace(ROW, accuracy=accuracy)], 10)
    assert ticks[0] == pytest.approx((0.0, 0.1))
    assert ticks[-1] == pytest.approx((1.0, accuracy[-1]))
    assert np.isnan(grid_shades([LOST], 10)[0, 4:]).all()
    written = [text.get_text() for text in grid_figure([LOST, ROW], FACTS).axes[0].texts]
    assert written[4:6] == ["✕", "✕"]
    assert "Diverged (✕): 2." in grid_summary([LOST, ROW], FACTS)
