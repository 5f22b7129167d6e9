"""Runs with many learning rates and batch sizes: where each ended, as a map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.figures.frame import TEXT_SIZE, label_axes, new_figure, style_axes
from softmax_core.figures.palette import LIGHT, Theme, rgb
from softmax_core.figures.sweep import Facts, SweptRow, epochs_said, known_rows
from softmax_core.figures.wording import _, count, percent
from softmax_core.training.sweep import GOOD_ENOUGH

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import ListedColormap
    from matplotlib.figure import Figure

# The scale begins where a model guesses and ends at the best; equal steps of its shade are
# equal factors of the error, or else all of the good ones would look alike.
_STRONGEST: Final = 0.6  # of the colour, so that numbers can be read on it
_LEAST_ERROR: Final = 1e-3
_TICKS: Final = 4

Floats = NDArray[np.float64]


class Place(NamedTuple):
    """A cell of the map."""

    row: int
    lane: int


def grid_best(rows: Sequence[SweptRow]) -> Place | None:
    """Return the best run of all; None where none is known."""
    known = np.array([row.goodness for row in rows])
    if not (known >= 0).any():
        return None
    row, lane = np.unravel_index(int(known.argmax()), known.shape)
    return Place(int(row), int(lane))


def grid_shades(rows: Sequence[SweptRow], n_classes: int) -> Floats:
    """Return the shade of each run, from 0, no better than guessing, to 1, the best; nan unknown.

    With the error ``e = 1 - goodness`` and that of guessing and of the best run,

        shade = log(e_guess / e) / log(e_guess / e_best)

    Parameters
    ----------
    rows : sequence of SweptRow
    n_classes : int

    Returns
    -------
    ndarray of shape (n_rows, n_rates)
    """
    known = np.array([row.goodness for row in rows])
    best = max(float(known.max(initial=-1.0)), 0.0)
    shades = _shade(np.maximum(known, 0.0), best, n_classes)
    return np.where(known >= 0, shades, np.nan)


def scale_ticks(rows: Sequence[SweptRow], n_classes: int) -> list[tuple[float, float]]:
    """Return places on the scale, 0 to 1, each with its accuracy."""
    known = np.array([row.goodness for row in rows])
    best = max(float(known.max(initial=-1.0)), 1 / n_classes)
    low, high = _error(1 / n_classes), _error(best)
    places = np.linspace(0, 1, _TICKS)
    return [(float(at), float(1 - low * (high / low) ** at)) for at in places]


def grid_summary(rows: Sequence[SweptRow], facts: Facts) -> str:
    """Say which run is best, how many come near it, and how the best rate goes with batch size."""
    best = grid_best(rows)
    if best is None:
        return _("Not one of these runs has been measured.")
    row = rows[best.row]
    n_good = sum(
        int((each.goodness >= row.goodness[best.lane] - GOOD_ENOUGH).sum()) for each in rows
    )
    value = row.accuracy[best.lane]
    said = _("{value} of {n} test pictures").format(value=percent(value), n=count(facts.n_tested))
    if not np.isfinite(value):
        said = _("a training loss of {loss:.3f}").format(loss=row.loss[best.lane])
    text = _(
        "After {epochs} the best of {all} runs has learning rate {rate} with batch size {size}: "
        "{said}. Framed are the {good} within {points:g} point of it, itself among them."
    ).format(
        epochs=epochs_said(facts.epochs),
        all=sum(int((each.goodness >= 0).sum() + each.diverged.sum()) for each in rows),
        rate=f"{row.rates[best.lane]:g}",
        size=row.batch_name,
        said=said,
        good=n_good,
        points=100 * GOOD_ENOUGH,
    )
    return " ".join(part for part in (text, _drift_said(rows), _lost_said(rows)) if part)


def grid_figure(rows: Sequence[SweptRow], facts: Facts, *, theme: Theme = LIGHT) -> Figure:
    """Draw a cell for each run, its test accuracy in it, small batches below.

    Parameters
    ----------
    rows : sequence of SweptRow
        Small batches first.
    facts : Facts
    theme : Theme
    """
    n_rows, n_rates = len(rows), len(rows[0].rates)
    high = 1.4 + 0.42 * n_rows
    figure = new_figure(9.6, high, theme)
    ax = figure.add_axes((0.08, 0.95 / high, 0.905, 0.42 * n_rows / high))
    title = _("Test accuracy in the end, in %: a run in each cell")
    if not any(np.isfinite(row.accuracy).any() for row in rows):
        title = _("Training loss in the end: a run in each cell")
    style_axes(ax, title, theme)
    ax.grid(visible=False)
    shades = grid_shades(rows, facts.n_classes)
    ax.imshow(shades, cmap=_colormap(theme), vmin=0, vmax=1, aspect="auto", origin="lower")
    for row in range(n_rows):
        for lane in range(n_rates):
            _write(ax, rows, Place(row, lane), theme)
    names = [f"{rate:g}" for rate in rows[0].rates]
    ax.set_xticks(range(n_rates), names, rotation=30, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(n_rows), [row.batch_name for row in rows])
    label_axes(ax, _("learning rate"), _("batch size"), theme)
    return figure


def cell_text(row: SweptRow, lane: int) -> str:
    """Return what stands in a cell: per cent right, or the loss; a cross where it diverged."""
    if row.diverged[lane]:
        return "✕"
    if np.isfinite(row.accuracy[lane]):
        return f"{100 * row.accuracy[lane]:.1f}"
    return f"{row.loss[lane]:.2f}" if np.isfinite(row.loss[lane]) else ""


def good_cells(rows: Sequence[SweptRow]) -> NDArray[np.bool_]:
    """Return which runs come near the best, shape (n_rows, n_rates)."""
    known = np.array([row.goodness for row in rows])
    good: NDArray[np.bool_] = (known >= 0) & (known >= known.max(initial=-1.0) - GOOD_ENOUGH)
    return good


def _shade(known: Floats, best: float, n_classes: int) -> Floats:
    guess = _error(1 / n_classes)
    least = min(_error(best), 0.999 * guess)
    error = np.maximum(1 - known, _LEAST_ERROR)
    shades: Floats = np.clip(np.log(guess / error) / np.log(guess / least), 0.0, 1.0)
    return shades


def _error(accuracy: float) -> float:
    return max(1 - accuracy, _LEAST_ERROR)


def _drift_said(rows: Sequence[SweptRow]) -> str:
    known = known_rows(rows)
    if len(known) < 2:
        return ""
    ends = [(row, row.best) for row in (known[0], known[-1])]
    (small, at_small), (large, at_large) = ends
    assert at_small is not None  # known
    assert at_large is not None
    return _(
        "The best rate goes from {low} at batch size {small} to {high} at batch size {large}."
    ).format(
        low=f"{small.rates[at_small.best]:g}",
        small=small.batch_name,
        high=f"{large.rates[at_large.best]:g}",
        large=large.batch_name,
    )


def _lost_said(rows: Sequence[SweptRow]) -> str:
    lost = sum(int(row.diverged.sum()) for row in rows)
    return _("Diverged (✕): {n}.").format(n=lost) if lost else ""


def _write(ax: Axes, rows: Sequence[SweptRow], place: Place, theme: Theme) -> None:
    from matplotlib.patches import Rectangle

    row, good = rows[place.row], good_cells(rows)[place.row, place.lane]
    weight = "bold" if good else "normal"
    ax.text(
        place.lane,
        place.row,
        cell_text(row, place.lane),
        ha="center",
        va="center",
        fontsize=TEXT_SIZE,
        fontweight=weight,
        color=theme.text,
    )
    if good:
        corner = place.lane - 0.46, place.row - 0.46
        ax.add_patch(Rectangle(corner, 0.92, 0.92, fill=False, ec=theme.text, lw=1.4))


def _colormap(theme: Theme) -> ListedColormap:
    from matplotlib.colors import ListedColormap

    stops = np.array([rgb(theme.background), rgb(theme.train)])
    shares = np.linspace(0, _STRONGEST, 128)[:, None]
    return ListedColormap((1 - shares) * stops[0] + shares * stops[1])
