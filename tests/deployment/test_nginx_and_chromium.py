"""A page behind nginx whose server is killed: it goes on at the other, with its settings."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.chromium import find_or_install_chromium
from tests.browser.lab import Lab
from tests.deployment.conftest import Servers

pytestmark = pytest.mark.long

COOKIE = "softmax_server"


def test_a_page_in_a_browser_goes_on_when_its_server_is_killed(servers: Servers) -> None:
    with sync_playwright() as driver:
        chromium = find_or_install_chromium(driver.chromium.executable_path)
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(ignore_https_errors=True)
        try:
            page.goto(f"{servers.nginx.url}/?lr=0.3&seed=7")
            lab = Lab(page)
            for step in (1, 2):
                lab.press("Step")
                expect(lab.live).to_have_attribute("data-step", str(step))
            name = cookie_of(page)
            servers.apps[name].process.kill()
            expect(lab.live).to_have_attribute("data-status", "gone", timeout=60_000)
            lab.press("Step")  # whatever is done first: the page finds itself at another server
            expect(lab.live).not_to_have_attribute("data-status", "gone", timeout=60_000)
            lab.press("Reset")
            expect(lab.live).to_have_attribute("data-step", "0")
            lab.press("Step")
            expect(lab.live).to_have_attribute("data-step", "1")
            assert cookie_of(page) != name
            assert "lr=0.3" in page.url
        finally:
            browser.close()


def cookie_of(page: Page) -> str:
    cookies = {cookie.get("name"): cookie for cookie in page.context.cookies()}
    assert cookies[COOKIE].get("httpOnly")
    assert cookies[COOKIE].get("secure")
    return str(cookies[COOKIE].get("value"))
