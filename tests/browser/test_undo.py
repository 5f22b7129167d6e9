"""Undo and Clear in real Chromium, pressed soon and late, and after a visit to another page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import BAR, ONE, Lab
from tests.browser.wire import Wire

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]
A_DIGIT = re.compile(r"^\d$")


def press_after(lab: Lab, name: str, milliseconds: int) -> None:
    """Press a button so long after the pen was lifted, sooner than a test could by itself."""
    lab.page.get_by_role("button", name=name, exact=True).evaluate(
        "(button, delay) => { document.addEventListener('pointerup', () => setTimeout("
        "() => button.click(), delay), { once: true }); }",
        milliseconds,
    )


def draw_two_strokes(lab: Lab) -> tuple[int, int]:
    """Return how much ink there was after the first and after the second."""
    lab.draw(ONE)
    first = lab.wait_for_more_ink()
    lab.draw(BAR)
    return first, lab.wait_for_more_ink(first)


def test_undo_right_after_a_stroke_takes_back_that_one_only(open_page: OpenPage) -> None:
    wire = Wire()
    lab = Lab(open_page(wire=wire))
    lab.draw(ONE)
    first = lab.wait_for_more_ink()
    for delay in (0, 100, 250):
        with wire.takes_a_drawing():
            press_after(lab, "Undo", delay)
            lab.draw(BAR)
        lab.wait_for_ink(first)
    expect(lab.prediction).to_have_attribute("data-prediction", A_DIGIT)
    with wire.takes_a_drawing():
        lab.press("Undo")
    lab.wait_for_ink(0)
    expect(lab.prediction).to_have_attribute("data-prediction", "")
    assert not lab.frame()["has_drawing"]


@pytest.mark.long
def test_undo_works_pressed_twice_at_once_and_by_keyboard(open_page: OpenPage) -> None:
    lab = Lab(open_page())
    undo = lab.page.get_by_role("button", name="Undo", exact=True)
    draw_two_strokes(lab)
    undo.evaluate("button => { button.click(); button.click(); }")
    lab.wait_for_ink(0)
    expect(lab.prediction).to_have_attribute("data-prediction", "")
    first, _ = draw_two_strokes(lab)
    undo.focus()
    lab.page.keyboard.press("Enter")
    lab.wait_for_ink(first)
    lab.page.keyboard.press("Space")
    lab.wait_for_ink(0)


@pytest.mark.long
def test_strokes_survive_a_visit_to_the_data_page_and_can_still_be_undone(
    open_page: OpenPage,
) -> None:
    wire = Wire()
    page = open_page(wire=wire)
    lab = Lab(page)
    lab.press("Step")
    expect(lab.live).to_have_attribute("data-step", "1")
    with wire.takes_a_drawing():
        lab.draw(ONE)
    first = lab.wait_for_more_ink()
    with wire.takes_a_drawing():
        lab.draw(BAR)
    both = lab.wait_for_more_ink(first)
    page.get_by_role("link", name="Data").click()
    expect(page.get_by_text("training pictures")).to_be_visible()
    page.get_by_role("link", name="Lab").click()
    expect(lab.live).to_have_attribute("data-step", "1")
    lab.wait_for_ink(both)
    expect(lab.prediction).to_have_attribute("data-prediction", A_DIGIT)
    lab.draw(((60, 220), (220, 220)))
    lab.wait_for_more_ink(both)
    for left in (both, first, 0):
        with wire.takes_a_drawing():
            lab.press("Undo")
        lab.wait_for_ink(left)
    expect(lab.prediction).to_have_attribute("data-prediction", "")


@pytest.mark.long
def test_clear_empties_the_canvas_and_the_next_stroke_counts(open_page: OpenPage) -> None:
    wire = Wire()
    lab = Lab(open_page(wire=wire))
    for delay in (0, 250):
        with wire.takes_a_drawing():
            press_after(lab, "Clear", delay)
            lab.draw(ONE)
        lab.wait_for_ink(0)
        expect(lab.prediction).to_have_attribute("data-prediction", "")
        assert not lab.frame()["has_drawing"]
    lab.draw(ONE)
    lab.wait_for_more_ink()
    expect(lab.prediction).to_have_attribute("data-prediction", A_DIGIT)
