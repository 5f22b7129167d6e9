"""Finding a Chromium for the browser tests, and installing one where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)


def find_or_install_chromium(playwrights_own: str) -> str:
    """Return the path of a Chromium or Chrome.

    Raises
    ------
    RuntimeError
        When there is none and none could be installed, with what to do in one sentence.
    """
    found = _find(playwrights_own)
    if found is None:
        for command in _installers():
            subprocess.run(command, check=False, capture_output=True, timeout=500)
            found = _find(playwrights_own)
            if found is not None:
                break
    if found is None:
        raise RuntimeError(
            "The browser tests need Chromium and could not install it: install Chromium or "
            "Chrome, or run 'python -m playwright install --with-deps chromium', and try again "
            "(or leave these tests out with -m 'not browser')."
        )
    return found


def _find(playwrights_own: str) -> str | None:
    on_path = (shutil.which(name) for name in NAMES)
    elsewhere = (place for place in (*PLACES, playwrights_own) if Path(place).exists())
    return next((path for path in (*on_path, *elsewhere) if path), None)


def _installers() -> list[list[str]]:
    own = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid"):
        return own
    if os.geteuid() == 0:
        return [[apt, "update"], [apt, "install", "-y", "chromium"], *own]
    if shutil.which("sudo") is not None:
        sudo = ["sudo", "--non-interactive", apt]
        return [[*sudo, "update"], [*sudo, "install", "-y", "chromium"], *own]
    return own
