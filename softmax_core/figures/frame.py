"""An empty figure and plain axes in the colours of a theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from softmax_core.figures.palette import Theme
from softmax_core.figures.wording import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

DPI: Final = 100  # sizes are given for this; files may use a multiple
TITLE_SIZE: Final = 11.0  # points
TEXT_SIZE: Final = 8.5


def new_figure(width: float, height: float, theme: Theme) -> Figure:
    """Return an empty figure; sizes in inches.

    It is a bare ``Figure``: pyplot would keep it alive, and shares its state between
    the threads of a server.
    """
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), dpi=DPI, facecolor=theme.background)


def style_axes(ax: Axes, title: str, theme: Theme) -> None:
    """Give axes a title, quiet lines and a horizontal grid."""
    ax.set_facecolor(theme.background)
    ax.set_title(
        title,
        loc="left",
        fontsize=TITLE_SIZE,
        fontweight="bold",
        color=theme.text,
        parse_math=False,
    )
    ax.grid(axis="y", color=theme.grid, linewidth=0.8)
    ax.set_axisbelow(True)
    ax.tick_params(colors=theme.muted, labelsize=TEXT_SIZE, length=3)
    for side, spine in ax.spines.items():
        spine.set_visible(side in {"left", "bottom"})
        spine.set_color(theme.muted)


def label_axes(ax: Axes, x: str, y: str, theme: Theme) -> None:
    """Name both axes, units included."""
    ax.set_xlabel(x, fontsize=TEXT_SIZE, color=theme.muted)
    ax.set_ylabel(y, fontsize=TEXT_SIZE, color=theme.muted)


def whole_numbers(ax: Axes) -> None:
    """Let the horizontal axis show whole numbers only, with separators."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _position: count(x)))


def legend_below(ax: Axes, theme: Theme) -> None:
    """Put the legend under the axes, where no curve can run behind it."""
    if ax.get_legend_handles_labels()[0]:
        below = (0, -0.17)
        quiet_legend(
            ax.legend(loc="upper left", bbox_to_anchor=below, ncols=2, columnspacing=1.2), theme
        )


def legend_at_foot(figure: Figure, theme: Theme) -> None:
    """Put the legend along the lower edge of a figure with a constrained layout."""
    quiet_legend(figure.legend(loc="outside lower left", ncols=2, columnspacing=1.2), theme)


def quiet_legend(legend: Legend, theme: Theme) -> None:
    """Take the frame from a legend and write it in the theme's colours."""
    legend.set_frame_on(False)
    for text in legend.get_texts():
        text.set(color=theme.text, fontsize=TEXT_SIZE, parse_math=False)
