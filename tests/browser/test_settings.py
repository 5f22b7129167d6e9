"""Settings in real Chromium: changed in the middle of a run, and kept by the address."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import Lab

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]


def test_a_learning_rate_changed_mid_run_is_marked_and_counts(open_page: OpenPage) -> None:
    lab = Lab(open_page("?lr=0.001&epochs=200"))
    lab.press("Train")
    lab.wait_for_step(10)
    before = lab.number("train-loss")
    lab.slide("Learning rate", 12)
    # The rate has come to the default, which an address need not say.
    expect(lab.page).to_have_url(re.compile(r"/\?epochs=200$"))
    lab.wait_for_step(int(lab.number("step")) + 60)
    frame = lab.frame()
    assert frame["marks"], "no mark on the curve"
    assert all(re.match(r"rate [\d.]+ → [\d.]+", mark["text"]) for mark in frame["marks"])
    assert frame["learning_rate"] == 0.1
    assert lab.number("train-loss") < before - 0.5


def test_a_reload_and_a_link_bring_the_settings_back(open_page: OpenPage) -> None:
    lab = Lab(open_page("?lr=0.5&batch=64&network=relu-softmax&seed=7"))
    lab.slide("Batch size", 1)
    expect(lab.page).to_have_url(re.compile("network=relu-softmax"))
    expect(lab.page).not_to_have_url(re.compile("batch=64"))
    lab.page.reload()
    lab = Lab(lab.page)
    frame = lab.frame()
    assert (frame["learning_rate"], frame["batch_size"]) == (0.5, 128)
    assert frame["network"] == "relu-softmax"
    expect(lab.page.get_by_role("slider", name="Learning rate")).to_have_attribute(
        "aria-valuetext", "0.5"
    )


def test_a_bad_address_is_explained_and_the_rest_applied(open_page: OpenPage) -> None:
    lab = Lab(open_page("?lr=banana&batch=64&seed=<script>alert(1)</script>"))
    expect(lab.page.get_by_text("lr=banana")).to_be_visible()
    frame = lab.frame()
    assert (frame["learning_rate"], frame["batch_size"]) == (0.1, 64)
    assert lab.page.locator("script:text('alert(1)')").count() == 0
