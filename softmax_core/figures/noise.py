"""Batch size and noise: how far random batches' gradients lie from that of the whole set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.figures.frame import TEXT_SIZE, label_axes, legend_below, new_figure, style_axes
from softmax_core.figures.palette import LIGHT, TEST_DASH, Theme, dashes
from softmax_core.figures.wording import _, count

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SAME: Final = 0.01  # two rules that differ by less are one
_SIDEWAYS: Final = 0.55  # powers of two, over which the dots of a batch size are spread

Floats = NDArray[np.float64]


def noise_figure(
    batch_sizes: Sequence[int],
    angles: Sequence[NDArray[Any]],
    spreads: Sequence[NDArray[Any]],
    expected: Sequence[float],
    *,
    theme: Theme = LIGHT,
) -> Figure:
    """Draw a dot for each batch: its angle (left) and its distance (right).

    Parameters
    ----------
    batch_sizes : sequence of int, rising
        The last is the whole set.
    angles : sequence of arrays of shape (n_batches,)
        To the gradient of the whole set, in degrees.
    spreads : sequence of arrays of shape (n_batches,)
        Length of the difference from it, as a share of its own length.
    expected : sequence of float
        What the spread must be on the whole (root of the mean square), drawn dashed.
    theme : Theme
    """
    figure = new_figure(9.6, 3.8, theme)
    figure.subplots_adjust(left=0.065, right=0.985, bottom=0.27, top=0.91, wspace=0.2)
    angle_ax, spread_ax = figure.subplots(1, 2)
    _draw_angles(angle_ax, batch_sizes, angles, theme)
    _draw_spreads(spread_ax, batch_sizes, (spreads, expected), theme)
    return figure


def noise_figures(
    batch_sizes: Sequence[int],
    angles: Sequence[NDArray[Any]],
    spreads: Sequence[NDArray[Any]],
    expected: Sequence[float],
    *,
    theme: Theme = LIGHT,
) -> tuple[Figure, Figure]:
    """Draw the same as two figures, which a narrow page can put below each other.

    Parameters
    ----------
    batch_sizes, angles, spreads, expected, theme
        As in ``noise_figure``.
    """
    figures = new_figure(4.8, 3.8, theme), new_figure(4.8, 3.8, theme)
    for figure in figures:
        figure.subplots_adjust(left=0.125, right=0.965, bottom=0.27, top=0.91)
    _draw_angles(figures[0].subplots(), batch_sizes, angles, theme)
    _draw_spreads(figures[1].subplots(), batch_sizes, (spreads, expected), theme)
    return figures


def noise_summary(
    batch_sizes: Sequence[int],
    angles: Sequence[NDArray[Any]],
    spreads: Sequence[NDArray[Any]],
    expected: Sequence[float],
) -> str:
    """Say in two sentences how noisy batches are, small and large ones.

    Parameters
    ----------
    batch_sizes, angles, spreads, expected
        As in ``noise_figure``.
    """
    drawn = [i for i, spread in enumerate(spreads) if len(spread) > 1]
    if not drawn:
        return _("There is only one batch, the whole training set: its gradient has no noise.")
    if not all(np.isfinite(angles[i]).any() for i in (drawn[0], drawn[-1])):
        return _("The gradient is 0, or that of a batch is: it points nowhere.")
    text = _("a batch of {size} points {angle:.0f} degrees off and lies {spread:.3g} lengths away")
    parts = [
        text.format(
            size=count(batch_sizes[i]), angle=np.nanmean(angles[i]), spread=_rms(spreads[i])
        )
        for i in (drawn[0], drawn[-1])
    ]
    text = _("Beside the gradient of all {all} examples, on average over {n} batches, {parts}.")
    many = text.format(
        n=len(spreads[drawn[0]]), all=count(batch_sizes[-1]), parts=_(" and ").join(parts)
    )
    if len(drawn) < 2:
        return many
    text = _(
        "From the smaller to the larger batch the distance falls {found:.3g} times; the rule "
        "1/√(batch size) says {rule:.3g} times."
    )
    told = expected[drawn[0]] / expected[drawn[-1]]
    rule = float(np.sqrt(batch_sizes[drawn[-1]] / batch_sizes[drawn[0]]))
    if abs(told / rule - 1) > _SAME:
        text = _(
            "From the smaller to the larger batch the distance falls {found:.3g} times; the rule "
            "1/√(batch size) says {rule:.3g} times, and {told:.3g} as no example is drawn twice."
        )
    found = _rms(spreads[drawn[0]]) / _rms(spreads[drawn[-1]])
    return many + " " + text.format(found=found, rule=rule, told=told)


def _draw_angles(
    ax: Axes, batch_sizes: Sequence[int], angles: Sequence[NDArray[Any]], theme: Theme
) -> None:
    style_axes(ax, _("Direction: how far batches point astray"), theme)
    _draw_dots(ax, np.log2(np.asarray(batch_sizes, np.float64)), angles, theme)
    label = _("90 degrees: no help at all")
    ax.axhline(90, color=theme.muted, lw=0.9, linestyle=":", zorder=0.5, label=label)
    ax.set_ylim(-4, max(100.0, *(float(np.nanmax(a, initial=0)) + 5 for a in angles)))
    _name_sizes(ax, batch_sizes)
    legend_below(ax, theme)
    size = _("batch size (examples)")
    label_axes(ax, size, _("angle to the full gradient (degrees)"), theme)


def _draw_spreads(
    ax: Axes,
    batch_sizes: Sequence[int],
    found: tuple[Sequence[NDArray[Any]], Sequence[float]],
    theme: Theme,
) -> None:
    spreads, expected = found
    style_axes(ax, _("Distance from the full gradient"), theme)
    places = np.log2(np.asarray(batch_sizes, np.float64))
    _draw_dots(ax, places, spreads, theme)
    label = _("expected: falls as 1/√(batch size)")
    line = [value if value > 0 else np.nan for value in expected]
    ax.plot(places, line, color=theme.test, linestyle=dashes(TEST_DASH), label=label)
    _log_scale(ax, places, spreads, theme)
    _name_sizes(ax, batch_sizes)
    legend_below(ax, theme)
    size = _("batch size (examples)")
    label_axes(ax, size, _("difference / length of the full gradient"), theme)


def _rms(values: NDArray[Any]) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


def _draw_dots(ax: Axes, places: Floats, values: Sequence[NDArray[Any]], theme: Theme) -> None:
    """Draw the batches of a size beside each other, those of one drawing in its order."""
    label = _("a random batch")
    for place, of_size in zip(places, values, strict=True):
        shown = np.asarray(of_size, np.float64)
        sideways = np.linspace(-_SIDEWAYS, _SIDEWAYS, len(shown)) if len(shown) > 1 else [0.0]
        ax.plot(
            place + np.asarray(sideways),
            np.where(np.isfinite(shown), shown, np.nan),
            "o",
            ms=4,
            color=theme.train,
            alpha=0.55,
            markeredgewidth=0,
            label=label if place == places[0] else None,
        )


def _log_scale(ax: Axes, places: Floats, spreads: Sequence[NDArray[Any]], theme: Theme) -> None:
    """Use a logarithmic scale, on which 1/sqrt is a straight line; 0 has no place on it."""
    from matplotlib.ticker import FuncFormatter, NullLocator

    values = np.concatenate([np.asarray(spread, np.float64) for spread in spreads])
    values = values[np.isfinite(values) & (values > 0)]
    if not len(values):
        return
    ax.set_yscale("log")
    ax.set_ylim(float(values.min()) / 2, float(values.max()) * 2)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _position: f"{y:g}"))
    ax.yaxis.set_minor_locator(NullLocator())
    if len(spreads[-1]) == 1 and not spreads[-1][0]:
        ax.annotate(
            _("all: exactly 0"),
            (float(places[-1]) + 1, 0.04),
            xycoords=("data", "axes fraction"),
            ha="right",
            fontsize=TEXT_SIZE,
            color=theme.muted,
        )


def _name_sizes(ax: Axes, batch_sizes: Sequence[int]) -> None:
    names = [count(size) for size in batch_sizes]
    if len(names) > 1:
        names[-1] = _("all {n}").format(n=names[-1])
    places = np.log2(np.asarray(batch_sizes, np.float64))
    ax.set_xticks(places, names)
    ax.set_xlim(-1, float(places[-1]) + 1)
