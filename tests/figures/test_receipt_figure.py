"""The published curve and ours on one pair of axes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from softmax_core.figures import figure_bytes
from softmax_core.figures.palette import DARK, LIGHT
from softmax_core.figures.receipt import receipt_figure, receipt_summary
from softmax_core.training import Evaluation, History
from softmax_core.training.recipes.one_run import RunSoFar
from softmax_core.training.recipes.receipt import Receipt
from softmax_core.training.recipes.stored import load_receipts
from softmax_core.training.state import step_records

RECEIPTS = load_receipts()
MINI = RECEIPTS["mini-batch", "as published"]
FULL = RECEIPTS["full-batch", "as published"]


def line(ax: Axes, start: str) -> Line2D:
    (found,) = [line for line in ax.get_lines() if str(line.get_label()).startswith(start)]
    return found


def x_of(line: Line2D) -> NDArray[np.float64]:
    return np.asarray(line.get_xdata(), np.float64).ravel()


def y_of(line: Line2D) -> NDArray[np.float64]:
    return np.asarray(line.get_ydata(), np.float64).ravel()


def test_our_median_and_band_and_the_published_points_are_where_they_were_measured() -> None:
    loss_ax, accuracy_ax = receipt_figure(MINI).axes
    ours = MINI.curves("train_loss")
    median = line(loss_ax, "ours, training set")
    np.testing.assert_array_equal(x_of(median), list(ours))
    np.testing.assert_allclose(y_of(median), [np.median(v) for v in ours.values()])
    vertices = np.asarray(loss_ax.collections[0].get_paths()[0].vertices, np.float64)
    assert vertices[:, 1].min() == pytest.approx(min(min(v) for v in ours.values()))
    assert vertices[:, 1].max() == pytest.approx(max(max(v) for v in ours.values()))
    (curve, accuracies) = MINI.recipe.curves
    published = line(loss_ax, "published, training set")
    np.testing.assert_array_equal(x_of(published), list(curve.points))
    np.testing.assert_array_equal(y_of(published), curve.values)
    in_percent = [found for found in accuracy_ax.get_lines() if len(x_of(found)) == 29]
    np.testing.assert_allclose(y_of(in_percent[0]), 100 * np.array(accuracies.values))


def test_test_and_training_are_told_apart_without_colour_too() -> None:
    loss_ax, _ = receipt_figure(MINI).axes
    train, test = line(loss_ax, "ours, training set"), line(loss_ax, "ours, test set")
    assert train.get_color() == LIGHT.train
    assert test.get_color() == LIGHT.test
    assert (train.get_linestyle(), test.get_linestyle()) == ("-", "--")
    assert line(loss_ax, "published, training set").get_linestyle() == "None"


@pytest.mark.parametrize("receipt", RECEIPTS.values(), ids=map(str, RECEIPTS))
def test_every_receipt_is_drawn_with_named_axes_and_each_name_once(receipt: Receipt) -> None:
    figure = receipt_figure(receipt, theme=DARK)
    assert len(figure_bytes(figure, "png")) > 5_000
    assert figure.get_facecolor() != "white"
    for ax in figure.axes:
        assert ax.get_xlabel() in ("step (weight updates)", "epoch (whole passes)")
        assert ax.get_lines()
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert len(names) == len(set(names)) >= 2
    drawn = figure.legends[0].get_window_extent()
    assert drawn.x0 >= 0
    assert drawn.x1 <= figure.bbox.x1
    assert drawn.y1 <= min(ax.get_window_extent().y0 for ax in figure.axes)


def test_a_bound_is_a_line_across_and_a_reference_a_diamond() -> None:
    loss_ax, accuracy_ax = receipt_figure(RECEIPTS["d2l-fashion", "as published"]).axes
    assert set(y_of(line(loss_ax, "published bound"))) == {0.5}
    assert {70.0} == {float(y) for found in accuracy_ax.get_lines() for y in y_of(found) if y == 70}
    loss_ax, accuracy_ax = receipt_figure(RECEIPTS["sigmoid-mlp", "as published"]).axes
    reference = line(accuracy_ax, "reference, test set")
    assert reference.get_marker() == "D"
    np.testing.assert_allclose(y_of(reference), [63.0, 67.0])


def test_the_published_seed_has_its_own_line() -> None:
    receipt = RECEIPTS["relu-softmax", "as published"]
    _, accuracy_ax = receipt_figure(receipt).axes
    own = line(accuracy_ax, "ours, test set, published seed 1024")
    (run,) = [run for run in receipt.runs if run.seed == 1024]
    expected = [100 * value for value in run.figures["test_accuracy"].values()]
    np.testing.assert_allclose(y_of(own), expected)


def test_a_run_of_now_is_drawn_as_far_as_it_has_come() -> None:
    history = History(5)
    history.add(step_records([(1, 11.0, 0.1, 1.0, 0.1, 5, 5), (2, np.inf, 0.2, 1.0, 0.1, 5, 10)]))
    evaluations = [Evaluation(1, 1.0, 10.0, 0.15, 10.0, 0.16)]
    run = RunSoFar(0, history.curve(), evaluations, history.epochs, epoch=2)
    loss_ax, accuracy_ax = receipt_figure(FULL, run).axes
    this = line(loss_ax, "this run, training batch")
    np.testing.assert_array_equal(y_of(this), [11.0, np.nan])
    np.testing.assert_allclose(y_of(line(accuracy_ax, "this run, test set")), [16.0])
    assert this.get_color() not in (LIGHT.train, LIGHT.test)
    assert np.isfinite(loss_ax.get_ylim()).all()


def test_the_summary_counts_and_names_what_disagrees() -> None:
    n = len(FULL.rows)
    start = f"{n} of {n} published figures agree with ours over 5 seeds; our test accuracy"
    assert receipt_summary(FULL).startswith(start)
    bad = [
        replace(run, figures={**run.figures, "batch_loss": {1: 30.0, 10: 6.5, 19: 4.6}})
        for run in FULL.runs
    ]
    text = receipt_summary(replace(FULL, runs=tuple(bad)))
    assert f"{n - 1} of {n}" in text
    assert "not so: training loss at iteration 0;" in text
    assert text.endswith(".")
