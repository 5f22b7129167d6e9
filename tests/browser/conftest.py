"""The running app and a real Chromium to drive it with."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser.chromium import find_or_install_chromium
from tests.browser.wire import Wire
from tests.serve import App

DESKTOP: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
_CHROMIUM = pytest.StashKey[str | RuntimeError]()


@pytest.hookimpl(tryfirst=True)  # before the processes that run the tests are started
def pytest_collection_finish(session: pytest.Session) -> None:
    """Find or install Chromium before the first test: what is slow here counts to none of them."""
    wanted = any(item.get_closest_marker("browser") for item in session.items)
    others_install = os.environ.get("PYTEST_XDIST_WORKER", "gw0") != "gw0"
    if not wanted or others_install or session.config.option.collectonly:
        return
    with sync_playwright() as driver:
        session.config.stash[_CHROMIUM] = _chromium(driver)


@pytest.fixture(scope="session")
def app(cache_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Start the app once for all browser tests; afterwards it must have logged no error."""
    server = App(tmp_path_factory.mktemp("server") / "log.txt")
    try:
        server.wait_until_healthy()
        yield server
        log = server.log()
        assert "Traceback" not in log, log
        assert "Error" not in log, log
    finally:
        server.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Start Playwright's driver."""
    # How long to wait, not how long it takes: other tests keep the second core busy meanwhile.
    expect.set_options(timeout=20_000)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright, pytestconfig: pytest.Config) -> Iterator[Browser]:
    """Start the Chromium that was found."""
    chromium = pytestconfig.stash.get(_CHROMIUM, None)
    if chromium is None:  # another process of this test run has seen to it that there is one
        chromium = _chromium(playwright)
    if isinstance(chromium, RuntimeError):
        pytest.fail(str(chromium), pytrace=False)
    started = playwright.chromium.launch(executable_path=chromium, args=chromium_flags())
    yield started
    started.close()


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> dict[bool, BrowserContext]:
    """Keep one context for desktops and one for phones: what they have loaded they keep.

    A run belongs to a tab and not to the browser, so tests share no more than these files.
    """
    return {
        phone: browser.new_context(viewport=PHONE if phone else DESKTOP, has_touch=phone)
        for phone in (False, True)
    }


@pytest.fixture
def open_page(contexts: dict[bool, BrowserContext], app: App) -> Iterator[Callable[..., Page]]:
    """Open pages of the app, each a tab of its own; close them afterwards."""
    pages: list[Page] = []
    errors: list[str] = []

    def open_one(path: str = "", *, phone: bool = False, wire: Wire | None = None) -> Page:
        page = contexts[phone].new_page()
        pages.append(page)
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        if wire is not None:
            wire.listen(page)
        page.goto(f"{app.url}/{path}")
        return page

    yield open_one
    for page in pages:
        page.close()
    assert not errors, f"The page raised errors: {errors}"


def chromium_flags() -> list[str]:
    """Return what Chromium is started with: it asks nobody else, and works for root."""
    flags = ["--disable-background-networking", "--disable-component-update"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium's sandbox refuses to run as root
    return flags


def _chromium(driver: Playwright) -> str | RuntimeError:
    """Return where Chromium is, or why there is none."""
    try:
        return find_or_install_chromium(driver.chromium.executable_path)
    except RuntimeError as error:
        return error
