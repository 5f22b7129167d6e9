"""A figure with the sentence that says what to see in it: for a file that stands alone."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from softmax_core.figures.frame import DPI, TEXT_SIZE
from softmax_core.figures.palette import LIGHT, Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_GAP: Final = 14  # pixels at DPI
_LINE: Final = 16
_CHAR: Final = 6.2  # width of a letter, on average


def sentence_figure(figure: Figure, sentence: str, *, theme: Theme = LIGHT) -> Figure:
    """Make a figure taller and write a sentence below what it shows.

    Parameters
    ----------
    figure : Figure
        Changed in place, and returned.
    sentence : str
    theme : Theme
    """
    width, height = figure.get_size_inches()
    lines = textwrap.wrap(sentence, max(20, int((width * DPI - 2 * _GAP) / _CHAR)))
    tall = height + (len(lines) * _LINE + _GAP) / DPI
    for ax in figure.axes:
        left, bottom, wide, high = ax.get_position().bounds
        bottom_inches = bottom * height + tall - height
        ax.set_position((left, bottom_inches / tall, wide, high * height / tall))
    figure.set_size_inches(width, tall)
    figure.text(
        _GAP / DPI / width,
        _GAP / DPI / tall,
        "\n".join(lines),
        fontsize=TEXT_SIZE,
        color=theme.muted,
        va="bottom",
        linespacing=_LINE / (TEXT_SIZE * DPI / 72) / 1.2,
        parse_math=False,
    )
    return figure
