"""Keeping a run on the chart in real Chromium: button, faint line, name, list, and away again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import Lab
from tests.waiting import wait_for

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]

# How many pixels of a chart are neither background nor axis: more with a line more.
_INKED = """chart => {
  const canvas = document.querySelector(`canvas[data-chart=${chart}]`);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let inked = 0;
  for (let i = 3; i < data.length; i += 4) inked += data[i] > 0;
  return inked;
}"""


def read_out(page: Page) -> str:
    """Return what the arrow keys say of the last step of the loss chart."""
    chart = page.locator("canvas[data-chart=loss]")
    chart.blur()
    chart.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(100)  # it is said with the next drawing
    said = page.locator("section:has(canvas[data-chart=loss]) [aria-live=polite]")
    return said.text_content() or ""


def overflow(page: Page) -> int:
    found: int = page.evaluate(
        "(() => { const m = document.querySelector('[data-testid=stMain]');"
        " return m.scrollHeight - m.clientHeight; })()"
    )
    return found


def test_a_kept_run_stays_on_the_chart_through_reset_and_other_settings(
    open_page: OpenPage,
) -> None:
    lab = Lab(open_page())
    page = lab.page
    keep = page.get_by_test_id("keep")
    expect(keep).to_have_attribute("aria-disabled", "true")
    lab.press("Epoch")
    lab.wait_for_step(32)
    lab.wait_until("idle")
    keep.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Kept runs (1)")).to_be_visible()
    assert overflow(page) <= 0
    lab.press("Reset")
    expect(lab.live).to_have_attribute("data-step", "0")
    page.wait_for_function(f"() => ({_INKED})('loss') > 2500")
    lab.slide("Learning rate", 3)  # 0.1 to 0.3
    lab.press("Step")
    lab.wait_for_step(1)
    lab.wait_until("idle")
    # The kept line is read out with the others, under the name of what differs.
    wait_for(lambda: re.search(r"rate 0\.1 \d\.\d{3}", read_out(page)) is not None)
    page.get_by_role("button", name="Kept runs (1)").click()
    expect(page.get_by_text("Learning rate 0.1 instead of 0.3.")).to_be_visible()
    page.get_by_role("textbox", name="Name on the chart").fill("slow")
    page.keyboard.press("Enter")
    wait_for(lambda: "slow 2." in read_out(page))
    page.get_by_role("button", name="Remove", exact=True).click()  # the list is still open
    expect(page.get_by_role("button", name="Kept runs (1)")).to_have_count(0)
