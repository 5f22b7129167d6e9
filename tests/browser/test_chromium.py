"""Finding a browser among executables of our own making."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import chromium

Script = Callable[[str, str], str]
NOWHERE = "/nowhere/chrome"


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Script:
    """Make executables in a folder that alone is searched; nothing may be installed."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "PLACES", ())
    monkeypatch.setattr(chromium, "installers", list)

    def make(name: str, body: str) -> str:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        return str(path)

    return make


def test_a_browser_on_the_path_is_found(script: Script) -> None:
    path = script("google-chrome", "echo Google Chrome 140")
    assert chromium.find_or_install_chromium(NOWHERE) == path


def test_a_browser_that_does_not_start_is_passed_over(script: Script) -> None:
    script("chromium", "echo libnss3.so: cannot open shared object file >&2; exit 127")
    path = script("chrome", "echo Google Chrome 140")
    assert chromium.find_or_install_chromium(NOWHERE) == path


def test_a_file_that_is_no_program_is_passed_over(script: Script, tmp_path: Path) -> None:
    Path(script("chromium", "")).write_bytes(b"\x7fELF for another machine")
    own = script("playwrights-own", "echo Chromium 140")
    assert chromium.find_or_install_chromium(own) == own


def test_a_browser_that_hangs_is_passed_over(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chromium, "START_TIMEOUT", 0.5)
    script("chromium", "while :; do :; done")
    path = script("chrome", "echo Google Chrome 140")
    assert chromium.find_or_install_chromium(NOWHERE) == path


def test_without_any_the_installers_are_tried_in_turn(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chromium, "INSTALL_TIMEOUT", 1.0)
    installed = tmp_path / "chromium"
    commands = [
        [str(tmp_path / "not-there")],
        [script("fails", "exit 1")],
        [script("hangs", "while :; do :; done")],
        [script("works", f"echo '#!/bin/sh' > {installed}; /bin/chmod 755 {installed}")],
        [script("not-needed-any-more", f"echo '#!/bin/sh\nexit 1' > {installed}")],
    ]
    monkeypatch.setattr(chromium, "installers", lambda: commands)
    assert chromium.find_or_install_chromium(NOWHERE) == str(installed)


@pytest.mark.parametrize("installer", ["exit 1", "exit 0", "while :; do :; done"])
def test_when_nothing_helps_one_sentence_says_what_to_do(
    script: Script, monkeypatch: pytest.MonkeyPatch, installer: str
) -> None:
    monkeypatch.setattr(chromium, "INSTALL_TIMEOUT", 0.5)
    monkeypatch.setattr(chromium, "installers", lambda: [[script("installer", installer)]])
    script("chromium", "exit 1")
    with pytest.raises(RuntimeError, match="need Chromium and could not install it") as raised:
        chromium.find_or_install_chromium(NOWHERE)
    assert str(raised.value).count(". ") == 0
    assert "playwright install --with-deps chromium" in str(raised.value)


def test_an_installed_browser_needs_no_installer(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chromium, "installers", lambda: pytest.fail("it was asked for"))
    path = script("chromium", "")
    assert chromium.find_or_install_chromium(NOWHERE) == path
