"""Finding a Chromium that starts, and installing one where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
START_TIMEOUT = 20.0  # seconds
INSTALL_TIMEOUT = 500.0  # seconds, for each command


def find_or_install_chromium(playwrights_own: str) -> str:
    """Return the path of a Chromium or Chrome that starts.

    Raises
    ------
    RuntimeError
        When there is none and none could be installed, with what to do in one sentence.
    """
    found = _find(playwrights_own)
    commands = iter([] if found else installers())
    while found is None and (command := next(commands, None)) is not None:
        _succeeds(command, INSTALL_TIMEOUT)
        found = _find(playwrights_own)
    if found is None:
        raise RuntimeError(
            "The browser tests need Chromium and could not install it: install Chromium or "
            "Chrome, or run 'python -m playwright install --with-deps chromium', and try again "
            "(or leave these tests out with -m 'not browser')."
        )
    return found


def installers() -> list[list[str]]:
    """Return the commands that may bring a Chromium, to be tried one after the other."""
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


def _find(playwrights_own: str) -> str | None:
    return next((path for path in _candidates(playwrights_own) if _starts(path)), None)


def _candidates(playwrights_own: str) -> Iterator[str]:
    for name in NAMES:
        path = shutil.which(name)
        if path is not None:
            yield path
    yield from (place for place in (*PLACES, playwrights_own) if Path(place).is_file())


def _starts(path: str) -> bool:
    """Tell whether a browser is more than a file: libraries may be missing, or a snap behind it."""
    if os.name == "nt":
        return True  # there, asking for the version opens a window that stays
    return _succeeds([path, "--version"], START_TIMEOUT)


def _succeeds(command: list[str], timeout: float) -> bool:
    try:
        done = subprocess.run(command, check=False, capture_output=True, timeout=timeout)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
