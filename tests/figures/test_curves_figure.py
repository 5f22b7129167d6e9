"""The learning curves, read back from the axes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import same_color
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from softmax_core.figures import (
    DARK,
    LIGHT,
    CurveData,
    curves_figure,
    curves_summary,
    figure_bytes,
    running_mean,
)

NONE = np.empty(0)
EMPTY = CurveData(NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE)


def some_curves(width: int = 1) -> CurveData:
    step = np.arange(1, 61) * width
    loss = 2.3 / (1 + step / 40) + 0.01 * np.cos(step)
    return CurveData(
        step=step,
        loss_mean=loss.astype(np.float32),
        loss_min=loss.astype(np.float32) - (width > 1) * 0.1,
        loss_max=loss.astype(np.float32) + (width > 1) * 0.1,
        eval_step=np.array([0, 30, 60]) * width,
        eval_train_loss=np.array([2.303, 0.8, 0.267]),
        eval_test_loss=np.array([2.303, 0.9, 0.281]),
        eval_train_accuracy=np.array([0.098, 0.88, 0.9301]),
        eval_test_accuracy=np.array([0.101, 0.87, 0.9226]),
    )


def line(ax: Axes, start: str) -> Line2D:
    (found,) = [line for line in ax.lines if str(line.get_label()).startswith(start)]
    return found


def texts(figure: Figure) -> str:
    return figure_bytes(figure, "svg").decode()


def test_loss_and_accuracy_stand_side_by_side_with_titles_and_units() -> None:
    loss, accuracy = curves_figure(some_curves()).axes
    assert loss.get_position().x1 < accuracy.get_position().x0
    assert loss.get_title("left").startswith("Loss")
    assert accuracy.get_title("left").startswith("Accuracy")
    assert loss.get_xlabel() == accuracy.get_xlabel() == "step (weight updates)"
    assert loss.get_ylabel() == "loss (nats)"
    assert accuracy.get_ylabel() == "accuracy (% correct)"


def test_training_is_blue_and_solid_and_test_orange_and_dashed() -> None:
    loss, accuracy = curves_figure(some_curves()).axes
    for train in (line(loss, "running mean"), line(accuracy, "training set, evaluated")):
        assert same_color(train.get_color(), LIGHT.train)
        assert train.get_linestyle() == "-"
    for ax in (loss, accuracy):
        assert same_color(line(ax, "test set").get_color(), LIGHT.test)
        assert line(ax, "test set").get_linestyle() == "--"


def test_the_bold_line_is_the_running_mean_and_says_its_window() -> None:
    curves = some_curves(width=8)
    bold = line(curves_figure(curves).axes[0], "running mean of 32 steps")
    expected = running_mean(curves.step, curves.loss_mean, 32)
    np.testing.assert_allclose(np.asarray(bold.get_ydata()), expected)
    raw = line(curves_figure(curves).axes[0], "mean and range of 8 batches")
    assert bold.get_linewidth() > 2 * raw.get_linewidth()


def test_the_band_reaches_from_the_lowest_to_the_highest_batch() -> None:
    curves = some_curves(width=8)
    (band,) = curves_figure(curves).axes[0].collections
    box = band.get_datalim(curves_figure(curves).axes[0].transData)
    assert box.y0 == pytest.approx(float(curves.loss_min.min()))
    assert box.y1 == pytest.approx(float(curves.loss_max.max()))


def test_accuracy_is_shown_in_per_cent_and_its_scale_ends_at_100() -> None:
    ax = curves_figure(some_curves()).axes[1]
    assert np.asarray(line(ax, "test set").get_ydata()) == pytest.approx([10.1, 87.0, 92.26])
    assert line(ax, "test set").get_label() == "test set: 92.3 %"
    assert ax.get_ylim() == (0, 100.5)


def test_a_run_that_starts_good_is_shown_from_ten_per_cent_below() -> None:
    good = replace(some_curves(), eval_train_accuracy=np.full(3, 0.96))
    good = replace(good, eval_test_accuracy=np.array([0.912, 0.92, 0.93]))
    assert curves_figure(good).axes[1].get_ylim()[0] == 90


def test_the_legend_is_below_and_has_the_numbers_of_now() -> None:
    figure = curves_figure(some_curves())
    legend = figure.axes[0].get_legend()
    assert legend is not None
    labels = [text.get_text() for text in legend.get_texts()]
    assert labels[2:] == ["training set, evaluated: 0.267", "test set: 0.281"]
    figure.draw_without_rendering()
    assert legend.get_window_extent().y1 < figure.axes[0].get_window_extent().y0


def test_the_linear_loss_starts_at_zero() -> None:
    assert curves_figure(some_curves()).axes[0].get_ylim()[0] == 0


def test_the_logarithmic_loss_has_plain_numbers_on_its_axis() -> None:
    ax = curves_figure(some_curves(), log_loss=True).axes[0]
    assert ax.get_yscale() == "log"
    assert [ax.yaxis.get_major_formatter()(v) for v in (0.05, 1, 20)] == ["0.05", "1", "20"]


def test_a_logarithmic_loss_bears_batches_without_any_loss() -> None:
    curves = replace(some_curves(), loss_min=np.zeros(60, np.float32))
    ax = curves_figure(curves, log_loss=True).axes[0]
    figure_bytes(ax.figure.get_figure(root=True), "png")
    assert ax.get_ylim()[0] > 0


def test_a_change_of_settings_is_marked_in_both_axes_with_its_text() -> None:
    figure = curves_figure(replace(some_curves(), marks=((30, "learning rate 0.5"),)))
    for ax in figure.axes:
        assert [text.get_text() for text in ax.texts] == ["learning rate 0.5"]
        assert [30, 30] in [np.asarray(line.get_xdata()).tolist() for line in ax.lines]


def test_of_many_changes_in_quick_succession_the_last_one_is_named() -> None:
    dragged = tuple((30 + i, f"rate {i}") for i in range(3))
    ax = curves_figure(replace(some_curves(width=10), marks=dragged)).axes[0]
    assert [text.get_text() for text in ax.texts] == ["rate 2"]
    assert sum(line.get_linestyle() == ":" for line in ax.lines) == 3


def test_a_dollar_sign_in_a_mark_is_not_taken_for_a_formula() -> None:
    assert "cost $5 a_b$" in texts(
        curves_figure(replace(some_curves(), marks=((9, "cost $5 a_b$"),)))
    )


def test_a_run_that_broke_shows_the_break_and_stays_on_scale() -> None:
    curves = some_curves()
    broken = curves.loss_mean.copy()
    broken[50:] = np.inf
    curves = replace(curves, loss_mean=broken, loss_max=broken, loss_min=broken)
    figure = curves_figure(curves)
    figure_bytes(figure, "png")
    assert figure.axes[0].get_ylim()[1] < 5
    assert np.isnan(np.asarray(line(figure.axes[0], "each batch").get_ydata())[50:]).all()


@pytest.mark.parametrize("log_loss", [False, True])
def test_before_the_first_step_there_are_empty_axes(log_loss: bool) -> None:
    figure = curves_figure(EMPTY, log_loss=log_loss)
    assert [len(ax.lines) for ax in figure.axes] == [0, 0]
    assert figure_bytes(figure, "png")
    assert curves_summary(EMPTY) == "No step of training has been made yet."


def test_the_dark_figure_has_the_dark_page_behind_it() -> None:
    figure = curves_figure(some_curves(), theme=DARK)
    for face in (figure.get_facecolor(), figure.axes[0].get_facecolor()):
        assert same_color(face, DARK.background)


def test_the_summary_says_where_the_curves_stand() -> None:
    curves = replace(some_curves(), loss_mean=np.full(60, 0.25, np.float32))
    assert curves_summary(curves) == (
        "After 60 steps the training loss is 0.250 nats (mean of the last 20); at step 60 the "
        "test loss is 0.281 nats and the model is right on 92.3 % of the test set and 93.0 % of "
        "the training set."
    )


def test_the_summary_of_few_steps_does_not_speak_of_more() -> None:
    three = replace(EMPTY, step=np.array([1, 2, 3]), loss_mean=np.array([1.0, 2.0, 3.0]))
    assert curves_summary(three) == (
        "After 3 steps the training loss is 2.000 nats (mean of the last 3)."
    )


def test_the_summary_before_the_first_step_gives_the_first_evaluation() -> None:
    start = replace(
        EMPTY,
        eval_step=np.array([0]),
        eval_test_loss=np.array([2.3026]),
        eval_train_accuracy=np.array([0.0987]),
        eval_test_accuracy=np.array([0.098]),
    )
    assert curves_summary(start) == (
        "At step 0 the test loss is 2.303 nats and the model is right on 9.8 % of the test set "
        "and 9.9 % of the training set."
    )


def test_the_summary_of_a_broken_run_says_so() -> None:
    step = np.arange(1, 31)
    broken = replace(EMPTY, step=step, loss_mean=np.full(30, np.nan))
    assert "the training loss is not a number" in curves_summary(broken)
