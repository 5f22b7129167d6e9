"""Teach it in real Chromium: say what it was, train a little, see the same drawing again."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import SEVEN, Lab
from tests.browser.wire import Wire

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]
WAVED = ((60, 110), (90, 60), (140, 100), (210, 50), (190, 140), (205, 235))
TRAINED = "?network=mlp&speed=full&data=mnist-5k-upright&init=trained"
CHANGE = re.compile(r"You said 7: ([\d.]+).%* before, ([\d.]+).%* now\.")


def teach(lab: Lab, name: str) -> Locator:
    """Say what the drawing was; return the shelf."""
    body = lab.page.get_by_test_id("stPopoverBody")
    if not body.is_visible():
        lab.page.get_by_role("button", name="Teach it").click()
    body.get_by_text(name, exact=True).click()
    lab.press("Add and train")
    return body.get_by_test_id("shelf")


def test_a_drawing_is_taught_scored_again_taken_home_and_removed(
    open_page: OpenPage, tmp_path: Path
) -> None:
    wire = Wire()
    lab = Lab(open_page(TRAINED, wire=wire), shows_test=False)
    with wire.takes_a_drawing():
        lab.draw(WAVED)
    lab.wait_for_more_ink()
    shelf = teach(lab, "7")
    lab.wait_for_step(30)
    lab.wait_until("idle")
    expect(shelf.get_by_role("listitem")).to_have_count(1)
    expect(shelf).to_contain_text("a 7")
    expect(shelf).to_contain_text("→")
    expect(lab.prediction).to_contain_text("You said 7")
    said = CHANGE.search(lab.prediction.inner_text().replace("\u00a0", " ").replace(" %", "%"))
    assert said is not None
    before, now = float(said[1]), float(said[2])
    assert now > before + 30
    with lab.page.expect_download() as download:
        lab.press("Take the drawings home (ZIP)")
    file = tmp_path / "drawings.zip"
    download.value.save_as(file)
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["drawing-01-class-7.png"]
    shelf.get_by_role("button", name="Remove this 7").press("Enter")
    expect(shelf).to_have_count(0)
    assert lab.frame()["taught"] == []
    expect(lab.prediction).not_to_contain_text("You said")


@pytest.mark.long
def test_a_drawing_is_taught_by_finger_on_a_phone(open_page: OpenPage) -> None:
    wire = Wire()
    lab = Lab(open_page("?speed=full", phone=True, wire=wire))
    lab.canvas.scroll_into_view_if_needed()
    with wire.takes_a_drawing():
        lab.touch(SEVEN)
    lab.wait_for_more_ink()
    shelf = teach(lab, "7")
    lab.wait_for_step(30)
    card = shelf.get_by_role("listitem")
    expect(card).to_have_count(1)
    box = card.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


@pytest.mark.long
def test_the_steps_of_a_drawing_are_shown_beside_a_mere_shrinking(open_page: OpenPage) -> None:
    wire = Wire()
    lab = Lab(open_page(TRAINED, wire=wire), shows_test=False)
    with wire.takes_a_drawing():
        lab.draw(SEVEN)
    lab.page.get_by_role("button", name="How your drawing becomes this picture").click()
    dialog = lab.page.get_by_role("dialog")
    expect(dialog.get_by_role("img")).to_have_count(8)
    expect(dialog.get_by_text(re.compile("^Read as"))).to_have_count(2)
    box = dialog.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 768
    lab.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(lab.prediction).to_have_attribute("data-prediction", "7")
