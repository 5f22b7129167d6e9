"""Make the README's screenshot: ``python -m tests.browser.make_screenshot``."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.chromium import find_or_install_chromium
from tests.browser.conftest import DESKTOP, chromium_flags
from tests.browser.lab import Lab
from tests.serve import PROJECT, App

TARGET = PROJECT / "assets" / "screenshot.png"


def main() -> None:
    """Train for a few epochs, change the rate, draw a seven, and take the picture."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        app = App(Path(folder) / "log.txt")
        try:
            app.wait_until_healthy()
            chromium = find_or_install_chromium(driver.chromium.executable_path)
            browser = driver.chromium.launch(executable_path=chromium, args=chromium_flags())
            page = browser.new_page(viewport=DESKTOP)
            page.goto(app.url)
            lab = Lab(page)
            lab.press("Train")
            lab.wait_for_step(100)
            lab.slide("Learning rate", 2)
            lab.wait_for_step(190)
            lab.draw()
            page.mouse.move(5, 400)
            lab.wait_for_step(230)
            page.screenshot(path=TARGET)
            browser.close()
        finally:
            app.stop()


if __name__ == "__main__":
    main()
