"""Pictures to keep: an approximation says so, a nudge says what was done, a sentence fits."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from softmax_core.explain import (
    Nudge,
    NudgedAccuracy,
    Reading,
    approximate_ledger,
    evidence_ledger,
    hidden_units,
)
from softmax_core.figures import PRINT, figure_bytes
from softmax_core.figures.frame import DPI
from softmax_core.figures.ledger import fixed, ledger_figure
from softmax_core.figures.nudge import nudge_figure, nudge_in_words, nudge_summary
from softmax_core.figures.saliency import saliency_figure, saliency_summary
from softmax_core.figures.sentence import sentence_figure
from softmax_core.nn import ReLU, mlp_network, softmax_network

NAMES = [str(i) for i in range(10)]


def texts(figure: Figure) -> str:
    return " | ".join(text.get_text() for ax in figure.axes for text in ax.texts)


def readings() -> tuple[Reading, Reading]:
    before = np.full(10, 0.02, np.float32)
    after = before.copy()
    before[4], after[9] = 0.82, 0.61
    after[4] = 0.23
    return Reading(4, 0.82, before), Reading(9, 0.61, after)


def test_an_approximation_is_called_one_and_says_what_it_misses() -> None:
    rng = np.random.default_rng(0)
    network = mlp_network(64, 9, 10, ReLU(), (True, True))
    params = {
        name: rng.normal(0, 0.4, shape).astype(np.float32)
        for name, shape in network.parameter_shapes().items()
    }
    x = rng.random(64).astype(np.float32)
    ledger, units = approximate_ledger(network, params, x), hidden_units(network, params, x, 3)
    figure = saliency_figure(ledger, (8, 8), NAMES)
    assert "an approximation" in texts(figure)
    assert fixed(float(ledger.logits[3])) in texts(figure)
    images = [image for ax in figure.axes for image in ax.images]
    assert len(images) == 10
    assert len({(image.norm.vmin, image.norm.vmax) for image in images}) == 1
    said = saliency_summary(ledger, units, 3, NAMES)
    assert said.startswith("An approximation")
    assert f"misses {fixed(float(ledger.biases[3]))}" in said
    assert f"unit {units.order[0]} mattered most" in said


def test_a_nudge_is_told_in_words() -> None:
    assert nudge_in_words(Nudge()) == ""
    nudge = Nudge(down=2, right=-1.5, scale=0.8, thickness=-1, tilt=10, invert=True)
    assert nudge_in_words(nudge) == (
        "2 px down, 1.5 px to the left, tilted 10° clockwise, 1 px thinner, "
        "80 % of its size, ink and paper exchanged"
    )
    said = nudge_summary(Nudge(down=2), readings(), NAMES, NudgedAccuracy(0.9, 0.6, 1000))
    assert "4 goes from 82.0 % to 23.0 %, and the model now reads 9" in said
    assert "Of all 1,000 test pictures, nudged the same way, it reads 60.0 % right" in said
    assert "−30 percentage points" in said
    before, _after = readings()
    still = nudge_summary(Nudge(), (before, before), NAMES)
    assert still == "Not nudged yet: the model reads 4, 82.0 % sure."
    assert "is still read" in nudge_summary(Nudge(down=1), (before, before), NAMES)


def test_both_pictures_of_a_nudge_stand_side_by_side() -> None:
    pictures = np.zeros((2, 64), np.uint8)
    pictures[1, 5] = 255
    figure = nudge_figure(pictures, (8, 8), readings(), NAMES)
    images = [image for ax in figure.axes for image in ax.images]
    np.testing.assert_array_equal(np.ravel(np.asarray(images[1].get_array())), pictures[1])
    assert "before\n4, 82.0 %" in texts(figure)
    assert "nudged\n9, 61.0 %" in texts(figure)


def test_a_sentence_is_written_below_and_moves_nothing_else() -> None:
    rng = np.random.default_rng(1)
    network = softmax_network(64, 10)
    params = {
        "W": rng.normal(size=(64, 10)).astype(np.float32),
        "b": np.zeros(10, np.float32),
    }
    figure = ledger_figure(
        evidence_ledger(network, params, rng.random(64).astype(np.float32)), (8, 8), NAMES
    )
    _width, height = figure.get_size_inches()
    before = [ax.get_window_extent().bounds for ax in figure.axes]
    sentence = "One pixel's part of the logit, and $100 is no formula. " * 8
    sentence_figure(figure, sentence, theme=PRINT)
    _width, tall = figure.get_size_inches()
    after = [ax.get_window_extent().bounds for ax in figure.axes]
    moved = (tall - height) * DPI
    assert moved > 40
    for (left, low, wide, high), now in zip(before, after, strict=True):
        assert now == pytest.approx((left, low + moved, wide, high), abs=0.01)
    (text,) = figure.texts
    box = text.get_window_extent()
    assert box.y0 >= 0
    assert box.y1 <= moved
    assert box.x1 <= DPI * figure.get_size_inches()[0]
    assert " ".join(text.get_text().split()) == sentence.strip()
    assert figure_bytes(figure, "png").startswith(b"\x89PNG")
