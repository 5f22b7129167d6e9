"""Points in the plane, each class in its colour and shape, and a model's regions behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.errors import UserError
from softmax_core.figures.frame import label_axes, legend_at_foot, new_figure, style_axes
from softmax_core.figures.palette import LIGHT, LaneStyle, Theme, lane_style, rgb
from softmax_core.figures.wording import _, count, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_POINT: Final = 22.0  # area of a marker, in square points
_TINT: Final = 0.22  # share of a class's colour in its region; the rest is the background


class PointRegions(NamedTuple):
    """Which class a model chooses where.

    ``classes`` has a class number for each cell of a grid, shape (rows, columns), the first
    row at the top; ``extent`` is where the grid lies: left, right, bottom and top edge.
    """

    classes: NDArray[np.integer[Any]]
    extent: tuple[float, float, float, float]


def points_figure(
    X: NDArray[np.floating[Any]],
    labels: NDArray[np.integer[Any]],
    class_names: Sequence[str],
    *,
    theme: Theme = LIGHT,
    regions: PointRegions | None = None,
) -> Figure:
    """Draw points by class, on axes of one scale.

    Parameters
    ----------
    X : ndarray of shape (n, 2)
    labels : ndarray of int of shape (n,)
    class_names : sequence of str
    theme : Theme
    regions : PointRegions, optional
        Drawn behind the points, in paler shades with a line between them.

    Raises
    ------
    UserError
        If the shapes do not belong together, or a label has no name.
    """
    _check(X, labels, class_names)
    figure = new_figure(6.4, 5.6, theme)
    figure.set_layout_engine("constrained")
    ax = figure.subplots()
    style_axes(ax, _("Points by class"), theme)
    ax.grid(axis="both", color=theme.grid, linewidth=0.8)
    ax.set_aspect("equal", adjustable="box" if regions else "datalim")
    if regions is not None:
        draw_regions(ax, regions, len(class_names), theme)
    for k, name in enumerate(class_names):
        points = X[labels == k]
        draw_class(ax, points, f"{name}: {count(len(points))}", lane_style(k, theme))
    label_axes(ax, _("first feature"), _("second feature"), theme)
    legend_at_foot(figure, theme)
    return figure


def points_summary(
    X: NDArray[np.floating[Any]], labels: NDArray[np.integer[Any]], class_names: Sequence[str]
) -> str:
    """Say in one sentence how many points each class has, and how far the classes overlap.

    Raises
    ------
    UserError
        As `points_figure`.
    """
    _check(X, labels, class_names)
    if not len(X):
        return _("There are no points.")
    numbers = np.bincount(labels, minlength=len(class_names))
    named = ", ".join(f"{name} {count(n)}" for name, n in zip(class_names, numbers, strict=True))
    text = _(
        "{n} points ({named}): {share} of them lie nearer to the middle of another class than to "
        "that of their own."
    )
    return text.format(n=count(len(X)), named=named, share=percent(_share_astray(X, labels)))


def _share_astray(X: NDArray[Any], labels: NDArray[Any]) -> float:
    """Return the share of points whose nearest mean of a class is not that of their own."""
    classes, own = np.unique(labels, return_inverse=True)
    means = np.array([X[labels == k].mean(axis=0, dtype=np.float64) for k in classes])
    distances = np.linalg.norm(X[:, None, :] - means, axis=2)
    return float((distances.argmin(axis=1) != own).mean())


def draw_class(ax: Axes, points: NDArray[Any], label: str, style: LaneStyle) -> None:
    """Draw the points of one class, in its colour and shape."""
    ax.scatter(
        points[:, 0],
        points[:, 1],
        s=_POINT,
        color=style.color,
        marker=style.marker,
        edgecolors=ax.get_facecolor(),  # keeps neighbours apart
        linewidths=0.4,
        label=label,
        zorder=2,
    )


def draw_regions(ax: Axes, regions: PointRegions, n_classes: int, theme: Theme) -> None:
    """Tint the ground of each class, with a line between them."""
    from matplotlib.colors import ListedColormap

    shades = ListedColormap([_tinted(lane_style(k, theme).color, theme) for k in range(n_classes)])
    ax.imshow(
        regions.classes,
        cmap=shades,
        vmin=-0.5,
        vmax=n_classes - 0.5,
        extent=regions.extent,
        interpolation="nearest",
        zorder=0,
    )
    left, right, bottom, top = regions.extent
    rows, columns = regions.classes.shape
    x = left + (np.arange(columns) + 0.5) * (right - left) / columns
    y = top - (np.arange(rows) + 0.5) * (top - bottom) / rows
    for k in np.unique(regions.classes)[1:]:  # a line around each class but the first is enough
        inside = (regions.classes == k).astype(float)
        ax.contour(x, y, inside, levels=[0.5], colors=theme.muted, linewidths=0.8, zorder=1)


def _tinted(color: str, theme: Theme) -> tuple[float, ...]:
    """Mix a class's colour into the background."""
    mixed = _TINT * np.array(rgb(color)) + (1 - _TINT) * np.array(rgb(theme.background))
    return tuple(mixed.tolist())


def _check(X: NDArray[Any], labels: NDArray[Any], class_names: Sequence[str]) -> None:
    if X.ndim != 2 or X.shape[1] != 2 or labels.shape != X.shape[:1]:
        raise UserError(
            "points-shape",
            f"Points need the shape (n, 2) and a label each; these have {X.shape} and "
            f"{labels.shape}. Pass two coordinates for each label.",
        )
    if len(labels) and not 0 <= int(labels.min()) <= int(labels.max()) < len(class_names):
        raise UserError(
            "points-labels",
            f"There are {len(class_names)} names of classes, and labels from {labels.min()} to "
            f"{labels.max()}. Name every class, from 0 on.",
        )
