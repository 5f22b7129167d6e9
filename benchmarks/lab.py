"""The real app in a real Chromium, for one benchmark."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import find_or_install_chromium
from tests.browser.conftest import DESKTOP
from tests.browser.lab import Lab
from tests.serve import App


@contextmanager
def open_lab(query: str) -> Iterator[Lab]:
    """Start the app on a free port and open the Lab; end both in the end."""
    with open_at(query) as page:
        yield Lab(page)


@contextmanager
def open_at(address: str) -> Iterator[Page]:
    """Start the app on a free port and open one page of it; end both in the end."""
    with tempfile.TemporaryDirectory(prefix="softmax-lab-log-") as folder:
        app = App(Path(folder) / "server.txt")
        try:
            app.wait_until_healthy()
            with open_page() as page:
                page.goto(f"{app.url}/{address}")
                yield page
        finally:
            app.stop()


@contextmanager
def open_page() -> Iterator[Page]:
    """Open an empty page of a Chromium of its own."""
    with sync_playwright() as driver:
        chromium = find_or_install_chromium(driver.chromium.executable_path)
        # Chromium's sandbox refuses to run as root.
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        browser = driver.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"] if root else []
        )
        page = browser.new_page(viewport=DESKTOP)
        page.set_default_timeout(20_000)
        yield page
        browser.close()
