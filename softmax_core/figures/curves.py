"""The learning curves of a run: loss and accuracy side by side, training against test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.figures.frame import (
    TEXT_SIZE,
    label_axes,
    legend_below,
    new_figure,
    style_axes,
    whole_numbers,
)
from softmax_core.figures.palette import LIGHT, TEST_DASH, Theme, dashes
from softmax_core.figures.running import bucket_widths, running_mean, running_window
from softmax_core.figures.wording import _, count, loss_text, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MAX_MARKERS: Final = 15  # on one line
_MARK_ROOM: Final = 0.035  # of the axis, so that two marks' texts stay apart


@dataclass(frozen=True)
class CurveData:
    """What a run has measured so far.

    The first four have the shape (k,), a point for each bucket of one or more steps; the
    next five the shape (m,), a point for each evaluation. Losses are in nats, accuracies
    shares in [0, 1], ``step`` is the last step of its bucket. A value that is not finite
    leaves a gap.
    """

    step: NDArray[Any]
    loss_mean: NDArray[Any]
    loss_min: NDArray[Any]
    loss_max: NDArray[Any]
    eval_step: NDArray[Any]
    eval_train_loss: NDArray[Any]
    eval_test_loss: NDArray[Any]
    eval_train_accuracy: NDArray[Any]
    eval_test_accuracy: NDArray[Any]
    marks: tuple[tuple[int, str], ...] = ()  # (step, what changed there)


def curves_figure(curves: CurveData, *, log_loss: bool = False, theme: Theme = LIGHT) -> Figure:
    """Draw the loss (left) and the accuracy (right) over the steps.

    The batches are a faint line with their extremes as a band, their running mean the bold
    line; the test set is orange and dashed, the training set evaluated at the same
    steps blue circles. Dotted lines show where a setting changed.

    Parameters
    ----------
    curves : CurveData
    log_loss : bool
        Show the loss on a logarithmic scale.
    theme : Theme
    """
    figure = new_figure(9.6, 3.8, theme)
    figure.subplots_adjust(left=0.065, right=0.985, bottom=0.27, top=0.91, wspace=0.2)
    loss_ax, accuracy_ax = figure.subplots(1, 2)
    style_axes(loss_ax, _("Loss: how surprised the model is"), theme)
    style_axes(accuracy_ax, _("Accuracy: how often it is right"), theme)
    _draw_loss(loss_ax, curves, theme)
    _draw_accuracy(accuracy_ax, curves, theme)
    _scale_loss(loss_ax, curves, log_loss)
    for ax in (loss_ax, accuracy_ax):
        _scale_steps(ax, curves)
        legend_below(ax, theme)
    _draw_marks(loss_ax, curves, 0.98, theme)  # the loss leaves the upper corner free,
    _draw_marks(accuracy_ax, curves, 0.02, theme)  # the accuracy the lower one
    label_axes(loss_ax, _("step (weight updates)"), _("loss (nats)"), theme)
    label_axes(accuracy_ax, _("step (weight updates)"), _("accuracy (% correct)"), theme)
    return figure


def curves_summary(curves: CurveData) -> str:
    """Say in one sentence where the curves stand."""
    parts = [*_loss_parts(curves), *_evaluation_parts(curves)]
    if not parts:
        return _("No step of training has been made yet.")
    text = "; ".join(parts) + "."
    return text[0].upper() + text[1:]


def _loss_parts(curves: CurveData) -> list[str]:
    if not len(curves.step):
        return []
    window = running_window(curves.step)
    last = int(curves.step[-1])
    loss = running_mean(curves.step, curves.loss_mean, window)[-1]
    text = _("after {steps} steps the training loss is {loss} nats (mean of the last {window})")
    return [text.format(steps=count(last), loss=loss_text(loss), window=count(min(window, last)))]


def _evaluation_parts(curves: CurveData) -> list[str]:
    if not len(curves.eval_step):
        return []
    text = _(
        "at step {step} the test loss is {loss} nats and the model is right on {test} of the "
        "test set and {train} of the training set"
    )
    return [
        text.format(
            step=count(curves.eval_step[-1]),
            loss=loss_text(float(curves.eval_test_loss[-1])),
            test=percent(float(curves.eval_test_accuracy[-1])),
            train=percent(float(curves.eval_train_accuracy[-1])),
        )
    ]


def _draw_loss(ax: Axes, curves: CurveData, theme: Theme) -> None:
    if len(curves.step):
        _draw_batches(ax, curves, theme)
    if len(curves.eval_step):
        label = _("training set, evaluated: {now}").format(
            now=loss_text(float(curves.eval_train_loss[-1]))
        )
        train = _finite(curves.eval_train_loss)
        ax.plot(curves.eval_step, train, "o", ms=4.5, mfc="none", color=theme.train, label=label)
        label = _("test set: {now}").format(now=loss_text(float(curves.eval_test_loss[-1])))
        _draw_test(ax, curves.eval_step, curves.eval_test_loss, label, theme)


def _draw_batches(ax: Axes, curves: CurveData, theme: Theme) -> None:
    step, color = curves.step, theme.train
    low, high = _finite(curves.loss_min), _finite(curves.loss_max)
    ax.fill_between(step, low, high, color=color, alpha=0.16, linewidth=0)
    width = int(bucket_widths(step).max())
    label = _("each batch of the training set")
    if width > 1:
        label = _("mean and range of {n} batches").format(n=width)
    ax.plot(step, _finite(curves.loss_mean), color=color, alpha=0.4, lw=0.8, label=label)
    window = running_window(step)
    running = running_mean(step, curves.loss_mean, window)
    label = _("running mean of {window} steps: {now}").format(
        window=count(window), now=loss_text(float(running[-1]))
    )
    ax.plot(step, running, color=color, lw=2.2, label=label)


def _draw_accuracy(ax: Axes, curves: CurveData, theme: Theme) -> None:
    train = 100 * _finite(curves.eval_train_accuracy)
    test = 100 * _finite(curves.eval_test_accuracy)
    both = np.concatenate([train, test])
    lowest = both[np.isfinite(both)].min(initial=100) if len(both) else 0
    ax.set_ylim(max(0, 10 * np.floor(lowest / 10)), 100.5)
    if not len(curves.eval_step):
        return
    label = _("training set, evaluated: {now}").format(
        now=percent(float(curves.eval_train_accuracy[-1]))
    )
    every = _marker_distance(len(train))
    ax.plot(
        curves.eval_step,
        train,
        "o-",
        color=theme.train,
        lw=2.2,
        ms=4.5,
        markevery=every,
        label=label,
    )
    label = _("test set: {now}").format(now=percent(float(curves.eval_test_accuracy[-1])))
    _draw_test(ax, curves.eval_step, test, label, theme)


def _draw_test(
    ax: Axes, step: NDArray[Any], values: NDArray[Any], label: str, theme: Theme
) -> None:
    ax.plot(
        step,
        _finite(values),
        color=theme.test,
        linestyle=dashes(TEST_DASH),
        lw=1.6,
        marker="s",
        ms=3,
        markevery=_marker_distance(len(step)),
        label=label,
    )


def _marker_distance(n_points: int) -> int:
    return -(-n_points // _MAX_MARKERS)


def _scale_loss(ax: Axes, curves: CurveData, log_loss: bool) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    losses = np.concatenate([curves.loss_mean, curves.loss_max, curves.eval_test_loss])
    if log_loss and np.any(np.isfinite(losses) & (losses > 0)):
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _position: f"{y:g}"))
        ax.yaxis.set_minor_locator(NullLocator())
    else:
        ax.set_ylim(bottom=0)


def _scale_steps(ax: Axes, curves: CurveData) -> None:
    last = max([1, *curves.step[-1:], *curves.eval_step[-1:]])
    ax.set_xlim(-0.01 * last, 1.01 * last)
    whole_numbers(ax)


def _draw_marks(ax: Axes, curves: CurveData, y: float, theme: Theme) -> None:
    """Draw a dotted line for each mark, and at height ``y`` its text where there is room.

    From the newest back: of several changes in quick succession, as when a slider is
    dragged, the last one holds.
    """
    left, right = ax.get_xlim()
    free = np.inf
    for step, text in reversed(curves.marks):
        ax.axvline(step, color=theme.muted, lw=0.9, linestyle=":", zorder=4)
        if free - step < _MARK_ROOM * (right - left):
            continue
        free = step
        ax.text(
            step,
            y,
            text,
            transform=ax.get_xaxis_transform(),
            rotation=90,
            ha="right",
            va="top" if y > 0.5 else "bottom",
            fontsize=TEXT_SIZE - 1,
            color=theme.muted,
            bbox={"facecolor": theme.background, "edgecolor": "none", "pad": 1},
            parse_math=False,
        )


def _finite(values: NDArray[Any]) -> NDArray[np.float64]:
    """Turn infinities into gaps: matplotlib would stretch the axis for them."""
    values = np.asarray(values, np.float64)
    return np.where(np.isfinite(values), values, np.nan)
