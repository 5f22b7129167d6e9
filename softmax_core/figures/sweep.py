"""Runs with many learning rates: where each ended, as one curve of loss and one of accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.figures.frame import label_axes, legend_below, new_figure, style_axes
from softmax_core.figures.palette import LIGHT, TEST_DASH, Theme, dashes
from softmax_core.figures.wording import _, count, percent
from softmax_core.training.sweep import GOOD_ENOUGH, good_rates, goodness

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ABOVE_GUESSING: Final = 1.5  # times the loss of guessing: what is higher leaves the picture

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SweptRow:
    """Where the runs of one batch size ended; arrays of shape (n_rates,), low to high.

    Attributes
    ----------
    rates, loss, accuracy : ndarray
        Loss in nats; accuracy in [0, 1]. nan where nothing is known.
    diverged : ndarray of bool
    batch_size : int
    batch_name : str
        What the batch size is called.
    """

    rates: Floats
    loss: Floats
    accuracy: Floats
    diverged: NDArray[np.bool_]
    batch_size: int
    batch_name: str

    @property
    def goodness(self) -> Floats:
        """What its rates are held against each other by."""
        return goodness(self.loss, self.accuracy, self.diverged)

    @property
    def best(self) -> Best | None:
        """The best rate and those around it that are hardly worse; None where none is known."""
        known = self.goodness
        if not (known >= 0).any():
            return None
        first, last = good_rates(known)
        return Best(int(known.argmax()), first, last)


class Best(NamedTuple):
    """Places of rates in a row."""

    best: int
    first: int
    last: int


class Facts(NamedTuple):
    """What the sentences say of how it was measured."""

    epochs: int
    n_tested: int  # pictures of the test set
    n_loss: int  # training pictures that the loss was computed on
    n_classes: int


def sweep_figure(row: SweptRow, facts: Facts, *, theme: Theme = LIGHT) -> Figure:
    """Draw the loss (left) and the test accuracy (right) over the rate, the best rates shaded.

    Parameters
    ----------
    row : SweptRow
    facts : Facts
    theme : Theme
    """
    from matplotlib.ticker import FuncFormatter, NullLocator

    figure = new_figure(9.6, 4.0, theme)
    figure.subplots_adjust(left=0.065, right=0.985, bottom=0.26, top=0.91, wspace=0.2)
    has_test = bool(np.isfinite(row.accuracy).any())
    axes = figure.subplots(1, 2 if has_test else 1, squeeze=False)[0]
    highest = _ABOVE_GUESSING * float(np.log(facts.n_classes))
    _draw_loss(axes[0], row, highest, theme)
    if has_test:
        _draw_accuracy(axes[1], row, theme)
    for index, ax in enumerate(axes):
        _shade_best(ax, row, theme, named=index == 0)
        _mark_diverged(ax, row, theme, named=index == 0)
        ax.set_xscale("log")
        ax.set_xlim(row.rates[0] / 1.2, row.rates[-1] * 1.2)
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _position: f"{x:g}"))
        ax.xaxis.set_minor_locator(NullLocator())
        legend_below(ax, theme)
    return figure


def sweep_summary(row: SweptRow, facts: Facts) -> str:
    """Say which rates do best, how that was measured, and what becomes of the others."""
    best = row.best
    if best is None:
        return _("Not one of these runs has been measured.")
    parts = [_best_said(row, facts, best)]
    low, high = row.goodness[0], row.goodness[-1]
    if low >= 0 and best.first > 0:
        parts.append(_at(row, 0, _("Too timid")))
    if row.diverged.any():
        parts.append(_diverged_said(row))
    elif high >= 0 and best.last < len(row.rates) - 1:
        parts.append(_at(row, -1, _("Too bold")))
    return " ".join(parts)


def _best_said(row: SweptRow, facts: Facts, best: Best) -> str:
    has_test = bool(np.isfinite(row.accuracy).any())
    text = _(
        "Best: learning rates {low} to {high}. After {epochs} all of them read the test set "
        "({n} pictures) within {points:g} point of the best, {value} at {rate}."
    )
    if has_test and best.first == best.last:
        text = _(
            "Best: learning rate {rate}. After {epochs} it reads {value} of the test set ({n} "
            "pictures); its neighbours are more than {points:g} point behind."
        )
    elif not has_test:
        text = _(
            "Best: learning rates {low} to {high}. After {epochs} the training loss ({n} "
            "pictures) there is hardly above the lowest, {value} at {rate}."
        )
    return text.format(
        low=f"{row.rates[best.first]:g}",
        high=f"{row.rates[best.last]:g}",
        epochs=epochs_said(facts.epochs),
        n=count(facts.n_tested if has_test else facts.n_loss),
        points=100 * GOOD_ENOUGH,
        value=percent(row.accuracy[best.best]) if has_test else f"{row.loss[best.best]:.3f}",
        rate=f"{row.rates[best.best]:g}",
    )


def epochs_said(epochs: int) -> str:
    """Return ``one epoch`` or ``3 epochs``."""
    return _("one epoch") if epochs == 1 else _("{n} epochs").format(n=epochs)


def _at(row: SweptRow, place: int, what: str) -> str:
    accuracy = row.accuracy[place]
    value = percent(accuracy)
    if not np.isfinite(accuracy):
        value = _("loss {loss:.3g}").format(loss=row.loss[place])
    return _("{what} at {rate}: {value}.").format(
        what=what, rate=f"{row.rates[place]:g}", value=value
    )


def _diverged_said(row: SweptRow) -> str:
    lost = row.rates[row.diverged]
    text = _("{n} of {all} runs diverged and were stopped, the lowest at {rate}.")
    if len(lost) == 1:
        text = _("The run at {rate} diverged and was stopped.")
    return text.format(n=len(lost), all=len(row.rates), rate=f"{lost[0]:g}")


def _draw_loss(ax: Axes, row: SweptRow, highest: float, theme: Theme) -> None:
    style_axes(ax, _("Training loss in the end"), theme)
    label = _("training loss")
    shown = np.where(row.loss <= highest, row.loss, np.nan)
    ax.plot(row.rates, shown, "o-", ms=4, lw=1.8, color=theme.train, label=label)
    above = row.rates[row.loss > highest]
    ax.plot(above, np.full(len(above), 0.97 * highest), "^", ms=6, color=theme.train)
    top = np.nanmax(shown, initial=0.0) * 1.06
    ax.set_ylim(0, highest if len(above) or not top else top)
    label_axes(ax, _("learning rate"), _("loss (nats)"), theme)


def _draw_accuracy(ax: Axes, row: SweptRow, theme: Theme) -> None:
    style_axes(ax, _("Test accuracy in the end"), theme)
    style = dashes(TEST_DASH)
    ax.plot(row.rates, 100 * row.accuracy, linestyle=style, lw=1.8, color=theme.test)
    ax.plot(row.rates, 100 * row.accuracy, "s", ms=4, color=theme.test, label=_("test accuracy"))
    ax.set_ylim(0, 100.5)
    label_axes(ax, _("learning rate"), _("accuracy (% correct)"), theme)


def _shade_best(ax: Axes, row: SweptRow, theme: Theme, *, named: bool) -> None:
    best = row.best
    if best is None:
        return
    half = np.sqrt(row.rates[1] / row.rates[0])
    label = _("best rates") if named else "_nolegend_"
    low, high = row.rates[best.first] / half, row.rates[best.last] * half
    ax.axvspan(low, high, color=theme.muted, alpha=0.18, lw=0, label=label)


def _mark_diverged(ax: Axes, row: SweptRow, theme: Theme, *, named: bool) -> None:
    lost = row.rates[row.diverged]
    if not len(lost):
        return
    label = _("diverged") if named else "_nolegend_"
    at = np.full(len(lost), 0.96)
    ax.plot(
        lost,
        at,
        "x",
        ms=7,
        mew=2,
        color=theme.text,
        transform=ax.get_xaxis_transform(),
        label=label,
    )


def known_rows(rows: Sequence[SweptRow]) -> list[SweptRow]:
    """Return the rows of which something is known."""
    return [row for row in rows if row.best is not None]
