"""The gradient check as pictures: claimed against numeric, biases, and rows below a maximum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.figures.frame import (
    TEXT_SIZE,
    label_axes,
    legend_at_foot,
    new_figure,
    style_axes,
)
from softmax_core.figures.palette import LIGHT, TEST_DASH, TEST_HATCH, Theme, dashes, lane_style
from softmax_core.figures.wording import _, count, signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BAR: Final = 0.4  # width, of the distance between classes
_MOST_BLOCKS: Final = 3  # of softmax regression
_LONG_NAME: Final = 3  # characters; longer names of classes are written upwards


@dataclass(frozen=True)
class BlockEntries:
    """Sampled entries of one block's gradient; arrays of shape (n_entries,)."""

    name: str
    claimed: NDArray[Any]
    numeric: NDArray[Any]
    agrees: bool


def blocks_figure(blocks: Sequence[BlockEntries], *, theme: Theme = LIGHT) -> Figure:
    """Draw a square for each block: what is right lies on its diagonal.

    Blocks that agree are blue circles, those that do not orange crosses.

    Parameters
    ----------
    blocks : sequence of BlockEntries
    theme : Theme
    """
    n_places = max(len(blocks), _MOST_BLOCKS)  # one size whatever the network
    figure = new_figure(1.8 * n_places, 2.3, theme)
    figure.set_layout_engine("constrained")
    places = figure.subplots(1, n_places)
    for unused in places[len(blocks) :]:
        unused.set_axis_off()
    for ax, block in zip(places, blocks, strict=False):
        style_axes(ax, block.name, theme)
        _draw_entries(ax, block, theme)
        label_axes(ax, _("slope"), _("claimed"), theme)
    return figure


def blocks_summary(blocks: Sequence[BlockEntries]) -> str:
    """Say in one sentence which blocks lie on the diagonal."""
    right = ", ".join(block.name for block in blocks if block.agrees)
    wrong = ", ".join(block.name for block in blocks if not block.agrees)
    n_entries = max((len(block.claimed) for block in blocks), default=0)
    text = _("Each mark is an entry, at most {n} a block; right ones lie on the dashed diagonal.")
    parts = [text.format(n=n_entries)]
    if right:
        parts.append(_("On it: {names}.").format(names=right))
    if wrong:
        parts.append(_("Off it: {names}.").format(names=wrong))
    return " ".join(parts)


def biases_figure(
    biases: Sequence[tuple[str, NDArray[Any]]],
    class_names: Sequence[str],
    *,
    theme: Theme = LIGHT,
) -> Figure:
    """Draw the lanes' learned biases side by side, the second lane hatched.

    Parameters
    ----------
    biases : sequence of (name of the lane, array of shape (n_classes,))
        One or two.
    class_names : sequence of str
    theme : Theme
    """
    place = np.arange(len(class_names))
    figure = new_figure(max(5.4, 0.26 * len(place) + 2.0), 2.3, theme)
    figure.set_layout_engine("constrained")
    ax = figure.subplots()
    style_axes(ax, _("The biases that were learned"), theme)
    ax.axhline(0, color=theme.muted, lw=0.8)
    width = 2 * _BAR / len(biases)
    for index, (name, b) in enumerate(biases):
        _draw_bars(ax, index, place + width * (index - (len(biases) - 1) / 2), (name, b), theme)
    upwards = 90 if max(map(len, class_names), default=0) > _LONG_NAME else 0
    ax.set_xticks(place, class_names, rotation=upwards, fontsize=TEXT_SIZE, parse_math=False)
    label_axes(ax, _("class"), _("bias"), theme)
    legend_at_foot(figure, theme)
    return figure


def biases_summary(biases: Sequence[tuple[str, NDArray[Any]]], class_names: Sequence[str]) -> str:
    """Say in one sentence how far apart each lane's biases are."""
    parts = []
    for name, b in biases:
        low, high = int(np.argmin(b)), int(np.argmax(b))
        if float(b[high] - b[low]) < _SAME:
            text = _("{name}: all {n} are the same ({value:.2g}), which is no bias at all")
            parts.append(text.format(name=name, n=len(b), value=_rounded(b[high])))
        else:
            text = _("{name}: from {low} (class {least}) to {high} (class {most})")
            parts.append(
                text.format(
                    name=name,
                    low=signed(float(b[low])),
                    least=class_names[low],
                    high=signed(float(b[high])),
                    most=class_names[high],
                )
            )
    return "; ".join(parts) + "."


_SAME: Final = 1e-4  # biases that learn differ by tenths, those that do not by rounding


def rows_figure(
    largest: NDArray[Any], is_lost: NDArray[Any], limit: float, *, theme: Theme = LIGHT
) -> Figure:
    """Draw each row's largest logit against the array's, and where exponentials vanish.

    Parameters
    ----------
    largest : ndarray of float of shape (n_samples,)
    is_lost : ndarray of bool of shape (n_samples,)
        Rows that became 0 / 0.
    limit : float
        How far below the maximum an exponential is 0.
    theme : Theme
    """
    place = np.arange(1, len(largest) + 1)
    figure = new_figure(6.6, 2.8, theme)
    figure.set_layout_engine("constrained")
    ax = figure.subplots()
    style_axes(ax, _("Each picture's largest logit"), theme)
    top = float(np.max(largest))
    ax.axhline(top, color=theme.train, lw=1.4, label=_("the array's maximum, subtracted"))
    label = _("{limit:.0f} below it: exp is 0").format(limit=limit)
    ax.axhline(top - limit, color=theme.test, lw=1.4, ls=dashes(TEST_DASH), label=label)
    keep = ~np.asarray(is_lost, bool)
    ax.plot(place[keep], largest[keep], "o", ms=4.5, mfc="none", color=theme.train)
    label = _("0 / 0: {n} of {all}").format(n=count(len(largest) - keep.sum()), all=len(largest))
    ax.plot(place[~keep], largest[~keep], "x", ms=6, mew=1.8, color=theme.test, label=label)
    ax.set_ylim(top=top + 0.1 * (top - min(float(np.min(largest)), top - limit)))
    label_axes(ax, _("picture of the batch"), _("largest logit"), theme)
    legend_at_foot(figure, theme)
    return figure


def rows_summary(largest: NDArray[Any], is_lost: NDArray[Any], limit: float) -> str:
    """Say in one sentence how many rows were lost, and to which maximum."""
    text = _(
        "The most confident picture's logit is {top:.0f}; {lost} of {all} pictures lie {limit:.0f} "
        "or more below it, so all their exponentials are 0 and their probabilities 0 / 0."
    )
    return text.format(
        top=np.max(largest), lost=int(np.sum(is_lost)), all=len(largest), limit=limit
    )


def _draw_entries(ax: Axes, block: BlockEntries, theme: Theme) -> None:
    from matplotlib.ticker import MaxNLocator

    both = np.concatenate([block.claimed, block.numeric])
    both = both[np.isfinite(both)]
    reach = 1.15 * float(np.abs(both).max(initial=1e-12))
    ax.plot([-reach, reach], [-reach, reach], color=theme.muted, lw=1, ls=dashes(TEST_DASH))
    look: dict[str, Any] = {"marker": "x", "ms": 6, "mew": 1.6, "color": theme.test}
    if block.agrees:
        look = {"marker": "o", "ms": 4.5, "mfc": "none", "color": theme.train}
    ax.plot(block.numeric, block.claimed, ls="none", **look)
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    ax.xaxis.set_major_locator(MaxNLocator(nbins=3))
    ax.yaxis.set_major_locator(MaxNLocator(nbins=3))
    ax.ticklabel_format(scilimits=(-2, 3), useMathText=False)
    for axis in (ax.xaxis, ax.yaxis):
        axis.get_offset_text().set(fontsize=TEXT_SIZE - 1, color=theme.muted)


def _draw_bars(
    ax: Axes, index: int, place: NDArray[Any], lane: tuple[str, NDArray[Any]], theme: Theme
) -> None:
    (name, b), color = lane, lane_style(index, theme).color
    hatched = {"facecolor": "none", "edgecolor": color, "hatch": TEST_HATCH}
    plain = {"color": color, "alpha": 0.75}
    ax.bar(place, b, _BAR * 0.95, label=name, **(hatched if index else plain))


def _rounded(value: float) -> float:
    return 0.0 if abs(value) < _SAME else float(value)
