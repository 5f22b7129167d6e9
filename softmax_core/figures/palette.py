"""The one place for colours in Python: what each colour means, for light and dark pages.

Blue speaks for (training, positive weights), orange against or from outside (test,
negative weights), and zero is the page's own background. No meaning hangs on colour
alone: test is dashed or hatched too, and every lane has its own dashes and marker.

The page's theme (``.streamlit/config.toml``) repeats these values; a test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from matplotlib.colors import Colormap

LEVELS: Final = 127  # shades on either side of zero, as many as an int8 can name
TEST_DASH: Final = (4.0, 2.5)  # on, off, in line widths; training is solid
TEST_HATCH: Final = "////"


class LaneStyle(NamedTuple):
    """How the line of one run in a race, or of one class, is told from the others."""

    color: str
    dash: tuple[float, ...]  # on, off, ... in line widths; empty means solid
    marker: str  # matplotlib's name

    @property
    def linestyle(self) -> str | tuple[int, tuple[float, ...]]:
        """The dashes as matplotlib wants them."""
        return dashes(self.dash)


@dataclass(frozen=True)
class Theme:
    """The colours of one page by what they mean, each as ``#RRGGBB``.

    Text, train and test reach a contrast of 4.5 on the background, lanes 3 (WCAG 2.2,
    success criteria 1.4.3 and 1.4.11).
    """

    background: str
    surface: str  # behind inputs and cards
    text: str
    muted: str  # captions, axis labels
    grid: str
    train: str
    test: str
    positive: str
    negative: str
    lanes: tuple[str, ...]


LIGHT: Final = Theme(
    background="#FBFAF6",
    surface="#F1EFE8",
    text="#141924",
    muted="#5B6170",
    grid="#DDD9CE",
    train="#1D5FBF",
    test="#B25008",
    positive="#1D5FBF",
    negative="#B25008",
    lanes=("#6A21BD", "#8A7600", "#3F9691", "#8B1F34", "#161A22", "#1C6D93"),
)
DARK: Final = Theme(
    background="#0B111C",
    surface="#171F2E",
    text="#E7EBF2",
    muted="#A3ADBF",
    grid="#2C3648",
    train="#6EA8FE",
    test="#F5A04F",
    positive="#6EA8FE",
    negative="#F5A04F",
    lanes=("#8A4FE0", "#F1D12B", "#7BCAB6", "#D3285A", "#F3F5FC", "#4F96B7"),
)
PRINT: Final = replace(LIGHT, background="#FFFFFF")
"""Light, on white: for files that end up on paper or on somebody's slide."""

_DASHES: Final = ((), (6.0, 2.0), (1.5, 1.5), (6.0, 2.0, 1.5, 2.0), (3.0, 1.5), (9.0, 3.0))
_MARKERS: Final = ("o", "s", "^", "D", "v", "P")


def lane_style(index: int, theme: Theme) -> LaneStyle:
    """Return the style of lane ``index`` (0, 1, ...); no two of the first 36 are alike."""
    turn, place = divmod(index, len(theme.lanes))
    other = (place + turn) % len(_DASHES)  # later turns pair a colour with other dashes
    return LaneStyle(theme.lanes[place], _DASHES[other], _MARKERS[other])


def dashes(pattern: tuple[float, ...]) -> str | tuple[int, tuple[float, ...]]:
    """Return a dash pattern (empty: solid) as a matplotlib line style."""
    return (0, pattern) if pattern else "-"


def rgb(color: str) -> tuple[float, float, float]:
    """Return the red, green and blue of ``#rrggbb``, each from 0 to 1."""
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return red / 255, green / 255, blue / 255


def weight_colormap(theme: Theme) -> Colormap:
    """Return orange - background - blue, in ``2 * LEVELS + 1`` shades.

    The number of shades is odd, so that on a scale from -limit to limit zero has a shade
    of its own, and that shade is exactly the theme's background.
    """
    return _colormap([theme.negative, theme.background, theme.positive], 2 * LEVELS + 1)


def ink_colormap(theme: Theme) -> Colormap:
    """Return background - text: no ink is the page, full ink the colour of its text."""
    return _colormap([theme.background, theme.text], 256)


def _colormap(stops: list[str], n_shades: int) -> Colormap:
    """Return shades between equally spaced stops that a file shows to the byte.

    Matplotlib cuts ``shade * 255`` off instead of rounding it, which would leave zero a
    visible step beside the page's own colour: hence the 1e-6.
    """
    from matplotlib.colors import ListedColormap

    stop_bytes = 255 * np.array([rgb(stop) for stop in stops])
    at = np.linspace(0, len(stops) - 1, n_shades)
    shades = [np.interp(at, np.arange(len(stops)), channel) for channel in stop_bytes.T]
    return ListedColormap((np.rint(np.column_stack(shades)) + 1e-6).clip(max=255) / 255)
