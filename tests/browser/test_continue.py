"""Going on with a run in real Chromium: after a reload, in a second tab, and after a new start."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import Lab

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]


def trained(page: Page, steps: int) -> Lab:
    lab = Lab(page)
    for _ in range(steps):
        lab.press("Step")
    expect(lab.live).to_have_attribute("data-step", str(steps))
    lab.wait_until("idle")
    return lab


def test_a_reload_brings_the_run_back_with_its_curve_and_no_key_in_sight(
    open_page: OpenPage,
) -> None:
    page = open_page("?lr=0.2")
    expect(page.locator(".st-key-last_run")).to_have_count(0)
    lab = trained(page, 3)
    page.reload()
    offer = page.locator(".st-key-last_run")
    expect(offer).to_contain_text("Continue your last run?")
    expect(offer).to_contain_text("step 3")
    expect(lab.live).to_have_attribute("data-step", "0")  # nothing is done unasked
    (cookie,) = [c for c in page.context.cookies() if c["name"] == "softmax_lab_browser"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    assert cookie["value"] not in page.content()
    assert cookie["value"] not in page.url
    assert page.evaluate("document.cookie").find("softmax_lab_browser") < 0
    lab.press("Continue")
    expect(lab.live).to_have_attribute("data-step", "3")
    expect(offer).to_have_count(0)
    assert len(lab.frame()["arrays"]) > 0
    lab.press("Step")
    expect(lab.live).to_have_attribute("data-step", "4")


def test_a_second_tab_takes_the_run_over_and_the_first_is_told(open_page: OpenPage) -> None:
    first = trained(open_page(), 2)
    second = open_page()
    expect(second.locator(".st-key-last_run")).to_be_visible()
    other = Lab(second)
    other.press("Continue")
    expect(other.live).to_have_attribute("data-step", "2")
    first.page.bring_to_front()
    told = "Your run goes on in another tab, and this tab no longer steers it."
    expect(first.page.get_by_text(told)).to_be_visible()
    expect(first.live).to_have_attribute("data-step", "0")
    first.press("Step")
    expect(first.live).to_have_attribute("data-step", "1")
    assert other.frame()["step"] == 2


@pytest.mark.long
def test_starting_fresh_forgets_the_run_and_changes_the_key(open_page: OpenPage) -> None:
    page = open_page()
    lab = trained(page, 2)
    before = page.context.cookies()
    page.reload()
    lab.press("Start fresh")
    expect(page.locator(".st-key-last_run")).to_have_count(0)
    page.wait_for_function(
        "() => document.querySelector('[data-testid=live]').dataset.step === '0'"
    )
    with page.expect_response(lambda answer: "/lab/frame" in answer.url):
        pass  # any answer brings the new key
    page.reload()
    expect(lab.live).to_have_attribute("data-step", "0")
    expect(lab.canvas).to_be_visible()
    expect(page.locator(".st-key-last_run")).to_have_count(0)
    keys = [
        {c["value"] for c in cookies if c["name"] == "softmax_lab_browser"}
        for cookies in (before, page.context.cookies())
    ]
    assert keys[0] != keys[1]
