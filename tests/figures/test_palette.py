"""The colours: told apart by everyone, readable, and the same in Python and on the page."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from softmax_core.figures import DARK, LIGHT, PRINT, Theme, lane_style
from softmax_core.figures.palette import ink_colormap, weight_colormap

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"

# Full colour blindness in linear RGB: Machado, Oliveira and Fernandes, "A physiologically-based
# model for simulation of color vision deficiency", IEEE TVCG 15 (2009), severity 1.0.
VISION = {
    "usual": np.eye(3),
    "no red cones": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no green cones": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "no blue cones": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
# Linear RGB to Oklab: B. Ottosson, "A perceptual color space for image processing" (2020).
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(color: str) -> NDArray[np.float64]:
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    dark, light = sorted(float(weights @ linear(color)) for color in (one, other))
    return (light + 0.05) / (dark + 0.05)


def seen(color: str, vision: NDArray[np.float64]) -> NDArray[np.float64]:
    cones = np.cbrt(TO_CONES @ np.clip(vision @ linear(color), 0, 1))
    return np.asarray(TO_OKLAB @ cones)


def distance(one: str, other: str, vision: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(seen(one, vision) - seen(other, vision)))


both_themes = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
every_vision = pytest.mark.parametrize("vision", VISION.values(), ids=VISION.keys())


@both_themes
def test_text_and_the_two_sets_reach_the_contrast_of_readable_text(theme: Theme) -> None:
    for color in (theme.text, theme.muted, theme.train, theme.test):
        assert contrast(color, theme.background) >= 4.5
    assert contrast(theme.text, theme.surface) >= 4.5


@both_themes
def test_every_lane_stands_out_from_the_page(theme: Theme) -> None:
    assert min(contrast(lane, theme.background) for lane in theme.lanes) >= 3


@both_themes
@every_vision
def test_lanes_stay_apart_for_every_kind_of_colour_vision(
    theme: Theme, vision: NDArray[np.float64]
) -> None:
    pairs = itertools.combinations(theme.lanes, 2)
    assert min(distance(a, b, vision) for a, b in pairs) >= 0.1


@both_themes
@every_vision
def test_blue_and_orange_stay_far_apart_for_every_kind_of_colour_vision(
    theme: Theme, vision: NDArray[np.float64]
) -> None:
    assert distance(theme.train, theme.test, vision) >= 0.2
    assert distance(theme.positive, theme.negative, vision) >= 0.2


def test_lanes_differ_in_colour_dashes_and_marker() -> None:
    first = [lane_style(i, LIGHT) for i in range(6)]
    for part in ("color", "dash", "marker"):
        assert len({getattr(style, part) for style in first}) == 6


def test_lanes_are_unlike_each_other_even_when_there_are_many() -> None:
    assert len({lane_style(i, LIGHT) for i in range(36)}) == 36


def test_the_first_lane_is_solid_and_later_ones_are_dashed() -> None:
    assert lane_style(0, LIGHT).linestyle == "-"
    assert lane_style(1, LIGHT).linestyle == (0, (6.0, 2.0))


@pytest.mark.parametrize("theme", [LIGHT, DARK, PRINT], ids=["light", "dark", "print"])
def test_weight_zero_has_exactly_the_background_and_the_ends_blue_and_orange(theme: Theme) -> None:
    colormap = weight_colormap(theme)
    assert colormap.N == 255
    assert colormap(0.5)[:3] == pytest.approx(to_rgb(theme.background), abs=1e-8)
    assert colormap(1.0)[:3] == pytest.approx(to_rgb(theme.positive))
    assert colormap(0.0)[:3] == pytest.approx(to_rgb(theme.negative))


def test_no_ink_is_the_page_and_full_ink_its_text() -> None:
    colormap = ink_colormap(DARK)
    assert colormap(0.0)[:3] == pytest.approx(to_rgb(DARK.background))
    assert colormap(1.0)[:3] == pytest.approx(to_rgb(DARK.text))


@pytest.mark.parametrize(("name", "theme"), [("light", LIGHT), ("dark", DARK)])
def test_the_page_has_the_colours_of_the_figures(name: str, theme: Theme) -> None:
    page = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][name]
    assert page["backgroundColor"] == theme.background
    assert page["secondaryBackgroundColor"] == theme.surface
    assert page["textColor"] == theme.text
    assert page["borderColor"] == theme.grid
    assert page["blueColor"] == page["blueTextColor"] == theme.train
    assert page["orangeColor"] == page["orangeTextColor"] == theme.test
    assert tuple(page["chartCategoricalColors"]) == theme.lanes


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_text_of_a_main_button_is_readable(name: str) -> None:
    page = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][name]
    assert contrast("#FFFFFF", page["primaryColor"]) >= 4.5  # Streamlit always writes in white
