"""The edge of stability and the narrator in real Chromium: beside the slider, and in words."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import ANY_NUMBER, Lab

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]


def middle(thing: Locator) -> float:
    box = thing.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2


def test_the_ruler_marks_rate_and_edge_and_says_what_follows(open_page: OpenPage) -> None:
    lab = Lab(open_page())
    ruler = lab.page.get_by_test_id("edge")
    expect(ruler).to_have_attribute("data-edge", ANY_NUMBER, timeout=30_000)
    edge = float(ruler.get_attribute("data-edge") or "nan")
    assert 0.3 < edge < 0.7
    below = f"Below the edge {edge:.2f}: a small disturbance dies out."
    expect(lab.page.locator(".sl-edge .sl-summary")).to_have_text(below)
    assert below in (ruler.get_attribute("aria-label") or "")
    thumb = lab.page.get_by_role("slider", name="Learning rate").locator("xpath=../..")
    mark = lab.page.locator(".sl-edge-rate")
    assert middle(mark) == pytest.approx(middle(thumb), abs=1.5)
    lab.slide("Learning rate", 6)  # 0.1 to 1
    text = f"{1 / edge:.1f} times the edge {edge:.2f}: a small disturbance along the steepest"
    expect(lab.page.locator(".sl-edge .sl-summary")).to_contain_text(text)
    assert middle(mark) == pytest.approx(middle(thumb), abs=1.5)
    zone = lab.page.locator(".sl-edge-zone").bounding_box()
    assert zone is not None
    assert zone["x"] < middle(mark)
    # It moves with the weights, while they train.
    lab.press("Train")
    expect(ruler).not_to_have_attribute("data-edge", str(edge), timeout=30_000)
    lab.press("Pause")


@pytest.mark.long
def test_the_narrator_speaks_under_the_charts_and_to_screen_readers(open_page: OpenPage) -> None:
    lab = Lab(open_page("?batch=4000&lr=2"))
    told = lab.page.get_by_test_id("narrator")
    expect(told).to_contain_text("No step of training has been made yet.")
    said = told.locator("xpath=following-sibling::*[@role='status']")
    expect(said).to_have_text("")  # what was there when the page opened is no news
    lab.press("Train")
    expect(told).to_have_attribute("data-kinds", re.compile("bouncing|overshot"), timeout=40_000)
    expect(told).to_contain_text("times the edge")
    lab.press("Pause")
    lab.wait_until("idle")
    expect(said).to_have_text(re.compile(r"\w"))


@pytest.mark.long
def test_more_on_the_chart_is_one_click_away_and_told_in_words(open_page: OpenPage) -> None:
    lab = Lab(open_page("?init=small-normal"))
    more = lab.page.get_by_role("button", name=re.compile("More on the chart"))
    strips = lab.page.get_by_test_id("strips")
    expect(strips).to_be_hidden()
    lab.press("Step")
    lab.wait_for_step(1)
    more.focus()
    lab.page.keyboard.press("Enter")
    expect(more).to_have_attribute("aria-expanded", "true")
    pictures = strips.get_by_role("img")
    expect(pictures).to_have_count(3)
    for picture, words in zip(
        pictures.all(), ("the edge was", "gradient's length was", "of step 1 moved"), strict=True
    ):
        expect(picture).to_have_attribute("aria-label", re.compile(words))
    more.click()
    expect(strips).to_be_hidden()
