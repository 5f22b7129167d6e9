"""What was learned, as one part of a film's pictures: weights of each class, or the plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from softmax_core.figures.frame import TEXT_SIZE
from softmax_core.figures.grid import as_pictures, class_columns
from softmax_core.figures.palette import LEVELS, Theme, lane_style, weight_colormap
from softmax_core.figures.points import PointRegions, draw_class, draw_regions
from softmax_core.figures.weights import scaled_weights
from softmax_core.figures.wording import _, signed

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

Place = tuple[float, float, float, float]  # left, bottom, width and height, shares of the figure
_FOOT = 0.08  # of the figure's height, for the scale in words
_GAP = 0.09  # of a picture, between two; above it is room for the name of its class


class WeightsPanel:
    """One picture of weights per class, all on one scale, which is each step's own.

    All are one image, with empty pixels between them: axes of their own would take longer to
    draw than all else.
    """

    def __init__(
        self,
        figure: Figure,
        place: Place,
        image_shape: tuple[int, int],
        class_names: Sequence[str],
        theme: Theme,
    ) -> None:
        self._shape, self._names = image_shape, class_names
        self._gap = max(1, round(_GAP * max(image_shape)))
        left, bottom, width, height = place
        ax = figure.add_axes((left, bottom + _FOOT, width, height - _FOOT), anchor="W")
        ax.set_axis_off()
        self._picture = ax.imshow(
            self._sheet(np.full((len(class_names), *image_shape), np.nan)),
            cmap=weight_colormap(theme),
            vmin=-LEVELS,
            vmax=LEVELS,
            interpolation="nearest",
            animated=True,
        )
        for k, name in enumerate(class_names):
            row, column = self._corner(k)
            title = ax.text(column + image_shape[1] / 2, row - 1, name, ha="center", va="bottom")
            title.set(fontsize=TEXT_SIZE, color=theme.text, parse_math=False)
        self._foot = figure.text(left, bottom + 0.02, "", fontsize=TEXT_SIZE, color=theme.muted)
        self._foot.set(animated=True, parse_math=False)

    @property
    def moving(self) -> Sequence[Artist]:
        """What differs from picture to picture."""
        return (self._picture, self._foot)

    def show(self, learned: Any) -> None:
        """Put the weights of a moment into the pictures."""
        scaled, limit = scaled_weights(learned)
        self._picture.set_data(self._sheet(as_pictures(scaled, self._shape, self._names)))
        text = _("Weights, from {low} (orange, against the class) to {high} (blue, for it)")
        empty = _("Every weight is zero: nothing is learned yet")
        self._foot.set_text(text.format(low=signed(-limit), high=signed(limit)) if limit else empty)

    def _corner(self, k: int) -> tuple[int, int]:
        """Return row and column of the first pixel of a class."""
        row, column = divmod(k, class_columns(len(self._names)))
        height, width = self._shape
        return row * (height + 3 * self._gap) + 2 * self._gap, column * (width + self._gap)

    def _sheet(self, pictures: NDArray[Any]) -> NDArray[np.float64]:
        """Lay the pictures out; NaN between them shows the page."""
        height, width = self._shape
        columns = min(class_columns(len(pictures)), len(pictures))
        rows = -(-len(pictures) // columns)
        sheet = np.full((rows * (height + 3 * self._gap), columns * (width + self._gap)), np.nan)
        for k, picture in enumerate(pictures):
            row, column = self._corner(k)
            sheet[row : row + height, column : column + width] = picture
        return sheet


class PlanePanel:
    """The points of the plane, and the ground on which each class is chosen."""

    def __init__(
        self,
        figure: Figure,
        place: Place,
        points: tuple[NDArray[Any], NDArray[Any]],
        class_names: Sequence[str],
        theme: Theme,
    ) -> None:
        self._names, self._theme, self._points = class_names, theme, points
        left, bottom, width, height = place
        self._ax = figure.add_axes((left, bottom + 0.02, width, height - 0.02))
        self._ax.set_animated(True)

    @property
    def moving(self) -> Sequence[Artist]:
        """What differs from picture to picture."""
        return (self._ax,)

    def show(self, learned: Any) -> None:
        """Draw the ground of a moment, and the points on it."""
        assert isinstance(learned, PointRegions)  # as the scene has points
        self._ax.clear()
        self._ax.set_xticks([])
        self._ax.set_yticks([])
        self._ax.set_aspect("equal")
        self._ax.spines[:].set_color(self._theme.grid)
        draw_regions(self._ax, learned, len(self._names), self._theme)
        X, labels = self._points
        for k, name in enumerate(self._names):
            draw_class(self._ax, X[labels == k], name, lane_style(k, self._theme))
        legend = self._ax.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
        for text in legend.get_texts():
            text.set(color=self._theme.text, fontsize=TEXT_SIZE, parse_math=False)
