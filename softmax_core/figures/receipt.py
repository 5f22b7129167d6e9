"""A recipe's published curve and ours drawn together: the median of our runs, and their spread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from softmax_core.figures.frame import (
    label_axes,
    legend_at_foot,
    new_figure,
    style_axes,
    whole_numbers,
)
from softmax_core.figures.palette import LIGHT, TEST_DASH, Theme, dashes, lane_style
from softmax_core.figures.wording import _, count, percent
from softmax_core.training.recipes.one_run import RunSoFar, series_of
from softmax_core.training.recipes.receipt import Receipt
from softmax_core.training.recipes.recipe import BOUNDS, QUANTITIES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_OWN_SEED_DASH: Final = (1.0, 1.5)
_MOST_MARKERS: Final = 15


class _Line(NamedTuple):
    """One quantity's place and look."""

    quantity: str
    name: str
    color: str
    dash: tuple[float, ...]
    scale: float  # 100 for what is shown in per cent


def receipt_figure(
    receipt: Receipt, run: RunSoFar | None = None, *, theme: Theme = LIGHT
) -> Figure:
    """Draw the loss (left) and the accuracy (right): published, ours, and perhaps a run of now.

    Published figures are dots, those of an independent reference diamonds, bounds dotted
    lines; our median is a line, the spread of our seeds a band; test is orange and dashed,
    the run of now dashed in a lane's colour.

    Parameters
    ----------
    receipt : Receipt
        With at least one run.
    run : RunSoFar, optional
    theme : Theme
    """
    figure = new_figure(9.6, 4.6, theme)
    figure.set_layout_engine("constrained")
    loss_ax, accuracy_ax = figure.subplots(1, 2)
    style_axes(loss_ax, _("Loss: how surprised the model is"), theme)
    style_axes(accuracy_ax, _("Accuracy: how often it is right"), theme)
    lines = _lines(receipt, theme)
    for ax, figure_name in ((loss_ax, "loss"), (accuracy_ax, "accuracy")):
        here = [line for line in lines if line.quantity.endswith(figure_name)]
        for line in here:
            _draw_line(ax, line, receipt, run, theme)
        whole_numbers(ax)
        unit = _("step (weight updates)") if _in_steps(here) else _("epoch (whole passes)")
        label = _("loss (nats)") if figure_name == "loss" else _("accuracy (% correct)")
        label_axes(ax, unit, label, theme)
    loss_ax.set_ylim(bottom=0)
    _name_once(loss_ax, accuracy_ax)
    legend_at_foot(figure, theme)
    return figure


def receipt_summary(receipt: Receipt) -> str:
    """Say in one sentence how many figures agree, and which do not."""
    rows = receipt.rows
    held, n_seeds = sum(row.passed is True for row in rows), len(receipt.runs)
    text = _("{held} of {all} published figures agree with ours").format(held=held, all=len(rows))
    text += _(" over {n} seeds").format(n=n_seeds) if n_seeds > 1 else _(" for one seed")
    others = [row.claim.text for row in rows if row.passed is not True]
    if others:
        text += _("; not so: {what}").format(what=", ".join(_(other) for other in others))
    return f"{text}{_last_accuracy(receipt)}."


def _last_accuracy(receipt: Receipt) -> str:
    values = receipt.curves("test_accuracy")
    if not values:
        return ""
    at = max(values)
    low, high = percent(min(values[at])), percent(max(values[at]))
    text = _("; our test accuracy after epoch {epoch} is {low}")
    if low != high:
        text = _("; our test accuracy after epoch {epoch} is {low} to {high}")
    return text.format(epoch=count(at), low=low, high=high)


def _lines(receipt: Receipt, theme: Theme) -> list[_Line]:
    names = {
        "batch_loss": _("training batch"),
        "batch_accuracy": _("training batch"),
        "epoch_loss": _("training, mean of the epoch"),
        "epoch_accuracy": _("training, mean of the epoch"),
        "train_loss": _("training set"),
        "train_accuracy": _("training set"),
        "test_loss": _("test set"),
        "test_accuracy": _("test set"),
    }
    lines = []
    for quantity in receipt.recipe.drawn:
        is_test = quantity.startswith("test")
        color, dash = (theme.test, TEST_DASH) if is_test else (theme.train, ())
        scale = 100.0 if quantity.endswith("accuracy") else 1.0
        lines.append(_Line(quantity, names[quantity], color, dash, scale))
    return lines


def _in_steps(lines: list[_Line]) -> bool:
    return any(QUANTITIES[line.quantity] == "step" for line in lines)


def _draw_line(ax: Axes, line: _Line, receipt: Receipt, run: RunSoFar | None, theme: Theme) -> None:
    _draw_ours(ax, line, receipt.curves(line.quantity))
    _draw_own_seed(ax, line, receipt)
    _draw_published(ax, line, receipt, theme)
    if run is not None:
        _draw_run(ax, line, receipt, run, theme)


def _draw_run(ax: Axes, line: _Line, receipt: Receipt, run: RunSoFar, theme: Theme) -> None:
    """Draw the run of now from where ours begin: its random start would stretch the axis."""
    x, y = series_of(run, line.quantity)
    begun = x >= min(receipt.curves(line.quantity), default=0)
    if not begun.any():
        return
    style = lane_style(1 if line.dash else 0, theme)
    label = _("this run, {what}").format(what=line.name)
    dash = dashes((6.0, 2.0, 1.5, 2.0))
    y = np.where(np.isfinite(y), y, np.nan) * line.scale
    ax.plot(x[begun], y[begun], color=style.color, linestyle=dash, lw=1.6, label=label)


def _draw_ours(ax: Axes, line: _Line, values: Mapping[int, tuple[float, ...]]) -> None:
    if not values:
        return
    x = np.array(list(values))
    columns = [np.array(values[at], np.float64) * line.scale for at in values]
    low = [_finite(np.min(column)) for column in columns]
    high = [_finite(np.max(column)) for column in columns]
    middle = [_finite(np.median(column)) for column in columns]
    ax.fill_between(x, low, high, color=line.color, alpha=0.18, linewidth=0)
    seeds = max(len(column) for column in columns)
    label = _("ours, {what}: middle and range of {n} seeds").format(what=line.name, n=seeds)
    if seeds == 1:
        label = _("ours, {what}").format(what=line.name)
    ax.plot(x, middle, color=line.color, linestyle=dashes(line.dash), lw=2.0, label=label)


def _draw_own_seed(ax: Axes, line: _Line, receipt: Receipt) -> None:
    """Draw the run with the published seed, where there are others as well."""
    own = [run for run in receipt.runs if run.seed == receipt.recipe.own_seed]
    if not own or len(receipt.runs) == 1:
        return
    points = own[0].figures.get(line.quantity, {})
    x = sorted(points)
    label = _("ours, {what}, published seed {seed}").format(what=line.name, seed=own[0].seed)
    dash, marker = dashes(_OWN_SEED_DASH), "s" if line.dash else "o"
    y = [_finite(points[at]) * line.scale for at in x]
    ax.plot(x, y, color=line.color, linestyle=dash, marker=marker, ms=3, lw=1.6, label=label)


def _draw_published(ax: Axes, line: _Line, receipt: Receipt, theme: Theme) -> None:
    curves = [c for c in receipt.recipe.curves_of(receipt.version) if c.quantity == line.quantity]
    for curve in curves:
        y = np.array(curve.values) * line.scale
        label = _("published, {what}").format(what=line.name)
        ax.plot(
            list(curve.points),
            y,
            color=theme.text,
            linestyle="none",
            marker="o",
            ms=4.5,
            mfc="none",
            markevery=-(-len(y) // _MOST_MARKERS),
            label=label,
            zorder=4,
        )
    for claim in receipt.recipe.claims_of(receipt.version):
        if claim.quantity != line.quantity or any(claim.at in c.points for c in curves):
            continue
        bounds = [bound * line.scale for bound in (claim.low, claim.high) if bound is not None]
        if claim.rule == BOUNDS:
            for bound in bounds:
                label = _("published bound, {what}").format(what=line.name)
                ax.axhline(bound, color=line.color, linestyle=":", lw=1.4, label=label)
        else:
            label = _("published, {what}") if claim.printed else _("reference, {what}")
            _draw_figure(ax, claim.at, bounds, label.format(what=line.name), theme)


def _draw_figure(ax: Axes, at: int, bounds: list[float], label: str, theme: Theme) -> None:
    """Draw one figure, or the range of several, at its step or epoch."""
    known = {text.get_label() for text in ax.get_lines()}
    ax.plot(
        [at] * len(bounds),
        bounds,
        color=theme.text,
        marker="D",
        ms=4.5,
        mfc="none",
        lw=1.2 if len(set(bounds)) > 1 else 0,
        zorder=5,
        label="_" + label if label in known else label,
    )


def _name_once(first: Axes, second: Axes) -> None:
    """Leave out of the legend what the first axes have named already."""
    named = set(first.get_legend_handles_labels()[1])
    for line in second.get_lines():
        if line.get_label() in named:
            line.set_label("_nolegend_")


def _finite(value: float) -> float:
    """Turn an infinity into a gap: matplotlib would stretch the axis for it."""
    return float(value) if np.isfinite(value) else float("nan")
