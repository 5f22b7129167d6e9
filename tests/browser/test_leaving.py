"""A tab that is closed tells the server, for all that it has shown; a hidden one asks less."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from softmax_core.service.pacing import PAUSE_AFTER_LEAVING
from tests.browser.lab import Lab
from tests.packed import unpacked
from tests.serve import App

pytestmark = pytest.mark.browser

_HIDE = """() => {
  Object.defineProperty(document, "hidden", { get: () => true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def asked_for(page: Page, path: str) -> list[str]:
    """Return a list that grows by a token with every question for a path."""
    tokens: list[str] = []

    def note(url: str) -> None:
        parts = urlsplit(url)
        if parts.path.endswith(path):
            tokens.extend(parse_qs(parts.query)["t"])

    page.on("request", lambda request: note(request.url))
    return tokens


@pytest.mark.long  # as long as the run goes on without a page
@pytest.mark.parametrize("leave", [Page.close, Page.reload], ids=["closed", "loaded again"])
def test_the_run_of_a_page_that_is_left_rests(
    open_page: Callable[..., Page], app: App, leave: Callable[[Page], object]
) -> None:
    page = open_page("?data=digits&epochs=1000")
    tokens = asked_for(page, "/lab/frame")
    lab = Lab(page)
    lab.press("Train")
    expect(lab.live).to_have_attribute("data-status", "running")
    token = tokens[-1]
    leave(page)
    time.sleep(PAUSE_AFTER_LEAVING + 3)  # no question in between: it would count as a page
    with urllib.request.urlopen(f"{app.url}/lab/frame?t={token}", timeout=10) as answer:
        header = unpacked(answer.read())[0]
    assert header["status"] == "idle"
    assert "nobody was watching" in header["message"]


def test_a_hidden_page_asks_every_other_second(open_page: Callable[..., Page]) -> None:
    page = open_page()
    Lab(page)
    asked = asked_for(page, "/lab/frame")
    page.evaluate(_HIDE)
    page.wait_for_timeout(3_000)  # no more and no less is to be seen of a page that waits
    assert 1 <= len(asked) <= 4
