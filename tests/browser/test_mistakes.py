"""Mistakes in real Chromium: the matrix is the Lab's accuracy, opens its pictures, is pinned."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, Request, expect

from softmax_core.data.store import open_dataset
from tests.browser.lab import Lab

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]

_COUNTS = """table => [...table.querySelectorAll("button[data-true]")]
  .map((button) => Number(button.dataset.count))"""


class Mistakes:
    """The open page as a test sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.get_by_test_id("mistakes")
        self.matrix = page.get_by_test_id("matrix")
        self.listed = page.get_by_test_id("listed")
        self.wait_until_judged()

    def wait_until_judged(self) -> None:
        """Wait until what is shown is of the weights shown."""
        expect(self.root).to_have_attribute("data-stale", "false", timeout=60_000)
        expect(self.root).to_have_attribute("data-total", re.compile(r"\d"))

    def number(self, name: str) -> int:
        """Return a number of the page."""
        return int(self.root.get_attribute(f"data-{name}") or -1)

    def counts(self) -> NDArray[Any]:
        """Return the matrix as it is on screen."""
        flat = np.array(self.matrix.evaluate(_COUNTS))
        side = round(len(flat) ** 0.5)
        return flat.reshape(side, side)

    def cell(self, true: int, predicted: int) -> Locator:
        """Return one button of the matrix."""
        return self.matrix.locator(f"[data-true='{true}'][data-predicted='{predicted}']")

    def wait_for_step(self, name: str, at_least: int) -> None:
        """Wait until the step shown, or the newest, is this one or a later one."""
        self.page.wait_for_function(
            "([name, step]) => Number(document.querySelector('[data-testid=mistakes]')"
            ".dataset[name]) >= step",
            arg=[name, at_least],
            timeout=60_000,
        )


def after_an_epoch(open_page: OpenPage) -> tuple[Mistakes, float, int]:
    """Train an epoch in the Lab and go to the page; also the accuracy and step the Lab showed."""
    lab = Lab(open_page("?speed=full"))
    lab.press("Epoch")
    lab.wait_for_step(30)
    lab.wait_until("idle")
    accuracy, step = lab.number("test-accuracy"), int(lab.number("step"))
    lab.page.get_by_role("link", name="Mistakes").click()
    return Mistakes(lab.page), accuracy, step


def test_the_matrix_is_the_test_set_and_its_diagonal_the_accuracy_of_the_lab(
    open_page: OpenPage,
) -> None:
    mistakes, accuracy, step = after_an_epoch(open_page)
    counts = mistakes.counts()
    assert counts.sum() == open_dataset("mnist-5k").info.n_test
    assert mistakes.number("step") == step
    assert counts.trace() / counts.sum() == pytest.approx(accuracy, abs=1e-6)
    assert mistakes.root.get_by_text(f"{100 * accuracy:.1f}").first.is_visible()
    labels = np.asarray(open_dataset("mnist-5k").test_labels)
    assert counts.sum(axis=1).tolist() == np.bincount(labels).tolist()


def test_a_cell_opens_its_pictures_and_there_are_as_many_as_it_says(open_page: OpenPage) -> None:
    mistakes, _, _ = after_an_epoch(open_page)
    counts = mistakes.counts()
    wrong = counts - np.diag(counts.diagonal())
    true, predicted = (int(k) for k in np.unravel_index(wrong.argmax(), wrong.shape))
    for cell in ((true, predicted), (true, true)):
        number = int(counts[cell])
        mistakes.cell(*cell).click()
        expect(mistakes.listed).to_have_attribute("data-cell", f"{cell[0]}.{cell[1]}")
        expect(mistakes.listed).to_have_attribute("data-listed", str(number))
        expect(mistakes.page.get_by_test_id("pictures-title")).to_contain_text(f"{number} pictures")
        cards = mistakes.listed.locator(".sl-card")
        more = mistakes.listed.get_by_role("button", name="Show more")
        while more.is_visible():
            shown = cards.count()
            more.click()
            expect(cards.nth(shown)).to_be_visible()
        expect(cards).to_have_count(number)
        name = re.compile(rf"is {cell[0]}, read as {cell[1]}, \d+\.\d\s%")
        assert mistakes.listed.get_by_role("button", name=name).count() == number
        indices = [int(card.get_attribute("data-index") or -1) for card in cards.all()]
        assert set(np.asarray(open_dataset("mnist-5k").test_labels)[indices]) == {cell[0]}
    mistakes.listed.get_by_role("button", name="Surest mistakes").click()
    expect(mistakes.listed).to_have_attribute("data-listed", str(wrong.sum()))


def test_the_matrix_follows_the_run_and_a_pin_holds_it(open_page: OpenPage) -> None:
    page = open_page("mistakes?epochs=500")
    mistakes = Mistakes(page)
    page.get_by_role("button", name="Train", exact=True).click()
    mistakes.wait_for_step("step", 20)
    mistakes.wait_for_step("step", mistakes.number("step") + 1)
    page.get_by_role("button", name="Pin here").click()
    expect(mistakes.root).to_have_attribute("data-pinned", "true")
    mistakes.wait_until_judged()
    step, counts = mistakes.number("step"), mistakes.counts()
    mistakes.wait_for_step("newest", mistakes.number("newest") + 60)
    assert mistakes.number("step") == step
    assert (mistakes.counts() == counts).all()
    page.get_by_role("link", name="Lab").click()  # all pages show the same weights
    assert Lab.frame(_any_lab(page))["shown_step"] == step
    page.get_by_role("link", name="Mistakes").click()
    mistakes.wait_until_judged()
    assert (mistakes.counts() == counts).all()
    page.get_by_role("button", name="Follow the run").click()
    expect(mistakes.root).to_have_attribute("data-pinned", "false")
    mistakes.wait_for_step("step", step + 60)
    page.get_by_role("button", name="Pause", exact=True).click()


def _any_lab(page: Page) -> Lab:
    expect(page.get_by_test_id("live")).to_have_attribute("data-step", re.compile(r"\d"))
    lab = object.__new__(Lab)
    lab.page = page
    return lab


@pytest.mark.long
def test_the_slider_goes_back_through_training_by_keyboard(open_page: OpenPage) -> None:
    mistakes, _, last = after_an_epoch(open_page)
    slider = mistakes.page.get_by_role("slider", name="Step whose weights are shown")
    slider.press("Home")
    expect(mistakes.root).to_have_attribute("data-step", "0")
    mistakes.wait_until_judged()
    assert mistakes.number("right") < 300  # nothing was learned yet
    slider.press("ArrowRight")
    expect(mistakes.root).to_have_attribute("data-step", "1")
    expect(slider).to_have_attribute("aria-valuetext", "step 1")
    slider.press("End")
    expect(mistakes.root).to_have_attribute("data-step", str(last))


def test_the_matrix_is_used_by_keyboard(open_page: OpenPage) -> None:
    mistakes, _, _ = after_an_epoch(open_page)
    assert mistakes.matrix.locator("button[tabindex='0']").count() == 1
    mistakes.cell(0, 0).focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowLeft", "ArrowLeft", "End", "ArrowUp"):
        mistakes.page.keyboard.press(key)
    expect(mistakes.cell(1, 9)).to_be_focused()
    assert mistakes.matrix.locator("button[tabindex='0']").count() == 1
    mistakes.page.keyboard.press("Control+Home")
    mistakes.page.keyboard.press("Enter")
    expect(mistakes.listed).to_have_attribute("data-cell", "0.0")
    expect(mistakes.cell(0, 0)).to_have_attribute("aria-pressed", "true")
    expect(mistakes.cell(0, 0)).to_be_focused()
    mistakes.page.keyboard.press("Escape")
    expect(mistakes.listed).to_have_attribute("data-cell", "")


@pytest.mark.long
def test_a_picture_is_shown_to_the_model_and_leads_to_the_page_why(open_page: OpenPage) -> None:
    mistakes, _, _ = after_an_epoch(open_page)
    card = mistakes.listed.locator(".sl-card").nth(1)
    said = re.search(r"is (\d), read as (\d)", card.get_attribute("aria-label") or "")
    assert said is not None
    index = card.get_attribute("data-index")
    card.click()
    expect(card).to_have_attribute("aria-pressed", "true")
    expect(mistakes.listed.get_by_text(f"test picture {index}")).to_be_visible()
    mistakes.listed.get_by_role("button", name=f"Why {said[2]}?").click()
    expect(mistakes.page).to_have_url(re.compile(r"/why"))
    reading = mistakes.page.get_by_test_id("prediction")
    expect(reading).to_have_attribute("data-prediction", said[2])
    expect(mistakes.page.get_by_text(f"This picture shows: {said[1]}.")).to_be_visible()


@pytest.mark.long
def test_it_is_quiet_when_nothing_changes(open_page: OpenPage) -> None:
    mistakes, _, _ = after_an_epoch(open_page)
    asked: list[str] = []
    frames: list[str] = []

    def note(request: Request) -> None:
        (frames if "/lab/frame" in request.url else asked).append(request.url)

    def heartbeats(count: int) -> None:
        for _ in range(count):
            with mistakes.page.expect_request("**/lab/frame*"):
                pass

    heartbeats(3)  # by then what the page still wanted has come
    mistakes.page.on("request", note)
    heartbeats(8)
    assert len(frames) >= 8
    assert asked == []


def test_the_main_thing_is_in_sight_on_the_desktop(open_page: OpenPage) -> None:
    mistakes, _, _ = after_an_epoch(open_page)
    hidden = mistakes.page.evaluate(
        "(() => { const m = document.querySelector('[data-testid=stMain]');"
        " return [m.scrollHeight - m.clientHeight, m.scrollWidth - m.clientWidth]; })()"
    )
    assert hidden[0] <= 0
    assert hidden[1] <= 0


def test_on_a_phone_the_matrix_fits_and_its_cells_can_be_touched(open_page: OpenPage) -> None:
    mistakes = Mistakes(open_page("mistakes", phone=True))
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert mistakes.page.evaluate(overflow) <= 0
    first, last = mistakes.cell(0, 0).bounding_box(), mistakes.cell(9, 9).bounding_box()
    assert first is not None
    assert last is not None
    assert min(first["width"], first["height"]) >= 24  # WCAG 2.2, target size
    assert last["x"] + last["width"] <= 390
    counts = mistakes.counts()
    cell = tuple(int(k) for k in np.argwhere(counts > 0)[0])
    mistakes.cell(cell[0], cell[1]).tap()
    expect(mistakes.listed).to_have_attribute("data-listed", str(counts[cell]))
    expect(mistakes.page.get_by_test_id("pictures-title")).to_be_in_viewport()
    for section in ("Class by class", "Averages and weights"):
        mistakes.page.get_by_role("radio", name=section).click()
        expect(mistakes.page.get_by_role("radio", name=section)).to_be_checked()
        assert mistakes.page.evaluate(overflow) <= 0


@pytest.mark.long
def test_classes_and_averages_are_drawn(open_page: OpenPage) -> None:
    mistakes, _, _ = after_an_epoch(open_page)
    counts = mistakes.counts()
    page = mistakes.page
    page.get_by_role("radio", name="Class by class").click()
    share = 100 * counts[8, 8] / counts[8].sum()
    bars = page.get_by_test_id("class-bars")
    said = f"Of 8, {counts[8, 8]} of {counts[8].sum()} pictures are read right: {share:.1f}"
    bar = bars.get_by_role("button", name=re.compile(re.escape(said)))
    expect(bar).to_have_attribute("aria-pressed", "true")
    course = page.get_by_test_id("course")
    expect(course).to_have_attribute("aria-label", re.compile("the lowest first"))
    before = course.evaluate("canvas => canvas.toDataURL()")
    bar.click()
    expect(bar).to_have_attribute("aria-pressed", "false")
    page.wait_for_function(
        "before => document.querySelector('[data-testid=course]').toDataURL() !== before",
        arg=before,
    )
    page.get_by_role("radio", name="Averages and weights").click()
    pictures = page.get_by_test_id("averages").locator("canvas")
    expect(pictures).to_have_count(30)
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-testid=averages] canvas[data-kind=mean]')]"
        ".every((canvas) => new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width,"
        " canvas.height).data).size > 20)"
    )
