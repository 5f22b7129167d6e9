"""A class that is full, in real Chromium: a sentence, and then a place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.lab import Lab
from tests.serve import App

pytestmark = pytest.mark.browser
SENTENCE = "The class is full (1 connected). This page tries again by itself."


@pytest.fixture(scope="module")
def small_app(cache_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Start a server with a single place."""
    server = App(
        tmp_path_factory.mktemp("small") / "log.txt", environment={"SOFTMAX_MAX_SOCKETS": "1"}
    )
    try:
        server.wait_until_healthy()
        yield server
        assert "Traceback" not in server.log(), server.log()
    finally:
        server.stop()


@pytest.fixture
def tabs(contexts: dict[bool, BrowserContext]) -> Iterator[tuple[Page, Page]]:
    pages = contexts[False].new_page(), contexts[False].new_page()
    yield pages
    for page in pages:
        page.close()


@pytest.mark.long
def test_who_finds_no_place_waits_and_gets_in(small_app: App, tabs: tuple[Page, Page]) -> None:
    inside, outside = tabs
    inside.goto(small_app.url)
    Lab(inside)
    answer = outside.goto(f"{small_app.url}/?lr=0.3")
    assert answer is not None
    assert answer.status == 503
    expect(outside.get_by_role("status")).to_have_text(SENTENCE)
    inside.close()
    lab = Lab(outside)  # by itself, and with the settings of its address
    assert lab.frame()["learning_rate"] == 0.3


@pytest.mark.long
def test_who_comes_a_moment_too_late_is_told_so_too(
    small_app: App, tabs: tuple[Page, Page]
) -> None:
    inside, late = tabs
    held: list[Route] = []

    def hold(asked: Route) -> None:  # Playwright looks into what it calls: no list's own method
        held.append(asked)

    late.route("**/static/js/index.*.js", hold, times=1)
    late.goto(small_app.url, wait_until="commit")
    inside.goto(small_app.url)
    Lab(inside)
    while not held:
        late.wait_for_timeout(50)  # until the browser has asked for the script
    held[0].continue_()
    expect(late.get_by_role("status")).to_have_text(SENTENCE)
    inside.close()
    Lab(late)
