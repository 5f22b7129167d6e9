"""The time machine in real Chromium: wound back, played, gone on from, and asked for a batch."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence
from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import Lab

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]


class Past:
    """The bar under the curves."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.bar = lab.page.get_by_test_id("past")
        self.slider = self.bar.get_by_role("slider")

    def press(self, name: str) -> None:
        self.bar.get_by_role("button", name=name, exact=True).click()

    def is_at(self, step: int) -> None:
        """Wait until the page shows this step."""
        expect(self.bar).to_have_attribute("data-shown", str(step))

    def back(self, presses: int) -> int:
        """Wind back by keyboard; return the step that is shown then."""
        steps = self.lab.frame()["snapshot_steps"]
        wanted: int = steps[-1 - presses]
        for _ in range(presses):
            self.slider.press("ArrowLeft")
        self.is_at(wanted)
        return wanted


def trained(lab: Lab) -> Past:
    """Train an epoch: 32 steps."""
    lab.press("Epoch")
    expect(lab.live).to_have_attribute("data-step", "32")
    lab.wait_until("idle")
    past = Past(lab)
    past.is_at(32)
    return past


def weights(page: Page, folder: Path, step: int | None = None) -> np.ndarray:
    """Download W.npy; the page says of which step it is, unless of the newest."""
    page.get_by_text("Save and load").click()
    said = page.get_by_text("which is on screen")
    expect(said).to_have_count(0 if step is None else 1)
    if step is not None:
        expect(said).to_contain_text(f"step {step},")
    with page.expect_download() as download:
        page.get_by_role("button", name="W.npy", exact=True).click()
    page.keyboard.press("Escape")
    path = folder / f"{len(list(folder.iterdir()))}.npy"
    download.value.save_as(path)
    array: np.ndarray = np.load(path)
    return array


def counter(lab: Lab, name: str) -> Locator:
    return lab.live.locator(".sl-counters > div", has_text=name).locator("dd")


def test_the_whole_page_follows_the_step_and_its_future_comes_again(
    open_page: OpenPage, tmp_path: Path
) -> None:
    lab = Lab(open_page("?speed=full"))
    expect(lab.page.get_by_test_id("past")).to_be_hidden()
    lab.draw()
    past = trained(lab)
    newest = weights(lab.page, tmp_path)
    step = past.back(2)
    assert step < 32
    frame = lab.frame()
    expect(counter(lab, "Step")).to_have_text(str(step))
    expect(counter(lab, "Test accuracy")).to_have_text(
        re.compile(f"{100 * frame['shown_test_accuracy']:.1f}")
    )
    expect(counter(lab, "Test loss")).to_have_text(f"{frame['shown_test_loss']:.3f}")
    expect(past.bar).to_have_attribute("data-test-accuracy", str(frame["shown_test_accuracy"]))
    expect(lab.prediction).to_have_attribute("data-prediction", str(frame["prediction"]))
    scrolls = lab.page.evaluate(
        "(() => { const m = document.querySelector('[data-testid=stMain]');"
        " return m.scrollHeight - m.clientHeight; })()"
    )
    assert scrolls <= 0
    pinned = weights(lab.page, tmp_path, step)
    assert not np.array_equal(pinned, newest)
    past.press("Go on from here")
    expect(lab.live).to_have_attribute("data-step", str(step))
    expect(past.bar).to_have_attribute("data-pinned", "false")
    np.testing.assert_array_equal(weights(lab.page, tmp_path), pinned)
    lab.press("Epoch")
    expect(lab.live).to_have_attribute("data-step", "32")
    lab.wait_until("idle")
    np.testing.assert_array_equal(weights(lab.page, tmp_path), newest)


@pytest.mark.long
def test_going_on_while_it_trains_gives_the_button_back(open_page: OpenPage) -> None:
    lab = Lab(open_page("?speed=watch"))
    lab.press("Train")
    lab.wait_for_step(20)
    past = Past(lab)
    past.slider.press("Home")
    past.is_at(0)
    past.slider.press("ArrowRight")
    past.is_at(1)
    before = lab.number("step")
    lab.wait_for_step(int(before) + 1)  # it trains on behind what is shown
    past.press("Go on from here")
    lab.wait_until("idle")
    expect(lab.live).to_have_attribute("data-step", "1")
    expect(lab.page.get_by_role("button", name="Train", exact=True)).to_be_visible()


@pytest.mark.long
def test_the_film_plays_and_is_downloaded(open_page: OpenPage, tmp_path: Path) -> None:
    lab = Lab(open_page("?dataset=digits&speed=full"))
    lab.press("Step")
    expect(lab.live).to_have_attribute("data-step", "1")
    for _ in range(3):
        lab.press("Step")
    expect(lab.live).to_have_attribute("data-step", "4")
    lab.wait_until("idle")
    past = Past(lab)
    past.press("Play the run as a film")
    past.is_at(0)
    expect(past.bar).to_have_attribute("data-pinned", "true")
    expect(past.bar).to_have_attribute("data-pinned", "false")  # it has come to its end
    past.is_at(4)
    past.press("Film")
    with lab.page.expect_download(timeout=60_000) as download:
        pass
    download.value.save_as(tmp_path / "film.gif")
    with Image.open(tmp_path / "film.gif") as film:
        assert len(list(ImageSequence.Iterator(film))) == len(lab.frame()["snapshot_steps"])
    past.press("Film")
    past.bar.get_by_role("button", name=re.compile("✕")).click()
    expect(past.bar.get_by_role("button", name="Film", exact=True)).to_be_visible()


def test_a_click_on_the_curve_shows_the_batch_and_its_losses(open_page: OpenPage) -> None:
    lab = Lab(open_page("?speed=full"))
    trained(lab)
    chart = lab.page.locator("canvas[data-chart=loss]")
    chart.click(position={"x": 150, "y": 60})
    dialog = lab.page.get_by_test_id("batch")
    expect(dialog.get_by_role("listitem")).to_have_count(128)
    step = int(dialog.get_attribute("data-step") or 0)
    assert 1 <= step <= 32
    mean, loss = (float(dialog.get_attribute(f"data-{name}") or "nan") for name in ("mean", "loss"))
    assert f"{mean:.3f}" == f"{loss:.3f}"
    expect(dialog).to_contain_text(f"The mean of their losses is {mean:.3f}: the curve")
    shown = [float(text) for text in dialog.locator("li strong").all_text_contents()]
    assert shown == sorted(shown, reverse=True)
    assert abs(sum(shown) / 128 - mean) < 1e-3
    lab.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    chart.press("ArrowLeft")
    chart.press("ArrowLeft")
    chart.press("Enter")
    expect(dialog).to_have_attribute("data-step", "31")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


@pytest.mark.long
def test_on_a_phone_a_second_tap_shows_the_batch(open_page: OpenPage) -> None:
    lab = Lab(open_page("?speed=full", phone=True))
    trained(lab)
    chart = lab.page.locator("canvas[data-chart=loss]")
    dialog = lab.page.get_by_test_id("batch")
    chart.tap(position={"x": 150, "y": 60})
    expect(dialog).to_be_hidden()
    chart.tap(position={"x": 152, "y": 60})
    expect(dialog.get_by_role("listitem")).to_have_count(128)
    box = dialog.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    dialog.get_by_role("button", name="Close").tap()
    bar = lab.page.get_by_test_id("past").bounding_box()
    assert bar is not None
    assert bar["x"] + bar["width"] <= 390
