"""The race in real Chromium: lanes move together, come again alike, and are what they are alone."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from softmax_core.limits import CANVAS_SIDE
from softmax_core.persist import read_run
from softmax_core.training import Budget, TrainingConfig
from tests.browser.lab import Lab
from tests.browser.race import RacePage
from tests.service.by_hand import trained_inline

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]
RATES = (0.01, 0.1, 0.5, 1.0)
OVERFLOW = (
    "(() => { const m = document.querySelector('[data-testid=stMain]');"
    " return m.scrollWidth - m.clientWidth; })()"
)


def largest_digits() -> str:
    """Return MNIST where it is there, else the 5,000 digits that come with the app."""
    folder = Path(os.environ.get("SOFTMAX_DATA", "")) / "mnist"
    return "mnist" if folder.is_dir() else "mnist-5k"


def opened(open_page: OpenPage, query: str = "", *, phone: bool = False) -> RacePage:
    return RacePage(open_page(f"race{query}", phone=phone))


def test_four_rates_move_together_come_again_alike_and_are_each_as_alone(
    open_page: OpenPage, tmp_path: Path
) -> None:
    dataset = largest_digits()
    race = opened(open_page, f"?data={dataset}&race=lr:{','.join(f'{rate:g}' for rate in RATES)}")
    race.set_epochs(1)
    expect(race.page.get_by_role("spinbutton", name="Epochs")).to_have_value("1")
    found = []
    for is_last in (False, True):
        empty = race.picture()
        race.watch()
        race.press("Start")
        race.wait_until("finished")
        moves, _times = race.watched()
        assert len(moves) > 4
        assert all(len(set(now)) == 1 for now in moves), moves  # all lanes at the same place
        assert all(a[0] < b[0] for a, b in pairwise(moves))
        curves = race.curves()
        assert race.picture() != empty
        found.append((curves, race.told("test-accuracy"), race.told("train-loss")))
        if not is_last:
            race.press("Reset")
            expect(race.root).to_have_attribute("data-examples", "0")
            expect(race.page.get_by_text("Place your bets, then press Start")).to_be_visible()
    (first, *figures), (second, *figures_again) = found
    for index in range(4):
        assert len(first[f"loss_{index}"]) > 20
        for name in ("loss", "seen", "step", "weights"):
            np.testing.assert_array_equal(first[f"{name}_{index}"], second[f"{name}_{index}"])
    assert figures == figures_again
    assert_each_as_alone(race, dataset, tmp_path)


def assert_each_as_alone(race: RacePage, dataset: str, folder: Path) -> None:
    """Open every lane in the Lab, save it, and hold its weights to the same run by itself."""
    page = race.page
    for index, rate in enumerate(RATES):
        page.get_by_role("button", name=f"Open the lane {rate:g} as the run").click()
        live = page.get_by_test_id("live")
        settings = re.compile(rf"learning rate {rate:g}\b")
        expect(live.locator(".sl-setting")).to_contain_text(settings)
        expect(live).to_have_attribute("data-epoch", "1", timeout=20_000)
        if not page.get_by_role("button", name="Save run").is_visible():
            page.get_by_text("Save and load").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Save run").click()
        path = folder / f"{index}.npz"
        download.value.save_as(path)
        saved = read_run(path.read_bytes())
        config = replace(TrainingConfig(), dataset=dataset, learning_rate=rate)
        assert replace(saved.config, epochs=config.epochs) == config
        alone = trained_inline(config, Budget(until_epoch=1))
        assert saved.state.step == alone.step
        for name, array in alone.params.items():
            np.testing.assert_allclose(saved.state.params[name], array, atol=1e-5)
        page.get_by_role("link", name="Race").click()
        expect(page.get_by_test_id("lanes").locator("tr[data-lane]")).to_have_count(4)


def test_pause_step_and_reset_are_for_all_lanes(open_page: OpenPage) -> None:
    race = opened(open_page, "?race=batch:8,64,512")
    race.choose("Speed", "Slow")
    race.press("Start")
    race.wait_for_examples(1)
    race.press("Pause")
    race.wait_until("idle")
    before = [int(seen) for seen in race.told("seen")]
    assert max(before) - min(before) < 512
    steps = int(race.told("step")[2])
    race.press("Step")
    expect(race.lanes.nth(2)).to_have_attribute("data-step", str(steps + 1))
    race.press("Reset")
    expect(race.root).to_have_attribute("data-examples", "0")
    assert race.told("step") == ["0", "0", "0"]


@pytest.mark.long
def test_bets_are_counted_by_mouse_and_keyboard_and_told_at_the_end(open_page: OpenPage) -> None:
    race = opened(open_page, "?race=lr:0.01,0.5")
    race.choose("Speed", "Full")
    race.press("One more bet on 0.01")
    more = race.page.get_by_role("button", name="One more bet on 0.5")
    more.focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowUp", "ArrowDown"):
        more.press(key)
    counts = race.page.get_by_test_id("lanes").locator("output")
    expect(counts.nth(0)).to_have_text("1")
    expect(counts.nth(1)).to_have_text("2")
    expect(more).to_be_focused()
    race.press("Start")
    race.wait_until("finished")
    expect(race.result).to_contain_text("Learning rate 0.5 wins with")
    expect(race.result).to_contain_text("2 of 3 bets were on it.")
    expect(more).to_be_disabled()
    race.press("Reset")
    expect(race.result).to_be_hidden()
    expect(counts.nth(1)).to_have_text("2")
    race.press("Clear bets")
    expect(counts.nth(1)).to_have_text("0")


@pytest.mark.long
def test_every_lane_reads_the_drawing_while_it_learns(open_page: OpenPage) -> None:
    race = opened(open_page, "?race=lr:0.001,0.5")
    box = race.page.locator("canvas.upper-canvas").bounding_box()
    column = race.page.locator(".stColumn:has(.st-key-race_drawing)").bounding_box()
    assert box is not None
    assert column is not None
    assert box["width"] == CANVAS_SIDE  # and none of it is cut off
    assert box["x"] + box["width"] <= column["x"] + column["width"] + 1
    race.draw()
    expect(race.says).to_contain_text("before the first step every lane guesses")
    race.choose("Speed", "Full")
    race.press("Start")
    race.wait_until("finished")
    readings = race.page.get_by_test_id("race-reader").locator("li")
    expect(readings).to_have_count(2)
    expect(readings.nth(1)).to_have_attribute("data-prediction", "7")
    says = [readings.nth(k).get_attribute("data-prediction") or "" for k in range(2)]
    expected = f"0.001 says {says[0]}, 0.5 says 7." if says[0] != "7" else "All lanes say 7."
    expect(race.says).to_have_text(expected)


def test_a_lane_that_diverges_says_so_in_place_and_the_others_go_on(open_page: OpenPage) -> None:
    race = opened(open_page, "?l2=1&race=lr:0.01,0.1,5")
    race.choose("Speed", "Full")
    race.press("Start")
    race.wait_until("finished")
    assert race.told("stopped") == ["false", "false", "true"]
    assert race.told("seen")[:2] == ["12000", "12000"]
    note = race.page.get_by_test_id("lanes").get_by_role("status").filter(has_text="5: Training")
    expect(note).to_contain_text("5: Training stopped at step 30")
    expect(race.summary).to_contain_text("5 had to stop at step 30.")
    expect(race.result).to_contain_text("Learning rate 0.01 wins")


@pytest.mark.long
def test_the_axes_can_be_chosen_and_the_values_read_by_keyboard(open_page: OpenPage) -> None:
    race = opened(open_page, "?race=batch:8,512")
    race.choose("Speed", "Full")
    race.press("Start")
    race.wait_until("finished")
    pictures = set()
    for axis in ("Examples", "Steps", "Seconds"):
        for what in ("Loss", "Test accuracy"):
            race.page.get_by_role("radio", name=what).click()
            race.page.get_by_role("radio", name=axis).click()
            expect(race.page.get_by_role("radio", name=axis)).to_be_checked()
            race.page.wait_for_timeout(100)  # for the next frame that the browser draws
            pictures.add(race.picture())
    assert len(pictures) == 6
    race.page.get_by_role("radio", name="Examples").click()
    race.page.get_by_role("radio", name="Loss").click()
    race.chart.focus()
    race.chart.press("ArrowLeft")
    said = race.page.locator(".sl-race-chart .sl-hidden")
    expect(said).to_contain_text(re.compile(r"examples, (8|512)  \d\.\d+, (8|512)  \d\.\d+"))


@pytest.mark.long
def test_two_browsers_race_by_themselves_and_the_run_stays_as_it_is(open_page: OpenPage) -> None:
    one, other = opened(open_page), opened(open_page, "?race=lr:0.2,0.3")
    one.choose("Speed", "Full")
    one.press("Start")
    one.wait_until("finished")
    assert other.root.get_attribute("data-examples") == "0"
    one.page.get_by_role("link", name="Lab").click()
    lab = Lab(one.page)
    assert (lab.number("step"), lab.live.get_attribute("data-status")) == (0, "idle")
    one.page.get_by_role("link", name="Race").click()
    expect(one.root).to_have_attribute("data-examples", "12000")


def test_chart_and_table_are_in_sight_on_the_desktop(open_page: OpenPage) -> None:
    race = opened(open_page, "?race=lr:0.001,0.01,0.1,0.5,1,5")
    race.choose("Speed", "Full")
    race.press("Start")
    race.wait_until("finished")
    expect(race.result).to_be_visible()
    expect(race.chart).to_be_in_viewport(ratio=1)
    expect(race.lanes.last).to_be_in_viewport(ratio=1)
    assert race.page.evaluate(OVERFLOW) <= 0


def test_on_a_phone_it_is_one_column_and_bets_can_be_touched(open_page: OpenPage) -> None:
    race = opened(open_page, phone=True)
    assert race.page.evaluate(OVERFLOW) <= 0
    more = race.page.get_by_role("button", name="One more bet on 0.5")
    box, chart = more.bounding_box(), race.chart.bounding_box()
    assert box is not None
    assert chart is not None
    assert min(box["width"], box["height"]) >= 24  # WCAG 2.2, target size
    assert chart["width"] > 340
    more.tap()
    expect(race.page.get_by_test_id("lanes").locator("output").nth(2)).to_have_text("1")
    race.press("Start")
    race.wait_until("finished")
    assert race.page.evaluate(OVERFLOW) <= 0
