"""Files in real Chromium: what is saved, and what is loaded again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import ANY_NUMBER, Lab

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]


def test_a_run_is_saved_and_loaded_again(open_page: OpenPage, tmp_path: Path) -> None:
    lab = Lab(open_page("?lr=0.3&network=mlp&hidden=20"))
    lab.press("Epoch")
    lab.wait_until("idle")
    expect(lab.live).to_have_attribute("data-step", "32")
    loss = lab.frame()["test_loss"]
    lab.page.get_by_text("Save and load").click()
    files = {}
    for name in ("Save run", "Curves (PNG)", "Curves (SVG)", "Weights (PNG)", "History (CSV)"):
        with lab.page.expect_download() as download:
            lab.press(name)
        files[name] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[name])
    assert files["Curves (PNG)"].read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in files["Curves (SVG)"].read_bytes()
    assert files["History (CSV)"].read_text().count("\n") > 32
    other = Lab(open_page())
    other.page.get_by_text("Save and load").click()
    other.page.locator("input[type=file]").set_input_files(files["Save run"])
    expect(other.live).to_have_attribute("data-step", "32")
    expect(other.live).to_have_attribute("data-test-accuracy", ANY_NUMBER)
    frame = other.frame()
    assert frame["test_loss"] == loss
    assert (frame["network"], frame["learning_rate"]) == ("mlp", 0.3)
    bad = tmp_path / "bad.npz"
    bad.write_bytes(b"PK\x03\x04 nothing of the kind")
    other.page.locator("input[type=file]").set_input_files(bad)
    expect(other.page.get_by_text("Nothing was changed")).to_be_visible()
    assert other.frame()["step"] == 32
