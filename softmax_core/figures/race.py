"""A race as a figure: the loss and the test accuracy of all lanes over the examples seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from softmax_core.figures.frame import (
    label_axes,
    legend_at_foot,
    new_figure,
    style_axes,
    whole_numbers,
)
from softmax_core.figures.palette import LIGHT, Theme, lane_style
from softmax_core.figures.running import running_mean, running_window
from softmax_core.figures.wording import _

_MOST_ABOVE_START: Final = 1.5  # of the loss at the start; what leaps higher leaves the picture


@dataclass(frozen=True)
class RaceCurve:
    """The curves of one lane.

    Attributes
    ----------
    name : str
    step, seen, loss : arrays of shape (k,)
        Last step of each point, examples seen by then, mean loss of the batches in nats.
    test_seen, test_accuracy : arrays of shape (m,)
        Examples seen when the test set was read, and the share read rightly.
    stopped : bool
        Whether the lane was stopped before its end.
    """

    name: str
    step: NDArray[Any]
    seen: NDArray[Any]
    loss: NDArray[Any]
    test_seen: NDArray[Any]
    test_accuracy: NDArray[Any]
    stopped: bool = False


def race_figure(lanes: Sequence[RaceCurve], what: str, *, theme: Theme = LIGHT) -> Figure:
    """Draw the loss (left) and the test accuracy (right), a colour and dashes for each lane.

    Parameters
    ----------
    lanes : sequence of RaceCurve
    what : str
        In what the lanes differ.
    theme : Theme
    """
    figure = new_figure(9.6, 4.2, theme)
    figure.set_layout_engine("constrained")
    loss_ax, accuracy_ax = figure.subplots(1, 2)
    style_axes(loss_ax, _("Loss, by {what}").format(what=what.lower()), theme)
    style_axes(accuracy_ax, _("Test accuracy, by {what}").format(what=what.lower()), theme)
    for index, lane in enumerate(lanes):
        means = running_mean(lane.step, lane.loss, running_window(lane.step))
        _draw(loss_ax, index, (lane.seen, means), lane, theme)
        _draw(accuracy_ax, index, (lane.test_seen, 100 * lane.test_accuracy), lane, theme)
    loss_ax.set_ylim(0, _highest(lanes))
    for ax in (loss_ax, accuracy_ax):
        whole_numbers(ax)
    label_axes(loss_ax, _("examples seen"), _("loss (nats, running mean)"), theme)
    label_axes(accuracy_ax, _("examples seen"), _("accuracy (% correct)"), theme)
    for line in accuracy_ax.get_lines():
        line.set_label("_nolegend_")  # the same lanes: once is enough
    legend_at_foot(figure, theme)
    return figure


def _draw(
    ax: Axes,
    index: int,
    points: tuple[NDArray[Any], NDArray[Any]],
    lane: RaceCurve,
    theme: Theme,
) -> None:
    style = lane_style(index, theme)
    x, y = points
    y = np.where(np.isfinite(y), y, np.nan)
    label = _("{name}, stopped").format(name=lane.name) if lane.stopped else lane.name
    ax.plot(x, y, color=style.color, linestyle=style.linestyle, lw=2.0, label=label)
    if lane.stopped and len(x):
        ax.plot(x[-1:], y[-1:], marker="X", ms=8, color=style.color, label="_nolegend_")


def _highest(lanes: Sequence[RaceCurve]) -> float:
    """Return the top of the loss axis: the start of all lanes, not the leaps of one of them."""
    starts = [float(lane.loss[0]) for lane in lanes if len(lane.loss)]
    finite = [start for start in starts if np.isfinite(start)]
    return _MOST_ABOVE_START * max(finite, default=2.5)
