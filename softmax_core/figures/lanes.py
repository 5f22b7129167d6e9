"""Runs beside each other: their losses and accuracies drawn over one another."""

from __future__ import annotations

from collections.abc import Sequence
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
from softmax_core.figures.palette import DARK, LIGHT, Theme, lane_style
from softmax_core.figures.running import running_mean
from softmax_core.figures.wording import _, count, loss_text, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WINDOW: Final = 20  # steps that the loss is averaged over
# The first lane lies wide and pale under the others: lines that agree are both seen.
_FIRST_WIDTH: Final = 5.0
_FIRST_ALPHA: Final = 0.55


@dataclass(frozen=True)
class LaneCurve:
    """The curves of one lane.

    Attributes
    ----------
    name : str
    step, loss : arrays of shape (n_steps,)
        The loss of each batch, in nats.
    test_step, test_accuracy : arrays of shape (k,)
        Share of held-out pictures that it gets right.
    """

    name: str
    step: NDArray[Any]
    loss: NDArray[Any]
    test_step: NDArray[Any]
    test_accuracy: NDArray[Any]

    @property
    def mean_loss(self) -> NDArray[np.float64]:
        """The running mean of the loss."""
        return running_mean(self.step, self.loss, _WINDOW)


def lanes_loss_figure(lanes: Sequence[LaneCurve], *, theme: Theme = LIGHT) -> Figure:
    """Draw the loss on the training pictures of all lanes.

    Parameters
    ----------
    lanes : sequence of LaneCurve
        The first is the one that the others are held against.
    theme : Theme
    """
    figure, ax = _empty(lanes, _("Loss on the training pictures"), theme)
    for index, lane in enumerate(lanes):
        label = f"{lane.name}: {loss_text(_last(lane.mean_loss))}"
        _draw_line(ax, index, (lane.step, lane.mean_loss), label, theme)
        _note_end(ax, index, lane, lanes, theme)
    ax.set_ylim(bottom=0)
    legend_below(ax, theme)
    mean = _("loss (nats, mean of {window} steps)").format(window=_WINDOW)
    label_axes(ax, _("step (weight updates)"), mean, theme)
    return figure


def lanes_accuracy_figure(lanes: Sequence[LaneCurve], *, theme: Theme = LIGHT) -> Figure:
    """Draw how often each lane is right on held-out pictures.

    Parameters
    ----------
    lanes : sequence of LaneCurve
        As in ``lanes_loss_figure``.
    theme : Theme
    """
    figure, ax = _empty(lanes, _("Accuracy on pictures never seen"), theme)
    for index, lane in enumerate(lanes):
        label = f"{lane.name}: {percent(_last(lane.test_accuracy))}"
        _draw_line(ax, index, (lane.test_step, 100 * lane.test_accuracy), label, theme)
    ax.set_ylim(0, 100.5)
    legend_below(ax, theme)
    label_axes(ax, _("step (weight updates)"), _("accuracy (% correct)"), theme)
    return figure


def lanes_loss_summary(lanes: Sequence[LaneCurve]) -> str:
    """Say in one sentence at which loss the lanes ended."""
    ends = [(lane.name, loss_text(_last(lane.mean_loss))) for lane in lanes]
    text = _("Training loss after {steps} steps: {ends}.")
    return text.format(steps=count(_longest(lanes)), ends=_listed(ends))


def lanes_accuracy_summary(lanes: Sequence[LaneCurve]) -> str:
    """Say in one sentence how often the lanes were right in the end."""
    ends = [(lane.name, percent(_last(lane.test_accuracy))) for lane in lanes]
    text = _("Right on the test set after {steps} steps: {ends}.")
    return text.format(steps=count(_longest(lanes)), ends=_listed(ends))


def _listed(ends: list[tuple[str, str]]) -> str:
    return ", ".join(f"{name} {value}" for name, value in ends)


def _longest(lanes: Sequence[LaneCurve]) -> float:
    return max([0.0, *(float(lane.step[-1]) for lane in lanes if len(lane.step))])


def _empty(lanes: Sequence[LaneCurve], title: str, theme: Theme) -> tuple[Figure, Axes]:
    figure = new_figure(4.8, 3.1, theme)
    figure.subplots_adjust(left=0.125, right=0.98, bottom=0.25, top=0.91)
    ax = figure.subplots()
    style_axes(ax, title, theme)
    last = max(1.0, _longest(lanes))
    ax.set_xlim(-0.01 * last, 1.01 * last)
    whole_numbers(ax)
    return figure, ax


def _draw_line(
    ax: Axes, index: int, line: tuple[NDArray[Any], NDArray[Any]], label: str, theme: Theme
) -> None:
    style = lane_style(index, theme)
    ax.plot(
        *line,
        color=style.color,
        linestyle=style.linestyle,
        lw=1.9 if index else _FIRST_WIDTH,
        alpha=1.0 if index or theme == DARK else _FIRST_ALPHA,  # on black it would drown
        solid_capstyle="butt",
        label=label,
    )


def _note_end(
    ax: Axes, index: int, lane: LaneCurve, lanes: Sequence[LaneCurve], theme: Theme
) -> None:
    """Mark where a lane was stopped before the others."""
    if not len(lane.step) or lane.step[-1] == _longest(lanes):
        return
    x, y = float(lane.step[-1]), _last(lane.mean_loss)
    style = lane_style(index, theme)
    ax.plot([x], [y], marker="X", ms=8, color=style.color)
    text = _("stopped at step {step}").format(step=count(x))
    ax.annotate(text, (x, y), (6, 6), textcoords="offset points", fontsize=TEXT_SIZE)


def _last(values: NDArray[Any]) -> float:
    return float(values[-1]) if len(values) else float("nan")
