"""Small pictures side by side under their titles, all in the same shades."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from numpy.typing import NDArray

from softmax_core.errors import UserError
from softmax_core.figures.frame import DPI, TEXT_SIZE, TITLE_SIZE, new_figure
from softmax_core.figures.palette import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap, Normalize
    from matplotlib.figure import Figure

# Sizes in pixels at DPI, so that a pixel of a picture covers a whole number of them.
_PICTURE: Final = 112
_GAP: Final = 14
_LINE: Final = 15  # height of a line of a title
_HEADING: Final = 36
_BAR: Final = 58  # height of the colour bar with its text
_CHARS: Final = 18  # of a title that fit over a picture
_MIN_WIDTH: Final = 440  # room for the heading


@dataclass(frozen=True)
class GridLook:
    """How values become shades, and the words around the pictures.

    ``bar`` is the text of the colour bar, ``ends`` what is printed at its ends; without a
    text there is no bar.
    """

    colormap: Colormap
    low: float
    high: float
    heading: str
    bar: str = ""
    ends: tuple[str, str] = ("", "")


class _Cells(NamedTuple):
    """Where the pictures go, in pixels from the top left of the figure."""

    columns: int
    rows: int
    width: int  # of a picture
    height: int
    title: int  # height of the titles of a row

    def corner(self, index: int) -> tuple[int, int]:
        row, column = divmod(index, self.columns)
        x = _GAP + column * (self.width + _GAP)
        return x, _HEADING + row * (self.title + self.height + _GAP) + self.title

    def size(self) -> tuple[int, int]:
        _x, y = self.corner(self.rows * self.columns)
        wide = self.columns * (self.width + _GAP) + _GAP
        return max(wide, _MIN_WIDTH), y - self.title


def as_pictures(
    rows: NDArray[Any], image_shape: tuple[int, int], titles: Sequence[str]
) -> NDArray[Any]:
    """Return rows of pixels as pictures of the shape (n, height, width).

    Raises
    ------
    UserError
        If the rows do not hold height * width pixels, or there is not a title for each.
    """
    height, width = image_shape
    if rows.ndim != 2 or rows.shape[1] != height * width:
        raise UserError(
            "picture-shape",
            f"Pictures of {height} x {width} pixels need the shape (n, {height * width}); "
            f"these have {rows.shape}. Pass the image shape of the data set they come from.",
        )
    if len(titles) != len(rows):
        raise UserError(
            "picture-titles",
            f"There are {len(rows)} pictures and {len(titles)} titles. Pass one title for each.",
        )
    return rows.reshape(len(rows), height, width)


def class_columns(n_classes: int) -> int:
    """Return how many classes stand in a row: 5 of up to ten, 8 of more."""
    return 5 if n_classes <= 10 else 8


def grid_figure(
    pictures: NDArray[Any], titles: Sequence[str], columns: int, look: GridLook, theme: Theme
) -> Figure:
    """Draw pictures of the shape (n, height, width) row by row; NaN pixels stay empty."""
    from matplotlib.colors import Normalize

    lines = [_wrapped(title) for title in titles]
    cells = _cells(pictures.shape, columns, max(map(len, lines), default=1))
    wide, high = cells.size()
    high += _BAR if look.bar else 0
    figure = new_figure(wide / DPI, high / DPI, theme)
    ax = _pixel_axes(figure, wide, high)
    _draw_heading(ax, look.heading, theme)
    norm = Normalize(look.low, look.high)  # one object for all: one scale by construction
    for index, picture in enumerate(pictures):
        _draw_picture(ax, picture, cells.corner(index), look.colormap, norm)
        _draw_frame(ax, "\n".join(lines[index]), cells, index, theme)
    if look.bar:
        _draw_bar(figure, look, norm, theme)
    return figure


def _wrapped(title: str) -> list[str]:
    """Break a title into lines: where it says so, and where one is too long."""
    return [line for part in title.split("\n") for line in textwrap.wrap(part, _CHARS) or [""]]


def _cells(shape: tuple[int, ...], columns: int, title_lines: int) -> _Cells:
    n_pictures, height, width = shape
    columns = max(1, min(columns, n_pictures))
    scale = _scale(height, width)
    rows = -(-n_pictures // columns)
    return _Cells(columns, rows, scale * width, scale * height, title_lines * _LINE + 5)


def _scale(height: int, width: int) -> int:
    return max(1, round(_PICTURE / max(height, width)))


def _pixel_axes(figure: Figure, wide: int, high: int) -> Axes:
    """Axes over the whole figure, in pixels from the top left."""
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set_axis_off()
    ax.set(xlim=(0, wide), ylim=(high, 0))
    return ax


def _draw_heading(ax: Axes, heading: str, theme: Theme) -> None:
    ax.text(
        _GAP,
        _HEADING / 2,
        heading,
        fontsize=TITLE_SIZE,
        fontweight="bold",
        color=theme.text,
        va="center",
        parse_math=False,
    )


def _draw_picture(
    ax: Axes, picture: NDArray[Any], corner: tuple[int, int], colormap: Colormap, norm: Normalize
) -> None:
    from matplotlib.image import AxesImage

    x, y = corner
    height, width = picture.shape
    scale = _scale(height, width)
    image = AxesImage(
        ax,
        cmap=colormap,
        norm=norm,
        interpolation="nearest",
        extent=(x, x + scale * width, y + scale * height, y),
    )
    image.set_data(picture)
    ax.add_image(image)


def _draw_frame(ax: Axes, title: str, cells: _Cells, index: int, theme: Theme) -> None:
    """Draw a picture's edge, which zero at the page's colour would hide, and its title."""
    from matplotlib.patches import Rectangle

    x, y = cells.corner(index)
    edge = Rectangle((x, y), cells.width, cells.height, fill=False, ec=theme.grid, lw=0.8)
    ax.add_patch(edge)
    ax.text(
        x + cells.width / 2,
        y - 4,
        title,
        fontsize=TEXT_SIZE,
        color=theme.text,
        ha="center",
        va="bottom",
        parse_math=False,
    )


def _draw_bar(figure: Figure, look: GridLook, norm: Normalize, theme: Theme) -> None:
    """Draw the colour bar along the bottom, with its limits printed."""
    from matplotlib.cm import ScalarMappable

    wide, high = DPI * figure.get_size_inches()
    ax = figure.add_axes((_GAP / wide, 38 / high, 1 - 2 * _GAP / wide, 9 / high))
    shades = ScalarMappable(norm, look.colormap)
    bar = figure.colorbar(shades, cax=ax, orientation="horizontal")
    bar.set_ticks([look.low, 0, look.high], labels=[look.ends[0], "0", look.ends[1]])
    # The limits stand at the very ends, where a centred text would leave the figure.
    low, _zero, high_end = ax.get_xticklabels()
    low.set_horizontalalignment("left")
    high_end.set_horizontalalignment("right")
    ax.tick_params(colors=theme.muted, labelsize=TEXT_SIZE, length=3)
    bar.outline.set_edgecolor(theme.grid)
    bar.set_label(look.bar, fontsize=TEXT_SIZE, color=theme.muted, labelpad=1)
