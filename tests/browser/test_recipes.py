"""Recipes in real Chromium: dead classes are named, regions drawn, clothes shown, receipts kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from softmax_core.data.store import open_dataset
from softmax_core.training import Budget, Samples, TrainingConfig, advance, first_state
from softmax_core.training.dead import dead_classes
from tests.browser.lab import Lab

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]

DEADLY = TrainingConfig(
    network="relu-softmax", bias="none", init="tiny-normal", seed=0, order="file", epochs=3
)

# Of the plane's canvas: how many of its pixels have each of the main tints.
_TINTS = """canvas => {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const counts = new Map();
  for (let i = 0; i < data.length; i += 4) {
    const key = [data[i] >> 4, data[i + 1] >> 4, data[i + 2] >> 4].join(",");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts.values()].filter((n) => n > 0.02 * width * height).length;
}"""


def open_recipes(open_page: OpenPage, title: str, *, phone: bool = False) -> Page:
    """Open the page Recipes and choose one by its title."""
    page = open_page("recipes", phone=phone)
    expect(page.get_by_test_id("live")).to_have_attribute("data-step", "0")
    page.get_by_role("combobox", name="Recipe").click()
    page.get_by_role("option", name=title).click()
    expect(page.get_by_role("combobox", name="Recipe")).to_have_value(re.compile(title))
    return page


def load_and_train(page: Page) -> None:
    page.get_by_role("button", name="Load this recipe").click()
    expect(page.get_by_role("button", name="Load this recipe")).to_be_disabled()
    page.get_by_role("button", name="Train", exact=True).click()


def wait_for_step(page: Page, at_least: int) -> None:
    page.wait_for_function(
        "step => Number(document.querySelector('[data-testid=live]').dataset.step) >= step",
        arg=at_least,
        timeout=60_000,
    )


@pytest.mark.long
def test_dead_classes_are_named_with_the_step_and_marked_on_their_pictures(
    open_page: OpenPage,
) -> None:
    dataset = open_dataset(DEADLY.dataset)
    state = first_state(DEADLY, dataset.info.n_features, dataset.info.n_classes)
    samples = Samples(dataset.train_images, dataset.train_labels)
    state, _ = advance(state, DEADLY, samples, Budget(until_epoch=DEADLY.epochs))
    dead = dead_classes(state, len(samples.labels))
    assert len(dead) > 1
    query = "network=relu-softmax&bias=none&init=tiny-normal&order=file&epochs=3&speed=full"
    lab = Lab(open_page(f"?{query}"))
    lab.press("Train")
    lab.wait_until("finished")
    pictures = lab.page.get_by_test_id("pictures")
    named = ", ".join(f"{one.index} since step {one.since_step}" for one in dead)
    expect(pictures.get_by_role("status")).to_have_text(
        f"Dead classes: {named}. No training picture raises them above 0, so their weights can "
        "no longer change."
    )
    captions = pictures.locator("figure.sl-dead figcaption")
    expect(captions).to_have_text([f"{one.index} ✕ dead" for one in dead])


@pytest.mark.long
def test_blobs_draw_their_regions_live_and_the_receipt_agrees(open_page: OpenPage) -> None:
    page = open_recipes(open_page, "Three blobs")
    load_and_train(page)
    plane = page.get_by_test_id("regions-canvas")
    expect(plane).to_have_attribute("aria-label", re.compile(r"^1[0-9]{2} of 200 test points lie"))
    wait_for_step(page, 60)
    assert plane.evaluate(_TINTS) >= 3
    before = plane.evaluate("canvas => canvas.toDataURL()")
    page.wait_for_function(
        "before => document.querySelector('[data-testid=regions-canvas]').toDataURL() !== before",
        arg=before,
    )
    expect(page.get_by_test_id("live")).to_have_attribute("data-status", "finished", timeout=60_000)
    right = round(200 * float(page.get_by_test_id("live").get_attribute("data-test-accuracy") or 0))
    expect(page.get_by_test_id("regions")).to_have_attribute("data-misread", str(200 - right))
    row = page.get_by_test_id("stTable").get_by_role("row").filter(has_text="step 999")
    expect(row).to_contain_text(re.compile(r"5\.20\d ✓"))


def test_the_lab_shows_points_without_a_canvas_to_draw_on(open_page: OpenPage) -> None:
    page = open_page("?data=blobs", phone=True)
    expect(page.get_by_test_id("regions-canvas")).to_be_visible()
    assert page.get_by_test_id("regions-canvas").evaluate(_TINTS) >= 2
    assert page.locator("canvas.upper-canvas").count() == 0
    assert page.get_by_test_id("pictures").count() == 0
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0


@pytest.mark.long
def test_clothes_have_their_three_lines_and_a_gallery_with_their_names(
    open_page: OpenPage, real_data: Path
) -> None:
    page = open_recipes(open_page, "Clothes")
    load_and_train(page)
    animator = page.get_by_test_id("animator")
    expect(animator).to_have_attribute("data-epochs", re.compile(r"[1-9]"), timeout=60_000)
    expect(animator).to_contain_text(re.compile(r"Epoch \d+: train loss 0\.\d+, train accuracy"))
    page.get_by_role("button", name="Pause", exact=True).click()
    gallery = page.get_by_text(re.compile(r"After step [\d,]+, true name over predicted name"))
    expect(gallery).to_contain_text("Trouser")
    names = open_dataset("fashion-mnist").info.class_names
    said = gallery.inner_text()
    assert sum(name in said for name in names) >= 3
    expect(page.get_by_test_id("stTable")).to_contain_text("below 0.5")


def test_a_recipe_chosen_in_the_lab_is_the_run_and_its_address_brings_it_back(
    open_page: OpenPage,
) -> None:
    lab = Lab(open_page())
    lab.press("More settings")
    lab.choose("Recipe", "Three blobs in the plane · Averaged gradient")
    expect(lab.page.get_by_test_id("regions-canvas")).to_be_visible()
    expect(lab.page.get_by_text("Examples in the file's order · no bias")).to_be_visible()
    expect(lab.page).to_have_url(re.compile("data=blobs.*bias=none"))
    lab.page.reload()
    expect(lab.page.get_by_test_id("regions-canvas")).to_be_visible()
    lab.press("More settings")
    expect(lab.page.get_by_role("combobox", name="Recipe")).to_have_value(
        "Three blobs in the plane · Averaged gradient"
    )
