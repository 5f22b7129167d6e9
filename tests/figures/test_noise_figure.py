"""The noise of batches, read back from the axes."""

from __future__ import annotations

import numpy as np
import pytest

from softmax_core.figures import DARK, figure_bytes
from softmax_core.figures.noise import noise_figure, noise_figures, noise_summary

SIZES = (1, 8, 32, 256, 60_000)
RNG = np.random.default_rng(0)
ANGLES = [*(80 / (1 + i) + RNG.normal(0, 3, 30) for i in range(4)), np.zeros(1)]
SPREADS = [*(8 / np.sqrt(n) * RNG.uniform(0.8, 1.2, 30) for n in SIZES[:4]), np.zeros(1)]
EXPECTED = [*(8 / np.sqrt(n) for n in SIZES[:4]), 0.0]


def test_every_batch_is_a_dot_at_its_angle_and_its_distance() -> None:
    angle, spread = noise_figure(SIZES, ANGLES, SPREADS, EXPECTED).axes
    for ax, values in ((angle, ANGLES), (spread, SPREADS)):
        dots = [line for line in ax.lines if line.get_marker() == "o"]
        for line, size, expected in zip(dots, SIZES, values, strict=True):
            np.testing.assert_allclose(np.asarray(line.get_ydata(), float), expected)
            assert np.abs(np.asarray(line.get_xdata(), float) - np.log2(size)).max() < 1
    assert "degrees" in angle.get_ylabel()
    assert [text.get_text() for text in angle.get_xticklabels()][-2:] == ["256", "all 60,000"]


def test_the_expected_spread_is_a_straight_falling_line() -> None:
    _, ax = noise_figure(SIZES, ANGLES, SPREADS, EXPECTED).axes
    (line,) = [line for line in ax.lines if str(line.get_label()).startswith("expected")]
    assert ax.get_yscale() == "log"
    x, y = np.asarray(line.get_xdata(), float)[:4], np.asarray(line.get_ydata(), float)[:4]
    np.testing.assert_allclose(np.diff(np.log2(y)) / np.diff(x), -0.5)
    assert line.is_dashed()
    assert (
        "exactly 0" in figure_bytes(noise_figure(SIZES, ANGLES, SPREADS, EXPECTED), "svg").decode()
    )


def test_it_is_drawn_in_the_dark_and_with_what_is_not_a_number() -> None:
    nothing = [np.full(30, np.nan)] * 4 + [np.zeros(1)]
    figure = noise_figure(SIZES, nothing, nothing, [np.nan] * 4 + [0.0], theme=DARK)
    assert figure_bytes(figure, "png").startswith(b"\x89PNG")
    assert figure_bytes(noise_figure((5,), [np.zeros(1)], [np.zeros(1)], [0.0]), "png")


def test_as_two_figures_it_is_the_same() -> None:
    whole = noise_figure(SIZES, ANGLES, SPREADS, EXPECTED).axes
    halves = [
        ax for figure in noise_figures(SIZES, ANGLES, SPREADS, EXPECTED) for ax in figure.axes
    ]
    for one, other in zip(whole, halves, strict=True):
        assert one.get_title(loc="left") == other.get_title(loc="left")
        assert one.get_ylim() == other.get_ylim()
        for line, same in zip(one.lines, other.lines, strict=True):
            np.testing.assert_array_equal(line.get_ydata(), same.get_ydata())


def test_the_sentence_compares_the_smallest_and_the_largest_batch() -> None:
    angles = [np.full(30, 83.0), np.full(30, 27.0), np.zeros(1)]
    spreads = [np.full(30, 8.0), np.full(30, 0.5), np.zeros(1)]
    text = noise_summary((1, 256, 60_000), angles, spreads, (8.0, 0.5, 0.0))
    assert "all 60,000 examples" in text
    assert "a batch of 1 points 83 degrees off and lies 8 lengths away" in text
    assert "a batch of 256 points 27 degrees off and lies 0.5 lengths away" in text
    assert "falls 16 times; the rule 1/√(batch size) says 16 times." in text
    small = noise_summary((1, 256, 1_437), angles, spreads, (8.8, 0.5, 0.0))
    assert "says 16 times, and 17.6 as no example is drawn twice." in small


@pytest.mark.parametrize("sizes", [(12,)])
def test_a_whole_set_alone_has_no_noise(sizes: tuple[int, ...]) -> None:
    assert "no noise" in noise_summary(sizes, [np.zeros(1)], [np.zeros(1)], [0.0])


def test_without_any_gradient_the_sentence_says_so() -> None:
    nothing = [np.full(30, np.nan), np.zeros(1)]
    assert "gradient is 0" in noise_summary((1, 50), nothing, nothing, [np.nan, 0.0])
