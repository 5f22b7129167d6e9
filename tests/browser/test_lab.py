"""The Lab in real Chromium: train, draw, change, reset, reload."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App
from tests.browser.lab import ONE, Lab

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]


def test_a_newcomer_trains_to_87_percent_and_draws_meanwhile(open_page: OpenPage) -> None:
    lab = Lab(open_page())
    lab.press("Train")
    lab.wait_for_step(20)
    expect(lab.page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    lab.draw()
    expect(lab.prediction).to_have_attribute("data-prediction", "7")
    drawn, at_step = lab.ink(), lab.number("step")
    assert drawn > 2_000
    lab.wait_for_step(320)
    assert lab.ink() == drawn
    assert lab.number("step") > at_step
    assert lab.number("epoch") >= 10
    assert lab.number("test-accuracy") >= 0.87
    assert lab.number("samples-per-second") > 0
    expect(lab.prediction).to_have_attribute("data-prediction", "7")
    assert float(lab.prediction.get_attribute("data-confidence") or 0) > 0.5


def test_the_drawing_is_scored_while_the_pen_moves_and_again_while_the_weights_do(
    open_page: OpenPage,
) -> None:
    lab = Lab(open_page())
    answers: list[int] = []
    lab.page.on("response", lambda r: answers.append(r.status) if "/lab/ink" in r.url else None)
    lab.draw(lift=False)
    lab.page.wait_for_function(
        "document.querySelector('[data-testid=prediction]').dataset.prediction !== ''"
    )
    assert answers.count(200) >= 3
    untrained = lab.prediction.get_attribute("data-confidence")
    lab.page.mouse.up()
    lab.press("Train")
    lab.wait_for_step(30)
    assert lab.prediction.get_attribute("data-confidence") != untrained


def test_pause_stops_step_makes_one_update_and_epoch_ends_the_epoch(open_page: OpenPage) -> None:
    lab = Lab(open_page())
    lab.press("Train")
    lab.wait_for_step(5)
    lab.press("Pause")
    lab.wait_until("idle")
    expect(lab.page.get_by_role("button", name="Train", exact=True)).to_be_visible()
    step = int(lab.frame()["step"])
    lab.press("Step")
    expect(lab.live).to_have_attribute("data-step", str(step + 1))
    lab.press("Epoch")
    end_of_epoch = -(-(step + 2) // 32) * 32
    expect(lab.live).to_have_attribute("data-step", str(end_of_epoch))
    lab.wait_until("idle")
    assert lab.frame()["step"] == end_of_epoch
    assert lab.frame()["epoch_fraction"] == 0


def test_reset_returns_to_the_same_start_and_the_same_curve(open_page: OpenPage) -> None:
    lab = Lab(open_page())
    seen = []
    for _ in range(2):
        expect(lab.live).to_have_attribute("data-step", "0")
        losses = []
        for step in (1, 2, 3):
            lab.press("Step")
            expect(lab.live).to_have_attribute("data-step", str(step))
            lab.wait_until("idle")
            losses.append((lab.frame()["train_loss"], lab.frame()["test_accuracy"]))
        seen.append(losses)
        lab.press("Reset")
    assert seen[0] == seen[1]
    assert len(set(seen[0])) == 3


def test_a_learning_rate_changed_mid_run_is_marked_and_counts(open_page: OpenPage) -> None:
    lab = Lab(open_page("?lr=0.001&epochs=200"))
    lab.press("Train")
    lab.wait_for_step(10)
    before = lab.number("train-loss")
    lab.slide("Learning rate", 12)
    expect(lab.page).to_have_url(re.compile("lr=0.1|epochs=200$"))
    lab.wait_for_step(int(lab.number("step")) + 60)
    frame = lab.frame()
    assert frame["marks"], "no mark on the curve"
    assert all(re.match(r"rate [\d.]+ → [\d.]+", mark["text"]) for mark in frame["marks"])
    assert frame["learning_rate"] == 0.1
    assert lab.number("train-loss") < before - 0.5


def test_a_reload_and_a_link_bring_the_settings_back(open_page: OpenPage) -> None:
    lab = Lab(open_page("?lr=0.5&batch=64&network=relu-softmax&seed=7"))
    lab.slide("Batch size", 1)
    expect(lab.page).to_have_url(re.compile("network=relu-softmax"))
    expect(lab.page).not_to_have_url(re.compile("batch=64"))
    lab.page.reload()
    lab = Lab(lab.page)
    frame = lab.frame()
    assert (frame["learning_rate"], frame["batch_size"]) == (0.5, 128)
    assert frame["network"] == "relu-softmax"
    expect(lab.page.get_by_role("slider", name="Learning rate")).to_have_attribute(
        "aria-valuetext", "0.5"
    )


def test_a_bad_address_is_explained_and_the_rest_applied(open_page: OpenPage) -> None:
    lab = Lab(open_page("?lr=banana&batch=64&seed=<script>alert(1)</script>"))
    expect(lab.page.get_by_text("lr=banana")).to_be_visible()
    frame = lab.frame()
    assert (frame["learning_rate"], frame["batch_size"]) == (0.1, 64)
    assert lab.page.locator("script:text('alert(1)')").count() == 0


def test_two_browsers_train_at_once_and_see_only_their_own(open_page: OpenPage) -> None:
    one, two = Lab(open_page("?lr=0.5")), Lab(open_page("?lr=0.001&network=mlp"))
    one.press("Train")
    two.press("Train")
    one.draw(ONE)
    one.wait_for_step(40)
    two.wait_for_step(40)
    frames = one.frame(), two.frame()
    assert [frame["learning_rate"] for frame in frames] == [0.5, 0.001]
    assert [frame["network"] for frame in frames] == ["softmax", "mlp"]
    assert frames[0]["train_loss"] < frames[1]["train_loss"] - 0.5
    assert frames[0]["has_drawing"]
    assert not frames[1]["has_drawing"]
    expect(two.prediction).to_have_attribute("data-prediction", "")


def test_clear_and_undo_take_ink_away_and_an_empty_canvas_predicts_nothing(
    open_page: OpenPage,
) -> None:
    lab = Lab(open_page())
    expect(lab.prediction).to_have_attribute("data-prediction", "")
    lab.draw(ONE)
    expect(lab.prediction).to_have_attribute("data-prediction", re.compile(r"^\d$"))
    lab.page.wait_for_timeout(600)  # the canvas sends its strokes 200 ms after the pen is lifted
    first = lab.ink()
    lab.draw(((60, 140), (220, 140)))
    lab.page.wait_for_timeout(600)
    assert lab.ink() > first
    lab.press("Undo")
    lab.wait_for_ink(first)
    lab.press("Undo")
    lab.wait_for_ink(0)
    expect(lab.prediction).to_have_attribute("data-prediction", "")
    lab.draw(ONE)
    expect(lab.prediction).to_have_attribute("data-prediction", re.compile(r"^\d$"))
    lab.page.wait_for_timeout(600)
    lab.press("Clear")
    lab.wait_for_ink(0)
    expect(lab.prediction).to_have_attribute("data-prediction", "")
    assert not lab.frame()["has_drawing"]


@pytest.mark.parametrize("phone", [False, True])
def test_no_tap_anywhere_on_the_canvas_erases_a_drawing(open_page: OpenPage, phone: bool) -> None:
    lab = Lab(open_page(phone=phone))
    lab.canvas.scroll_into_view_if_needed()
    lab.draw()
    lab.page.wait_for_timeout(500)
    drawn = lab.ink()
    box = lab.canvas.bounding_box()
    assert box is not None
    tap = lab.page.touchscreen.tap if phone else lab.page.mouse.click
    for y in (2, 8, 15, 25, 40):
        for x in range(100, 280, 20):
            tap(box["x"] + x, box["y"] + y)
        now = lab.ink()
        assert now >= drawn, f"a tap near y={y} erased ink"
        drawn = now


def test_a_drawing_survives_a_visit_to_the_data_page(open_page: OpenPage) -> None:
    lab = Lab(open_page())
    lab.press("Step")
    lab.draw()
    expect(lab.prediction).to_have_attribute("data-prediction", re.compile(r"^\d$"))
    lab.page.wait_for_timeout(600)
    drawn = lab.ink()
    lab.page.get_by_role("link", name="Data").click()
    expect(lab.page.get_by_text("training pictures")).to_be_visible()
    lab.page.get_by_role("link", name="Lab").click()
    expect(lab.live).to_have_attribute("data-step", "1")
    lab.wait_for_ink(drawn)
    expect(lab.prediction).to_have_attribute("data-prediction", re.compile(r"^\d$"))


def test_a_worker_killed_in_training_costs_no_step(open_page: OpenPage, app: App) -> None:
    lab = Lab(open_page("?epochs=6"))
    lab.press("Train")
    lab.wait_for_step(30)
    for child in psutil.Process(app.process.pid).children(recursive=True):
        if "softmax_core.service.worker" in child.cmdline():
            child.kill()
    lab.wait_until("finished")
    assert lab.frame()["step"] == 6 * 32
    killed = lab.frame()["test_loss"]
    undisturbed = Lab(open_page("?epochs=6"))
    undisturbed.press("Train")
    undisturbed.wait_until("finished")
    assert undisturbed.frame()["test_loss"] == killed


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
    frame = other.frame()
    assert frame["test_loss"] == loss
    assert (frame["network"], frame["learning_rate"]) == ("mlp", 0.3)
    bad = tmp_path / "bad.npz"
    bad.write_bytes(b"PK\x03\x04 nothing of the kind")
    other.page.locator("input[type=file]").set_input_files(bad)
    expect(other.page.get_by_text("Nothing was changed")).to_be_visible()
    assert other.frame()["step"] == 32


def test_a_test_picture_is_read_instead_of_a_drawing(open_page: OpenPage) -> None:
    lab = Lab(open_page())
    lab.page.get_by_role("radio", name="Test picture").or_(
        lab.page.get_by_role("button", name="Test picture", exact=True)
    ).first.click()
    pictures = lab.page.get_by_role("group", name="Test pictures").get_by_role("button")
    expect(pictures).to_have_count(20)
    expect(lab.prediction).to_have_attribute("data-prediction", re.compile(r"^\d$"))
    pictures.nth(7).focus()
    lab.page.keyboard.press("Enter")
    expect(pictures.nth(7)).to_have_attribute("aria-pressed", "true")
    named = pictures.nth(7).get_attribute("aria-label") or ""
    expect(lab.page.get_by_text(f"This picture shows: {named[-1]}.")).to_be_visible()


def test_everything_on_the_desktop_is_in_sight_without_scrolling(open_page: OpenPage) -> None:
    lab = Lab(open_page())
    lab.press("Step")
    lab.draw()
    expect(lab.prediction).to_have_attribute("data-prediction", re.compile(r"^\d$"))
    hidden = lab.page.evaluate(
        "(() => { const m = document.querySelector('[data-testid=stMain]');"
        " return [m.scrollHeight - m.clientHeight, m.scrollWidth - m.clientWidth]; })()"
    )
    assert hidden[0] <= 0
    assert hidden[1] <= 0


def test_on_a_phone_it_is_one_column_in_the_order_of_a_lesson(open_page: OpenPage) -> None:
    lab = Lab(open_page(phone=True))
    places = [
        lab.page.locator(f".st-key-{name}").first.bounding_box()
        for name in ("settings", "curves", "drawing", "weights")
    ]
    tops = [place["y"] for place in places if place is not None]
    assert len(tops) == 4
    assert tops == sorted(tops)
    assert all(place["x"] + place["width"] <= 390 for place in places if place is not None)
    overflow = lab.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0


def test_the_page_asks_nobody_but_its_own_server(open_page: OpenPage, app: App) -> None:
    page = open_page()
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    page.reload()
    lab = Lab(page)
    lab.press("Step")
    lab.draw()
    expect(lab.prediction).to_have_attribute("data-prediction", re.compile(r"^\d$"))
    page.get_by_role("link", name="Data").click()
    expect(page.get_by_text("training pictures")).to_be_visible()
    foreign = {url for url in asked if not url.startswith((app.url, "data:", "blob:"))}
    assert not foreign


def test_training_starts_and_stops_by_keyboard_alone(open_page: OpenPage) -> None:
    lab = Lab(open_page())
    lab.page.get_by_role("button", name="Train", exact=True).focus()
    lab.page.keyboard.press("Enter")
    lab.wait_for_step(3)
    lab.page.get_by_role("button", name="Pause", exact=True).focus()
    lab.page.keyboard.press("Space")
    lab.wait_until("idle")


def test_the_server_has_logged_no_error(app: App) -> None:
    log = app.log()
    assert "Traceback" not in log
    assert "Error" not in log
