"""The curves of the live view in real Chromium: the same arithmetic as Python's, told in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from softmax_core.data.ink import canvas_to_ink
from softmax_core.data.store import open_dataset
from softmax_core.figures.running import running_mean, running_window
from softmax_core.limits import CANVAS_SIDE, INK_SIDE
from softmax_core.persist import write_run
from softmax_core.training import TrainingConfig
from softmax_core.training.start import first_state
from tests.browser.lab import Lab

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]
STEPS_AN_EPOCH = 32
SAVED_EPOCHS = 320

# The last step of each bucket: of young runs, of a long one, and of runs loaded at step 10,000.
LAST_STEPS = (
    [1],
    list(range(1, 60)),
    [4, 8, 12, 16, 20, 24, 28, 32, 33],
    [10_016, 10_032, 10_048, 10_064, 10_080, 10_096, 10_101],
    list(range(10_001, 10_090)),
)


def call(page: Page, module: str, function: str, *arguments: object) -> Any:
    """Call a function of one of the page's own modules; long arrays go as typed arrays do."""
    return page.evaluate(
        """async ([module, name, given]) => {
          const known = performance.getEntriesByType("resource").map((entry) => entry.name)
            .find((address) => address.endsWith("/live.js"));
          const found = await import(known.replace("live.js", module));
          const answer = found[name](...given);
          return ArrayBuffer.isView(answer) ? Array.from(answer) : answer;
        }""",
        [module, function, arguments],
    )


def summary(lab: Lab, chart: str) -> Locator:
    return lab.page.locator(f"section:has(canvas[data-chart={chart}]) .sl-summary")


def saved_run(path: Path) -> int:
    """Write a run that has gone on for long, and return its step."""
    config = TrainingConfig()
    dataset = open_dataset(config.dataset)
    n_samples, n_features = dataset.train_images.shape
    state = replace(
        first_state(config, n_features, len(dataset.info.class_names)),
        step=SAVED_EPOCHS * STEPS_AN_EPOCH,
        epoch=SAVED_EPOCHS,
        samples_seen=SAVED_EPOCHS * n_samples,
    )
    path.write_bytes(write_run(config, state))
    return state.step


@pytest.mark.long
def test_running_means_are_those_of_the_saved_figures(open_page: OpenPage) -> None:
    page = Lab(open_page()).page
    rng = np.random.default_rng(7)
    for steps in LAST_STEPS:
        step, values = np.array(steps), rng.gamma(2.0, size=len(steps))
        window = running_window(step)
        assert call(page, "series.js", "meanWindow", steps) == window
        for width in (window, 3, 50):
            means = call(page, "series.js", "runningMean", steps, values.tolist(), width)
            np.testing.assert_allclose(means, running_mean(step, values, width), rtol=1e-12)


def test_ink_is_measured_to_the_bit_as_on_the_server(open_page: OpenPage) -> None:
    page = Lab(open_page()).page
    block = CANVAS_SIDE // INK_SIDE
    side, ink_side = 20 * block, 20
    rgba = np.random.default_rng(3).integers(0, 256, (side, side, 4), np.uint8)
    rgba[..., 3] = 255
    ink = call(page, "ink.js", "inkOf", rgba.ravel().tolist(), side, ink_side)
    np.testing.assert_array_equal(ink, canvas_to_ink(rgba, ink_side).ravel())


@pytest.mark.long
def test_the_curves_of_a_loaded_run_begin_where_it_was_saved(
    open_page: OpenPage, tmp_path: Path
) -> None:
    step = saved_run(tmp_path / "run.npz")
    lab = Lab(open_page())
    lab.page.get_by_text("Save and load").click()
    lab.page.locator("input[type=file]").set_input_files(tmp_path / "run.npz")
    expect(lab.live).to_have_attribute("data-step", str(step))
    lab.page.keyboard.press("Escape")
    for epoch in (1, 2):
        lab.press("Epoch")
        expect(lab.live).to_have_attribute("data-step", str(step + epoch * STEPS_AN_EPOCH))
        lab.wait_until("idle")
    expect(summary(lab, "loss")).to_contain_text(f"over {2 * STEPS_AN_EPOCH} steps")
    # The middle of the chart is the middle of these steps, not of all since the first: of buckets
    # that end 16, 32, 48 and 64 steps on it is the second, and the key goes on to the third.
    chart = lab.page.locator("canvas[data-chart=loss]")
    box = chart.bounding_box()
    assert box is not None
    chart.focus()
    lab.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    lab.page.keyboard.press("ArrowRight")
    said = lab.page.locator("section:has(canvas[data-chart=loss]) [aria-live=polite]")
    expect(said).to_contain_text("step")
    assert int(re.sub(r"\D", "", (said.text_content() or "").split(",")[0])) == step + 48


def test_the_arrow_keys_read_the_curves_out_and_the_axis_has_its_unit(open_page: OpenPage) -> None:
    lab = Lab(open_page())
    expect(lab.page.get_by_text("Loss (nats)", exact=True)).to_be_visible()
    for step in (1, 2):
        lab.press("Step")
        expect(lab.live).to_have_attribute("data-step", str(step))
        lab.wait_until("idle")
    for chart, number in (("loss", r"\d\.\d{3}"), ("accuracy", r"\d+\.\d\s%")):
        canvas = lab.page.locator(f"canvas[data-chart={chart}]")
        said = lab.page.locator(f"section:has(canvas[data-chart={chart}]) [aria-live=polite]")
        expect(said).to_have_text("")
        canvas.focus()
        lab.page.keyboard.press("ArrowLeft")
        expect(said).to_have_text(re.compile(rf"^step 2, train {number}, test {number}$"))
        lab.page.keyboard.press("ArrowLeft")
        expect(said).to_have_text(re.compile(rf"^step 1, train {number}(, test {number})?$"))
        canvas.blur()
        expect(said).to_have_text("")
