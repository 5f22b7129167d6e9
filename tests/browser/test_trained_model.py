"""The trained model in real Chromium: real sevens are read before any training."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from softmax_core.limits import CANVAS_SIDE
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.lab import ONE, SEVEN, Lab
from tests.browser.sevens import sevens
from tests.browser.wire import Wire

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]
PEN = 20  # canvas pixels


def with_model(page: Page) -> Lab:
    """Return the Lab with the trained model loaded."""
    lab = Lab(page)
    lab.press("Load trained model")
    expect(lab.live).to_contain_text("Begun from the trained model", timeout=20_000)
    lab.canvas.scroll_into_view_if_needed()
    return lab


@pytest.mark.parametrize(
    ("phone", "network", "part"),
    [
        (False, "softmax", slice(0, 4, 2)),
        (True, "mlp", slice(1, 4, 2)),
        *(
            pytest.param(phone, network, slice(None), marks=pytest.mark.long)
            for phone in (False, True)
            for network in ("softmax", "mlp")
        ),
    ],
)
def test_every_seven_is_read_as_one_before_any_training(
    open_page: OpenPage, phone: bool, network: str, part: slice
) -> None:
    wire = Wire()
    lab = with_model(open_page(f"?network={network}", phone=phone, wire=wire))
    for seven in sevens()[part]:
        inked = 0
        for stroke in seven:
            with wire.takes_a_drawing():
                (lab.touch if phone else lab.draw)(stroke, moves=3)
            inked = lab.wait_for_more_ink(inked)
        expect(lab.prediction).to_have_attribute("data-prediction", "7")
        expect(lab.live).to_have_attribute("data-step", "0")
        with wire.takes_a_drawing():
            lab.press("Clear")
        lab.wait_for_ink(0)
        expect(lab.prediction).to_have_attribute("data-prediction", "")


def test_no_test_accuracy_is_shown_of_pictures_it_has_seen_and_all_is_in_sight(
    open_page: OpenPage,
) -> None:
    lab = with_model(open_page())
    expect(lab.live).to_have_attribute("data-test-accuracy", "")
    expect(lab.live).to_contain_text("% of MNIST's own test pictures")
    lab.draw()
    expect(lab.prediction).to_have_attribute("data-prediction", "7")
    lab.press("Step")
    expect(lab.live).to_have_attribute("data-step", "1")
    expect(lab.live.locator(".sl-legend .sl-test")).to_have_count(2)
    for name in lab.live.locator(".sl-legend .sl-test").all():
        expect(name).to_be_hidden()
    for part in (
        lab.page.get_by_test_id("pictures"),
        lab.page.get_by_role("button", name="How your drawing becomes this picture"),
        lab.page.get_by_role("button", name="Load trained model"),
    ):
        box = part.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= DESKTOP["height"]


def test_a_stroke_begun_while_training_is_whole_and_is_scored_on_the_way(
    open_page: OpenPage,
) -> None:
    wire = Wire()
    lab = with_model(open_page("?speed=full&epochs=500", wire=wire))
    with wire.takes_a_drawing():
        lab.draw(SEVEN)
    alone = lab.wait_for_more_ink()
    with wire.takes_a_drawing():
        lab.press("Clear")
    lab.wait_for_ink(0)
    lab.press("Train")
    lab.wait_for_step(20)
    half = SEVEN[:3]
    lab.draw(half, lift=False)
    step = int(lab.number("step"))
    lab.wait_for_step(step + 100)
    expect(lab.prediction).to_have_attribute("data-prediction", "7")
    with wire.takes_a_drawing():
        lab.draw(SEVEN[2:], down=False)
    lab.wait_for_ink(alone)
    expect(lab.prediction).to_have_attribute("data-prediction", "7")
    with wire.takes_a_drawing():
        lab.press("Undo")
    lab.wait_for_ink(0)
    expect(lab.prediction).to_have_attribute("data-prediction", "")
    expect(lab.live).to_have_attribute("data-status", "running")
    with wire.takes_a_drawing():
        lab.draw(ONE)
    lab.wait_for_more_ink()
    with wire.takes_a_drawing():
        lab.press("Clear")
    lab.wait_for_ink(0)


@pytest.mark.long
def test_on_a_phone_the_canvas_is_whole_and_the_pen_as_thick_as_on_the_desktop(
    open_page: OpenPage,
) -> None:
    lab = with_model(open_page(phone=True))
    box = lab.canvas.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (CANVAS_SIDE, CANVAS_SIDE)
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    lab.touch(((60, 140), (220, 140)))
    inked = lab.wait_for_more_ink()
    round_line = 160 * PEN + 3.14 * (PEN / 2) ** 2
    assert inked == pytest.approx(round_line, rel=0.06)
