"""Lanes drawn over one another: both seen where they agree, told apart without colour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from softmax_core.figures import DARK, lane_style
from softmax_core.figures.lanes import (
    LaneCurve,
    lanes_accuracy_figure,
    lanes_accuracy_summary,
    lanes_loss_figure,
    lanes_loss_summary,
)

STEP = np.arange(1, 101)
EXACT = LaneCurve(
    "exact", STEP, np.linspace(2.3, 0.5, 100), np.array([0, 50, 100]), np.array([0.1, 0.8, 0.9])
)
WRONG = replace(EXACT, name="suspect", test_accuracy=np.array([0.1, 0.7, 0.854]))


def test_both_lanes_are_drawn_the_first_wide_below_the_second_with_dashes() -> None:
    (ax,) = lanes_loss_figure([EXACT, WRONG], theme=DARK).axes
    exact, wrong = ax.get_lines()
    assert exact.get_linewidth() > 2 * wrong.get_linewidth()
    assert (exact.get_linestyle(), wrong.get_linestyle()) == ("-", "--")
    assert exact.get_color() == lane_style(0, DARK).color
    assert wrong.get_color() == lane_style(1, DARK).color
    np.testing.assert_array_equal(exact.get_xdata(), STEP)
    assert np.asarray(exact.get_ydata())[-1] == pytest.approx(EXACT.loss[-20:].mean())
    assert ax.get_ylim()[0] == 0
    assert "nats" in ax.get_ylabel()


def test_the_accuracy_is_in_per_cent_from_0_to_100() -> None:
    (ax,) = lanes_accuracy_figure([EXACT, WRONG]).axes
    assert list(np.asarray(ax.get_lines()[1].get_ydata())) == pytest.approx([10, 70, 85.4])
    assert ax.get_ylim() == (0, 100.5)
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["exact: 90.0 %", "suspect: 85.4 %"]


def test_a_lane_that_was_stopped_is_marked_where_it_ended() -> None:
    stopped = replace(WRONG, step=STEP[:5], loss=WRONG.loss[:5])
    (ax,) = lanes_loss_figure([EXACT, stopped]).axes
    assert [text.get_text() for text in ax.texts] == ["stopped at step 5"]
    assert not lanes_loss_figure([EXACT, WRONG]).axes[0].texts


def test_a_lane_without_a_step_is_no_trouble() -> None:
    none = replace(WRONG, step=STEP[:0], loss=WRONG.loss[:0])
    lanes_loss_figure([EXACT, none])
    assert "suspect not a number" in lanes_loss_summary([EXACT, none])


def test_the_summaries_say_where_the_lanes_ended() -> None:
    assert lanes_loss_summary([EXACT, WRONG]) == (
        "Training loss after 100 steps: exact 0.673, suspect 0.673."
    )
    assert lanes_accuracy_summary([EXACT, WRONG]) == (
        "Right on the test set after 100 steps: exact 90.0 %, suspect 85.4 %."
    )
