"""What is taken for what: the confusion matrix, with a number in every cell that is not empty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.errors import UserError
from softmax_core.explain.mistakes import Confusion
from softmax_core.figures.frame import DPI, TEXT_SIZE, TITLE_SIZE, new_figure
from softmax_core.figures.palette import LIGHT, Theme, rgb, weight_colormap
from softmax_core.figures.wording import _, count, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

_CELL: Final = 44  # pixels, up to ten classes
_SMALL_CELL: Final = 27  # of more
_LETTER: Final = 6.2  # pixels of a letter of a class's name
_MOST_LETTERS: Final = 14
_TOP: Final = 40
_FOOT: Final = 72  # scale and its text
_SHARES: Final = (-1.0, -0.25, -0.05, -0.01, 0.0, 0.01, 0.05, 0.25, 1.0)  # ticks of the scale


def confusion_figure(
    confusion: Confusion,
    class_names: Sequence[str],
    *,
    rates: bool = False,
    theme: Theme = LIGHT,
) -> Figure:
    """Draw the matrix: a row for what pictures are, a column for what the model says.

    What is read right is blue and framed, what is not is orange, both on one scale of the
    share of the row. Shades go by the cube root of the share, or else 1 % would not be seen.

    Parameters
    ----------
    confusion : Confusion
    class_names : sequence of str
    rates : bool
        Print per cent of the row instead of counts.
    theme : Theme

    Raises
    ------
    UserError
        If there is not one name for each class.
    """
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    n_classes = len(confusion.counts)
    if len(class_names) != n_classes:
        raise UserError(
            "confusion-names",
            f"There are {n_classes} classes and {len(class_names)} names. Pass one for each.",
        )
    names = [_short(name) for name in class_names]
    cell = _CELL if n_classes <= 10 else _SMALL_CELL
    side, margin = cell * n_classes, 44 + _LETTER * max(map(len, names))
    tall = _letters_turned(names, cell)
    foot = _FOOT + 24 + (_LETTER * max(map(len, names)) if tall else 12)
    wide, high = max(margin + side + 16, 360), _TOP + side + foot
    figure = new_figure(wide / DPI, high / DPI, theme)
    box = (margin / wide, foot / high, side / wide, side / high)
    ax = figure.add_axes(box)
    norm = Normalize(-1, 1)
    shades = _shades(confusion)
    colormap = weight_colormap(theme)
    ax.imshow(shades, cmap=colormap, norm=norm, interpolation="nearest", aspect="auto")
    _write_numbers(ax, confusion, shades, (colormap, rates, theme))
    _label(ax, names, tall, theme)
    _draw_heading(figure, rates, theme)
    _draw_scale(figure, ScalarMappable(norm, colormap), theme)
    return figure


def confusion_summary(confusion: Confusion, class_names: Sequence[str]) -> str:
    """Say how many are read right, and which mistake is the most frequent."""
    counts = confusion.counts
    total, right = int(counts.sum()), int(counts.trace())
    text = _("{right} of {n} pictures are read right ({share}).").format(
        right=count(right), n=count(total), share=percent(right / total if total else np.nan)
    )
    mistakes = counts - np.diag(counts.diagonal())
    if not mistakes.any():
        return text
    true, read = divmod(int(mistakes.argmax()), len(mistakes))
    more = _(
        "The most frequent mistake: {true} taken for {read}, {n} times, {share} of all {true}. "
        "Shades go from −100 % to +100 % of a row: blue is read right, orange is not."
    ).format(
        true=class_names[true],
        read=class_names[read],
        n=count(mistakes[true, read]),
        share=percent(float(confusion.rates[true, read])),
    )
    return f"{text} {more}"


def _short(name: str) -> str:
    return name if len(name) <= _MOST_LETTERS else name[: _MOST_LETTERS - 1] + "…"


def _letters_turned(names: Sequence[str], cell: int) -> bool:
    """Whether the names below the columns must stand upright to find room."""
    return _LETTER * max(map(len, names)) > cell - 8


def _shades(confusion: Confusion) -> NDArray[np.float64]:
    """Return the cube root of each share of a row, negative where the reading is wrong."""
    roots = np.cbrt(np.nan_to_num(confusion.rates))
    signs = 2 * np.eye(len(roots)) - 1
    shades: NDArray[np.float64] = roots * signs
    return shades


def _write_numbers(
    ax: Axes,
    confusion: Confusion,
    shades: NDArray[np.float64],
    look: tuple[Colormap, bool, Theme],
) -> None:
    """Write a number into each cell that is not empty, and frame the diagonal."""
    from matplotlib.patches import Rectangle

    colormap, rates, theme = look
    n_classes = len(shades)
    size = TEXT_SIZE if n_classes <= 10 else 6.0
    for i, j in np.argwhere(confusion.counts > 0):
        text = f"{100 * confusion.rates[i, j]:.1f}" if rates else count(confusion.counts[i, j])
        shade = colormap((shades[i, j] + 1) / 2)[:3]
        ax.text(
            j,
            i,
            text,
            ha="center",
            va="center",
            fontsize=size,
            fontweight="bold" if i == j else "normal",
            color=_readable(shade, theme),
        )
    for k in range(n_classes):
        ax.add_patch(
            Rectangle((k - 0.5, k - 0.5), 1, 1, fill=False, ec=theme.text, lw=1.0, clip_on=False)
        )


def _readable(shade: tuple[float, ...], theme: Theme) -> str:
    """Return the text colour or the page's, whichever stands out more from a shade."""
    return max((theme.text, theme.background), key=lambda color: _contrast(shade, rgb(color)))


def _contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return the contrast of two colours (WCAG 2.2), from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: tuple[float, ...]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def _label(ax: Axes, names: Sequence[str], turned: bool, theme: Theme) -> None:
    places = range(len(names))
    size = TEXT_SIZE if len(names) <= 10 else 7.0
    ax.set_xticks(places, labels=list(names), rotation=90 if turned else 0, parse_math=False)
    ax.set_yticks(places, labels=list(names), parse_math=False)
    ax.tick_params(colors=theme.text, labelsize=size, length=0)
    ax.set_xlabel(_("what the model says"), fontsize=TEXT_SIZE, color=theme.muted, labelpad=2)
    ax.set_ylabel(_("what it is"), fontsize=TEXT_SIZE, color=theme.muted, labelpad=2)
    for spine in ax.spines.values():
        spine.set_color(theme.grid)


def _draw_heading(figure: Figure, rates: bool, theme: Theme) -> None:
    wide, high = DPI * figure.get_size_inches()
    figure.text(
        14 / wide,
        1 - 14 / high,
        _("What is taken for what, in % of a row") if rates else _("What is taken for what"),
        fontsize=TITLE_SIZE,
        fontweight="bold",
        color=theme.text,
        va="top",
        parse_math=False,
    )


def _draw_scale(figure: Figure, shades: ScalarMappable, theme: Theme) -> None:
    """Draw the scale of shares along the bottom, its limits printed."""
    wide, high = DPI * figure.get_size_inches()
    ax = figure.add_axes((24 / wide, 46 / high, 1 - 48 / wide, 9 / high))
    bar = figure.colorbar(shades, cax=ax, orientation="horizontal")
    at = [float(np.cbrt(share)) for share in _SHARES]
    bar.set_ticks(at, labels=[f"{abs(100 * share):.0f} %" for share in _SHARES])
    ax.tick_params(colors=theme.muted, labelsize=TEXT_SIZE, length=3)
    bar.outline.set_edgecolor(theme.grid)
    text = _("share of the row: orange read wrong, blue (framed) read right")
    bar.set_label(text, fontsize=TEXT_SIZE, color=theme.muted, labelpad=4)
