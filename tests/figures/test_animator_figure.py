"""The animator: a point per line and epoch, on the published axis where everything fits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from softmax_core.errors import UserError
from softmax_core.figures import LIGHT, figure_bytes
from softmax_core.figures.animator import Animator, animator_summary, training_animator
from softmax_core.training.epochs import EpochMeans
from softmax_core.training.evaluate import Evaluation

# The shape of the published picture: the loss falls, both accuracies rise and stay apart.
EPOCHS = [(1, 0.785, 0.749, 0.790), (2, 0.570, 0.813, 0.812), (3, 0.525, 0.826, 0.820)]


def animated(points: Sequence[tuple[float, ...]]) -> Animator:
    animator = Animator()
    for epoch, *values in points:
        animator.add(epoch, values)
    return animator


def points_of(line: Line2D) -> tuple[NDArray[Any], NDArray[Any]]:
    return np.asarray(line.get_xdata()), np.asarray(line.get_ydata())


def test_every_epoch_adds_a_point_to_each_line() -> None:
    animator = animated(EPOCHS)
    ax = animator.to_figure().axes[0]
    for column, line in enumerate(ax.lines, start=1):
        x, y = points_of(line)
        np.testing.assert_array_equal(x, [1, 2, 3])
        np.testing.assert_allclose(y, [row[column] for row in EPOCHS])
    assert len(ax.lines) == 3
    assert ax.get_ylim() == (0.3, 0.9)
    assert ax.get_xlim() == (1, 10)


def test_drawing_changes_nothing_and_may_be_repeated() -> None:
    animator = animated(EPOCHS)
    assert figure_bytes(animator.to_figure(), "png") == figure_bytes(animator.to_figure(), "png")
    animator.add(4, (0.5, 0.83, 0.82))
    assert len(points_of(animator.to_figure().axes[0].lines[0])[0]) == 4


def test_training_is_blue_and_solid_the_test_set_orange_and_dashed() -> None:
    lines = animated(EPOCHS).to_figure().axes[0].lines
    assert [same_color(line.get_color(), LIGHT.train) for line in lines] == [True, True, False]
    assert same_color(lines[2].get_color(), LIGHT.test)
    assert [line.get_linestyle() for line in lines] == ["-", "-", "--"]
    assert [line.get_marker() for line in lines] == ["None", "o", "s"]


def test_what_does_not_fit_the_published_axis_gets_its_own() -> None:
    animator = animated([*EPOCHS, (4, 4.64, 0.18, 0.2)])
    assert animator.span == pytest.approx((0.1, 4.7))
    assert animator.to_figure().axes[0].get_ylim() == pytest.approx((0.1, 4.7))


def test_a_loss_that_ran_away_leaves_a_gap() -> None:
    animator = animated([*EPOCHS, (4, math.inf, 0.1, math.nan), (12, math.nan, 0.5, 0.5)])
    assert animator.span == (0.1, 0.9)
    figure = animator.to_figure()
    assert figure_bytes(figure, "svg")
    assert figure.axes[0].get_xlim() == (1, 12)
    assert animator_summary(animator).startswith("Epoch 12: train loss not a number")


def test_before_the_first_epoch_there_are_empty_axes_and_a_sentence() -> None:
    animator = Animator(last_epoch=5)
    assert figure_bytes(animator.to_figure(), "png")
    assert animator_summary(animator) == "No epoch is done yet."


def test_other_lines_than_the_published_three_are_drawn_too() -> None:
    animator = Animator(["a", "b", "c", "d", "e"], 2)
    animator.add(1, [0.4, 0.5, 0.6, 0.7, 0.8])
    colors = {str(line.get_color()) for line in animator.to_figure().axes[0].lines}
    assert len(colors) == 4  # train twice, test, and two lanes


def test_a_value_too_few_is_refused() -> None:
    with pytest.raises(UserError, match=r"3 lines .* was given 2 values"):
        Animator().add(1, [0.5, 0.8])


def test_a_runs_lines_take_the_test_accuracy_from_each_epochs_last_step() -> None:
    epochs = [EpochMeans(1, 32, 0.8, 0.75), EpochMeans(2, 64, 0.6, 0.81)]
    evaluations = [
        Evaluation(16, 0.5, 1.0, 0.6, 1.0, 0.6),
        Evaluation(32, 1.0, 0.7, 0.78, 0.7, 0.77),
    ]
    animator = training_animator(epochs, evaluations, 10)
    np.testing.assert_allclose(animator.values, [[0.8, 0.75, 0.77], [0.6, 0.81, np.nan]])
    assert animator_summary(animator) == (
        "Epoch 2: train loss 0.600, train accuracy 81.0 %, test accuracy –."
    )
