"""A race as a figure: the loss and the test accuracy of all lanes over the examples seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.figures.frame import (
    TEXT_SIZE,
    label_axes,
    new_figure,
    quiet_legend,
    style_axes,
    whole_numbers,
)
from softmax_core.figures.palette import LIGHT, Theme, lane_style
from softmax_core.figures.wording import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_ABOVE_START: Final = 1.5  # of the loss at the start; what leaps higher leaves the picture
_LETTERS: Final = 110  # that stand beside each other over the charts
_SAMPLE_OF_LINE: Final = 8  # its width, in letters


@dataclass(frozen=True)
class RaceCurve:
    """The curves of one lane.

    Attributes
    ----------
    name : str
    seen, loss : arrays of shape (k,)
        Examples seen and the loss in nats, a mean over the batches before; see `lane_means`.
    test_seen, test_accuracy : arrays of shape (m,)
        Examples seen when the test set was read, and the share read rightly.
    stopped : bool
        Whether the lane was stopped before its end.
    """

    name: str
    seen: NDArray[Any]
    loss: NDArray[Any]
    test_seen: NDArray[Any]
    test_accuracy: NDArray[Any]
    stopped: bool = False


def race_figure(
    lanes: Sequence[RaceCurve], what: str, examples: int, *, theme: Theme = LIGHT
) -> Figure:
    """Draw the loss (left) and the test accuracy (right), a colour and dashes for each lane.

    Parameters
    ----------
    lanes : sequence of RaceCurve
    what : str
        In what the lanes differ.
    examples : int
        Over how many examples the loss is averaged.
    theme : Theme
    """
    figure = new_figure(9.6, 4.4, theme)
    loss_ax, accuracy_ax = figure.subplots(
        1, 2, gridspec_kw={"left": 0.07, "right": 0.98, "top": 0.77, "bottom": 0.13}
    )
    style_axes(loss_ax, _("Training loss"), theme)
    style_axes(accuracy_ax, _("Test accuracy"), theme)
    for index, lane in enumerate(lanes):
        _draw(loss_ax, index, (lane.seen, lane.loss), lane, theme)
        _draw(accuracy_ax, index, (lane.test_seen, 100 * lane.test_accuracy), lane, theme)
    top = _highest(lanes)
    going = [lane for lane in lanes if not lane.stopped]
    above = sum(bool(_last(lane) > top) for lane in going)
    if above and 2 * above >= len(going):
        loss_ax.set_yscale("log")
    else:
        loss_ax.set_ylim(0, top)
    for ax in (loss_ax, accuracy_ax):
        whole_numbers(ax)
    mean = _("nats, mean over {n:,} examples").format(n=examples)
    label_axes(loss_ax, _("examples seen"), mean, theme)
    label_axes(accuracy_ax, _("examples seen"), _("% of the test pictures"), theme)
    _name_lanes(loss_ax, lanes, what, theme)
    return figure


def _name_lanes(ax: Axes, lanes: Sequence[RaceCurve], what: str, theme: Theme) -> None:
    """Put the legend over both charts, in the room that is kept for it."""
    fits = sum(len(lane.name) + _SAMPLE_OF_LINE for lane in lanes) < _LETTERS
    legend = ax.legend(
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.1),
        borderaxespad=0,
        ncols=len(lanes) if fits else -(-len(lanes) // 2),
        title=what,
        alignment="left",
    )
    legend.get_title().set_fontweight("bold")
    legend.get_title().set(color=theme.text, fontsize=TEXT_SIZE)
    quiet_legend(legend, theme)


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


def _last(lane: RaceCurve) -> float:
    """Return where a lane's loss has come to, 0 where it has none."""
    finite = lane.loss[np.isfinite(lane.loss)]
    return float(finite[-1]) if len(finite) else 0.0


def _highest(lanes: Sequence[RaceCurve]) -> float:
    """Return the top of the loss axis: the start of all lanes, not the leaps of one of them."""
    starts = [float(lane.loss[0]) for lane in lanes if len(lane.loss)]
    finite = [start for start in starts if np.isfinite(start)]
    return _MOST_ABOVE_START * max(finite, default=2.5)
