"""Spot the bug and Break it safely in real Chromium: what a class sees on the projector."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def open_section(open_page: OpenPage, name: str) -> Page:
    page = open_page("recipes")
    page.get_by_role("radio", name=name).click()
    return page


@pytest.mark.long
def test_the_check_names_the_biases_and_only_them(open_page: OpenPage) -> None:
    page = open_section(open_page, "Spot the bug")
    page.get_by_role("combobox", name="Mistake").click()
    page.get_by_role("option", name="(d) Bias gradient summed over the classes too").click()
    expect(page.get_by_text("every bias gets that one sum")).to_be_visible()
    press(page, "Train both")
    expect(page.get_by_text("Training loss after 300 steps: exact 0.395")).to_be_visible()
    press(page, "Check the gradient")
    expect(page.get_by_text("The check points at biases b.")).to_be_visible()
    rows = page.get_by_role("row")
    expect(rows.filter(has_text="logits Z")).to_contain_text("✓\u00a0right")
    expect(rows.filter(has_text="weights W")).to_contain_text("✓\u00a0right")
    expect(rows.filter(has_text="biases b")).to_contain_text("✗\u00a0wrong")
    expect(page.get_by_text("mistake (d): all 10 are the same (0)")).to_be_attached()
    link = page.get_by_role("link", name="rasbt/stat453-deep-learning-ss21")
    expect(link).to_have_attribute("href", re.compile(r"^https://github\.com/"))
    # On the projector the verdict needs no scrolling.
    box = rows.filter(has_text="biases b").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 768


def test_the_naive_softmax_breaks_names_its_logit_and_the_fix_goes_on(
    open_page: OpenPage,
) -> None:
    page = open_section(open_page, "Break it safely")
    live = page.get_by_test_id("live")
    expect(live).to_have_attribute("data-test-accuracy", re.compile(r"\d"))
    page.get_by_text("Naive softmax", exact=True).click()
    expect(page.get_by_text("Pixels are 0 to 255 too")).to_be_visible()
    expect(page.get_by_label("Pixels 0 to 255", exact=True)).to_be_checked()
    press(page, "Break it")
    expect(live).to_have_attribute("data-status", "stopped")
    expect(live).to_contain_text(re.compile(r"Training stopped at step [1-5]: exp\(Z\)"))
    fault = page.locator(".st-key-break_fault")
    expect(fault).to_contain_text("exp(Z)")
    expect(fault).to_contain_text(re.compile(r"The logit\s*\d,\d{3}\.\d"))
    page.get_by_test_id("stExpander").get_by_text("Why?").click()
    expect(page.get_by_text("In this run")).to_be_visible()
    press(page, "Fix it and go on from here")
    expect(live).to_have_attribute("data-status", "running")
    expect(page.get_by_label("Naive softmax", exact=True)).not_to_be_checked()
    page.wait_for_function(
        "() => Number(document.querySelector('[data-testid=live]').dataset.testAccuracy) >= 0.8"
    )
