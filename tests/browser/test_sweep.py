"""The sweep and the noise in real Chromium: points that move, a run that opens, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Position, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.lab import Lab

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]

_RATES = 32
_ENOUGH = 60_000  # milliseconds for a sweep beside whatever else the machine does


class Sweep:
    """The open section as a test sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.get_by_role("radio", name="Sweep").click()
        self.root = page.get_by_test_id("sweep")
        self.chart = page.get_by_test_id("sweep-chart")
        self.summary = page.get_by_test_id("sweep-summary")
        expect(self.chart).to_be_visible()

    def start(self) -> None:
        """Press the button."""
        self.page.get_by_role("button", name="Start the sweep").click()

    def wait_until(self, status: str) -> None:
        """Wait for a status such as ``finished``."""
        expect(self.root).to_have_attribute("data-status", status, timeout=_ENOUGH)

    def said(self) -> Locator:
        """Return what a screen reader is told of the run that the keyboard has reached."""
        return self.root.locator("[aria-live=polite]")

    def press(self, *keys: str) -> None:
        """Press keys on the chart."""
        for key in keys:
            self.chart.press(key)


def opened(open_page: OpenPage, query: str = "data=digits", *, phone: bool = False) -> Sweep:
    return Sweep(open_page(f"race?{query}", phone=phone))


def bottom_of(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def test_32_rates_end_in_a_sentence_and_the_button_is_ready_again(open_page: OpenPage) -> None:
    sweep = opened(open_page)
    sweep.start()
    sweep.wait_until("finished")
    expect(sweep.root).to_have_attribute("data-measured", str(_RATES))
    expect(sweep.summary).to_contain_text(re.compile(r"Best: learning rates? [\d.]+"))
    expect(sweep.summary).to_contain_text("After one epoch")
    expect(sweep.page.get_by_role("button", name="Start the sweep")).to_be_visible()
    label = sweep.chart.get_attribute("aria-label") or ""
    assert (sweep.summary.text_content() or "-") in label
    assert bottom_of(sweep.chart) < DESKTOP["height"]


@pytest.mark.long
def test_points_move_while_it_trains_and_cancel_keeps_what_is_whole(open_page: OpenPage) -> None:
    sweep = opened(open_page, "data=mnist-5k&network=mlp")
    sweep.page.get_by_role("radio", name="… and batch size").click()
    sweep.start()
    sweep.wait_until("running")
    counts = "() => Number(document.querySelector('[data-testid=sweep]').dataset.measured) > {}"
    sweep.page.wait_for_function(counts.format(0), timeout=_ENOUGH)
    sweep.page.wait_for_function(counts.format(16), timeout=_ENOUGH)  # a second row has begun
    expect(sweep.summary).to_contain_text("% done")
    sweep.page.get_by_role("button", name="Cancel").click()
    sweep.wait_until("stopped")
    expect(sweep.root).to_contain_text("Cancelled: what was measured before stays.")
    expect(sweep.summary).to_contain_text("the best of")
    measured = int(sweep.root.get_attribute("data-measured") or 0)
    assert 16 <= measured < 80
    assert bottom_of(sweep.chart) < DESKTOP["height"]


@pytest.mark.long
def test_the_keyboard_reaches_a_run_and_opens_it(open_page: OpenPage) -> None:
    sweep = opened(open_page)
    sweep.start()
    sweep.wait_until("finished")
    sweep.press("ArrowRight", "End")
    expect(sweep.said()).to_contain_text("learning rate 10, ")
    sweep.press("ArrowLeft")
    expect(sweep.said()).to_contain_text("learning rate 6.9, ")
    expect(sweep.said()).to_contain_text(re.compile(r"test accuracy \d"))
    sweep.press("Enter")  # no step was made: nothing would be lost
    lab = Lab(sweep.page)
    slider = sweep.page.get_by_role("slider", name="Learning rate")
    expect(slider).to_have_attribute("aria-valuetext", "6.9")
    assert "lr=6.9" in sweep.page.url
    lab.press("Step")
    lab.wait_for_step(1)


@pytest.mark.long
def test_a_trained_run_is_asked_for_before_another_takes_its_place(open_page: OpenPage) -> None:
    page = open_page("?data=digits")
    lab = Lab(page)
    lab.press("Epoch")
    lab.wait_until("idle")
    page.get_by_role("link", name="Race").click()
    sweep = Sweep(page)
    sweep.start()
    sweep.wait_until("finished")
    box = sweep.chart.bounding_box()
    assert box is not None
    place: Position = {"x": 0.8 * box["width"], "y": 0.3 * box["height"]}
    sweep.chart.click(position=place)
    question = page.get_by_test_id("sweep-question")
    expect(question).to_contain_text("It takes the place of your own, which is at step 12.")
    page.get_by_role("button", name="Keep my run").click()
    expect(question).to_be_hidden()
    expect(sweep.chart).to_be_focused()
    sweep.chart.click(position=place)
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    sweep.chart.click(position=place)
    page.get_by_role("button", name="Open it").click()
    Lab(page)  # at step 0
    assert "lr=" in page.url


@pytest.mark.long
def test_on_a_phone_a_finger_looks_first(open_page: OpenPage) -> None:
    sweep = opened(open_page, phone=True)
    sweep.start()
    sweep.wait_until("finished")
    box = sweep.chart.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    sweep.chart.scroll_into_view_if_needed()
    sweep.chart.tap(position={"x": 200, "y": 100})
    expect(sweep.page.get_by_test_id("sweep-question")).to_contain_text("Open the run with")
    sweep.page.get_by_role("button", name="Not now").click()
    wide = sweep.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]


@pytest.mark.long
def test_noise_is_measured_and_drawn(open_page: OpenPage) -> None:
    page = open_page("race?data=digits")
    page.get_by_role("radio", name="Noise").click()
    shown = page.locator(".st-key-noise")
    expect(shown).to_contain_text("a batch of 1 points", timeout=_ENOUGH)
    expect(shown).to_contain_text("weights of step 0")
    pictures = shown.locator("img")
    expect(pictures).to_have_count(2)
    for picture in pictures.all():
        assert bottom_of(picture) < DESKTOP["height"]
