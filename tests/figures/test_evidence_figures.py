"""Ledger, contrast and change as pictures: one scale each, its limit printed, and true words."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from softmax_core.errors import UserError
from softmax_core.explain import (
    Ledger,
    PrintedEntry,
    contrast_of,
    decision_of,
    evidence_ledger,
    printed_entry,
    smallest_change,
)
from softmax_core.figures import (
    DARK,
    LIGHT,
    PRINT,
    Theme,
    figure_bytes,
)
from softmax_core.figures.change import change_figure, change_summary, magnification
from softmax_core.figures.contrast import contrast_figure, contrast_summary, place_name
from softmax_core.figures.ledger import entry_text, fixed, ledger_figure, ledger_summary
from softmax_core.nn import relu_softmax_network, softmax_network

DIGITS = [str(i) for i in range(10)]
NETWORK = softmax_network(64, 10)


def case() -> tuple[dict[str, np.ndarray], np.ndarray]:
    rng = np.random.default_rng(2)
    params = {
        "W": rng.normal(0, 0.3, (64, 10)).astype(np.float32),
        "b": rng.normal(0, 0.1, 10).astype(np.float32),
    }
    x: np.ndarray = rng.random(64) * (rng.random(64) < 0.5)
    return params, x.astype(np.float32)


def ledger() -> Ledger:
    return evidence_ledger(NETWORK, *case())


def figures(theme: Theme) -> dict[str, Figure]:
    params, x = case()
    contrast = contrast_of(NETWORK, params, x, (4, 9))
    wanted = int(np.argsort(ledger().logits)[-2])
    change = smallest_change(NETWORK, params, x, wanted)
    return {
        "ledger": ledger_figure(ledger(), (8, 8), DIGITS, theme=theme),
        "contrast": contrast_figure(contrast, decision_of(contrast, (8, 8)), DIGITS, theme=theme),
        "change": change_figure(change, (8, 8), DIGITS, theme=theme),
    }


@pytest.mark.parametrize("theme", [LIGHT, DARK, PRINT], ids=["light", "dark", "print"])
@pytest.mark.parametrize("name", ["ledger", "contrast", "change"])
def test_one_symmetric_scale_with_its_limit_printed(name: str, theme: Theme) -> None:
    figure = figures(theme)[name]
    images = figure.axes[0].images
    (norm,) = {id(image.norm): image.norm for image in images}.values()
    limit = float(str(norm.vmax))
    assert norm.vmin == -limit
    shown = np.abs([np.asarray(image.get_array()) for image in images]).max()
    assert shown <= limit * (1 + 1e-9)
    low, zero, high = (text.get_text() for text in figure.axes[1].get_xticklabels())
    assert zero == "0"
    assert (low, high) == (f"−{limit:.3g}", f"+{limit:.3g}")
    assert "blue" in figure.axes[1].get_xlabel()
    assert "orange" in figure.axes[1].get_xlabel()
    assert figure_bytes(figure, "png") == figure_bytes(figures(theme)[name], "png")


def titles(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts[1:]]


def test_the_ledger_shows_each_class_and_its_logit() -> None:
    figure = figures(LIGHT)["ledger"]
    products, logits = ledger().products, ledger().logits
    for k, image in enumerate(figure.axes[0].images):
        np.testing.assert_array_equal(np.asarray(image.get_array()).ravel(), products[k])
    assert titles(figure) == [f"{k}\n{fixed(logits[k])}" for k in range(10)]


def test_the_ledgers_sentence_adds_up() -> None:
    text = ledger_summary(ledger(), DIGITS)
    k = int(ledger().logits.argmax())
    assert text.startswith(f"{k} has the highest of 10 logits: ")
    assert entry_text(printed_entry(ledger(), k)) in text
    assert "negative logits" not in text
    relu = evidence_ledger(relu_softmax_network(64, 10), *case())
    assert "negative logits to 0" in ledger_summary(relu, DIGITS)


def test_a_line_of_the_ledger_reads_as_a_sum() -> None:
    assert entry_text(PrintedEntry(12.31, -3.2, 0.12, 9.23)) == "+12.31 − 3.20 + 0.12 = +9.23"
    assert entry_text(PrintedEntry(0.0, -3.2, -0.1, -3.3)) == "+0.00 − 3.20 − 0.10 = −3.30"
    assert fixed(-0.001) == "+0.00"


def test_the_contrast_shows_all_and_then_what_decided() -> None:
    params, x = case()
    contrast = contrast_of(NETWORK, params, x, (4, 9))
    decision = decision_of(contrast, (8, 8))
    every, decided = contrast_figure(contrast, decision, DIGITS).axes[0].images
    np.testing.assert_array_equal(np.asarray(every.get_array()).ravel(), contrast.products)
    shown = np.asarray(decided.get_array())
    np.testing.assert_array_equal(shown != 0, decision.mask)
    assert shown.sum() >= contrast.ink_for / 2
    text = contrast_summary(contrast, decision, DIGITS)
    assert f"The logit of 4 less that of 9 is {fixed(contrast.total)}" in text
    assert f"{decision.mask.sum()} of {np.count_nonzero(x)} inked pixels hold" in text
    assert decision.regions[0].place in text


def test_every_place_has_a_name() -> None:
    assert place_name("upper left") == "upper left"
    with pytest.raises(KeyError):
        place_name("nowhere")


def test_a_contrast_without_evidence_says_so() -> None:
    network = softmax_network(4, 2, bias=False)
    contrast = contrast_of(network, {"W": np.zeros((4, 2))}, np.ones(4), (0, 1))
    decision = decision_of(contrast, (2, 2))
    text = contrast_summary(contrast, decision, ["a", "b"])
    assert text.endswith("No ink speaks for a.")
    bar = contrast_figure(contrast, decision, ["a", "b"]).axes[1]
    assert [label.get_text() for label in bar.get_xticklabels()] == ["", "0", ""]


def test_before_and_change_make_after() -> None:
    params, x = case()
    wanted = int(np.argsort(ledger().logits)[-2])
    change = smallest_change(NETWORK, params, x, wanted)
    figure = change_figure(change, (8, 8), DIGITS)
    before, step, after = (np.asarray(image.get_array()) for image in figure.axes[0].images)
    factor = magnification(change.after - change.before)
    assert factor > 1
    assert titles(figure)[1] == f"the change\n× {factor:g}"
    np.testing.assert_allclose(before + step / factor, after, atol=1e-12)
    assert titles(figure)[2] == f"after\nread as {wanted}"

    assert f"{change.distance:.3g} away" in change_summary(change, DIGITS)


@pytest.mark.parametrize(
    ("largest", "factor"), [(0, 1), (1, 1), (0.95, 1), (0.525, 1.9), (0.04, 25), (1e-6, 100)]
)
def test_a_faint_change_is_drawn_stronger_but_never_beyond_full_ink(
    largest: float, factor: float
) -> None:
    assert magnification(np.array([0, -largest])) == factor
    assert factor * largest <= 1


def test_raw_pixels_are_drawn_as_shares_of_full_ink() -> None:
    params, x = case()
    raw = {"W": params["W"] / 255, "b": params["b"]}
    wanted = int(np.argsort(ledger().logits)[-2])
    one = change_summary(smallest_change(NETWORK, params, x, wanted), DIGITS)
    change = smallest_change(NETWORK, raw, x * 255, wanted, (0, 255))
    assert change_summary(change, DIGITS, full=255) == one
    shown = change_figure(change, (8, 8), DIGITS, full=255).axes[0].images[0].get_array()
    np.testing.assert_allclose(np.asarray(shown).ravel(), x, atol=1e-6)


def test_a_third_class_on_the_way_is_named() -> None:
    W = np.array([[0, 10, 15]], np.float32)
    params = {"W": W, "b": np.array([0, -2, -5], np.float32)}
    change = smallest_change(softmax_network(1, 3), params, np.array([0.1], np.float32), 2)
    assert "had to get past b, which wins" in change_summary(change, ["a", "b", "c"])


def test_shapes_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(UserError, match="28 x 28"):
        ledger_figure(ledger(), (28, 28), DIGITS)
    with pytest.raises(UserError, match="10 pictures and 2 titles"):
        ledger_figure(ledger(), (8, 8), ["a", "b"])
