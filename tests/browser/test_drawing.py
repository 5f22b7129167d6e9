"""Drawing in real Chromium: with mouse and finger, scored while the pen moves."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from softmax_core.limits import CANVAS_SIDE
from tests.browser.lab import SEVEN, Lab
from tests.browser.wire import Wire

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]
A_DIGIT = re.compile(r"^\d$")
FAST = "?speed=full"
TAP_EVERY = 28  # canvas pixels
TOOLBAR = 60  # canvas pixels that lie under the toolbar, and as many more


def trained(page: Page) -> Lab:
    """Return the Lab after one epoch: before it, every drawing gets the same probabilities."""
    lab = Lab(page)
    lab.press("Epoch")
    lab.wait_for_step(32)
    lab.wait_until("idle")
    return lab


def test_the_drawing_is_scored_while_the_pen_moves_and_again_while_the_weights_do(
    open_page: OpenPage,
) -> None:
    lab = trained(open_page(FAST))
    lab.prediction.evaluate(
        """shown => {
          window.confidences = new Set();
          new MutationObserver(() => window.confidences.add(shown.dataset.confidence))
            .observe(shown, { attributes: true, attributeFilter: ["data-confidence"] });
        }"""
    )
    lab.draw(lift=False)
    lab.draw(reversed(SEVEN[:-1]), lift=False)
    lab.page.wait_for_function("() => window.confidences.size >= 4")
    lab.page.mouse.up()
    lab.wait_for_more_ink()
    expect(lab.prediction).to_have_attribute("data-prediction", A_DIGIT)
    before = lab.prediction.get_attribute("data-confidence") or ""
    lab.press("Train")
    expect(lab.prediction).not_to_have_attribute("data-confidence", before)


def test_a_stroke_of_the_finger_is_scored_and_stays(open_page: OpenPage) -> None:
    wire = Wire()
    page = open_page(FAST, phone=True, wire=wire)
    lab = trained(page)
    lab.canvas.scroll_into_view_if_needed()
    answers: list[int] = []
    page.on("response", lambda r: answers.append(r.status) if "/lab/ink" in r.url else None)
    scrolled = page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
    with wire.takes_a_drawing():
        lab.touch(SEVEN)
    drawn = lab.wait_for_more_ink(2_000)
    expect(lab.prediction).to_have_attribute("data-prediction", "7")
    assert answers.count(200) >= 3
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == scrolled
    lab.press("Step")
    expect(lab.live).to_have_attribute("data-step", "33")
    assert lab.ink() == drawn


@pytest.mark.parametrize("phone", [pytest.param(False, marks=pytest.mark.long), True])
def test_no_tap_anywhere_on_the_canvas_erases_a_drawing(open_page: OpenPage, phone: bool) -> None:
    lab = Lab(open_page(phone=phone))
    lab.canvas.scroll_into_view_if_needed()
    (lab.touch if phone else lab.draw)(SEVEN)
    drawn = lab.wait_for_more_ink()
    box = lab.canvas.bounding_box()
    assert box is not None
    tap = lab.page.touchscreen.tap if phone else lab.page.mouse.click
    leave = lab.page.touchscreen.tap if phone else lab.page.mouse.move
    # The invisible toolbar lies at the top, so the top comes last: what it erased stays erased.
    # Its bin is at the right, and comes before the other buttons, which would move it.
    places = range(CANVAS_SIDE - TAP_EVERY // 2, 0, -TAP_EVERY)
    for y in places:
        for x in places:
            if y < TOOLBAR:  # over the canvas, it makes room
                leave(box["x"] + box["width"] + 20, box["y"] + y)
            tap(box["x"] + x, box["y"] + y)
        now = lab.ink()
        assert now >= drawn, f"a tap near y={y} erased ink"
        drawn = now
    lab.wait_for_more_ink(CANVAS_SIDE**2 // 3)


def test_a_drawing_is_read_after_all_when_the_connection_failed_for_a_moment(
    open_page: OpenPage,
) -> None:
    wire = Wire()
    page = open_page(FAST, wire=wire)
    lab = trained(page)
    failed: list[str] = []

    def fail(route: Route) -> None:
        failed.append(route.request.url)
        route.abort()

    page.route("**/lab/ink?*", fail)
    with page.expect_event("requestfailed", lambda _: len(failed) >= 3), wire.takes_a_drawing():
        lab.draw()
    # Nothing happens on the page any more that could make it look at the canvas.
    expect(lab.prediction).to_have_attribute("data-prediction", A_DIGIT)
    with page.expect_response(lambda answer: "/lab/ink" in answer.url) as answered:
        page.unroute("**/lab/ink?*")
    assert answered.value.json()["prediction_name"] == lab.prediction.get_attribute(
        "data-prediction"
    )


def test_a_test_picture_is_read_instead_of_a_drawing(open_page: OpenPage) -> None:
    lab = Lab(open_page())
    lab.page.get_by_role("radio", name="Test picture").or_(
        lab.page.get_by_role("button", name="Test picture", exact=True)
    ).first.click()
    pictures = lab.page.get_by_role("group", name="Test pictures").get_by_role("button")
    expect(pictures).to_have_count(20)
    expect(lab.prediction).to_have_attribute("data-prediction", A_DIGIT)
    pictures.nth(7).focus()
    lab.page.keyboard.press("Enter")
    expect(pictures.nth(7)).to_have_attribute("aria-pressed", "true")
    named = pictures.nth(7).get_attribute("aria-label") or ""
    expect(lab.page.get_by_text(f"This picture shows: {named[-1]}.")).to_be_visible()
