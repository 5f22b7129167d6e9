"""The gradient check's pictures: the diagonal, the biases, and rows below a maximum."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from softmax_core.figures.blocks import (
    BlockEntries,
    biases_figure,
    biases_summary,
    blocks_figure,
    blocks_summary,
    rows_figure,
    rows_summary,
)

NUMERIC = np.array([-0.02, 0.01, 0.03])
RIGHT = BlockEntries("weights W", NUMERIC, NUMERIC, True)
WRONG = BlockEntries("biases b", np.zeros(3), NUMERIC, False)


def test_each_block_has_a_square_with_its_diagonal() -> None:
    figure = blocks_figure([RIGHT, WRONG])
    shown = [ax for ax in figure.axes if ax.axison]
    assert [ax.get_title(loc="left") for ax in shown] == ["weights W", "biases b"]
    for ax, block in zip(shown, (RIGHT, WRONG), strict=True):
        diagonal, entries = ax.get_lines()
        np.testing.assert_array_equal(diagonal.get_xdata(), diagonal.get_ydata())
        np.testing.assert_array_equal(entries.get_xdata(), block.numeric)
        np.testing.assert_array_equal(entries.get_ydata(), block.claimed)
        assert ax.get_xlim() == ax.get_ylim()
    marks = [ax.get_lines()[1].get_marker() for ax in shown]
    assert marks == ["o", "x"]  # not by colour alone
    assert {text for ax in shown for text in (ax.get_xlabel(), ax.get_ylabel())} == {
        "slope",
        "claimed",
    }


def test_more_blocks_than_usual_have_room_and_nan_is_left_out() -> None:
    odd = BlockEntries("W2", np.array([np.nan, 1.0, 2.0]), NUMERIC, False)
    assert len(blocks_figure([RIGHT, WRONG, RIGHT, WRONG, odd]).axes) == 5


def test_the_summary_says_which_blocks_are_on_the_diagonal() -> None:
    assert blocks_summary([RIGHT, WRONG]).endswith("On it: weights W. Off it: biases b.")
    assert "Off it" not in blocks_summary([RIGHT])


def test_biases_stand_side_by_side_the_second_lane_hatched() -> None:
    exact, wrong = np.array([0.2, -0.1, 0.05]), np.full(3, 0.7)
    (ax,) = biases_figure([("exact", exact), ("suspect", wrong)], ("A", "B", "C")).axes
    heights = [bar.get_height() for bar in ax.patches if isinstance(bar, Rectangle)]
    np.testing.assert_allclose(heights, [*exact, *wrong])
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [False] * 3 + [True] * 3
    assert [label.get_text() for label in ax.get_xticklabels()] == ["A", "B", "C"]


def test_the_summary_tells_equal_biases_from_learned_ones() -> None:
    lanes = [("exact", np.array([0.2, -0.1, 0.05])), ("suspect", np.full(3, 0.7))]
    assert biases_summary(lanes, ("A", "B", "C")) == (
        "exact: from −0.1 (class B) to +0.2 (class A); suspect: all 3 are the same (0.7), which "
        "is no bias at all."
    )
    tiny = [("suspect", np.array([1e-8, -1e-8, 0]))]
    assert "all 3 are the same (0)" in biases_summary(tiny, ("A", "B", "C"))


def test_rows_far_below_the_maximum_are_crossed_out() -> None:
    largest, is_lost = np.array([150.0, 60.0, 20.0]), np.array([False, False, True])
    (ax,) = rows_figure(largest, is_lost, 104.0).axes
    top, limit, kept, lost = ax.get_lines()
    assert np.asarray(top.get_ydata())[0] == 150
    assert np.asarray(limit.get_ydata())[0] == pytest.approx(46)
    np.testing.assert_array_equal(kept.get_xdata(), [1, 2])
    np.testing.assert_array_equal(lost.get_xdata(), [3])
    assert lost.get_marker() == "x"
    assert "1 of 3 pictures" in rows_summary(largest, is_lost, 104.0)
