"""Why? in real Chromium: sums, pairs, the smallest change, nudges, and operations with undo."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import SEVEN, Lab

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]

ANY = re.compile(r".+")


def open_why(open_page: OpenPage, section: str = "Evidence", query: str = "lr=0.5") -> Page:
    """Train a little, draw a 7, and open a section of the page."""
    page = open_page(f"?epochs=3&speed=full&{query}")
    expect(page.get_by_test_id("live")).to_have_attribute("data-step", "0", timeout=20_000)
    lab = Lab(page)
    lab.press("Train")
    lab.wait_until("finished")
    lab.draw(SEVEN)
    expect(lab.prediction).to_have_attribute("data-prediction", ANY)
    lab.page.get_by_role("link", name="Why?").click()
    choose_section(lab.page, section)
    return lab.page


def choose_section(page: Page, title: str) -> None:
    page.get_by_role("radio", name=title).click()
    names = {"Evidence": "evidence", "This, not that": "contrast"}
    expect(view(page)).to_have_attribute("data-section", names.get(title, title.lower()))
    expect(view(page)).to_have_attribute("data-prediction", ANY)


def view(page: Page) -> Locator:
    return page.get_by_test_id("why")


def number(text: str) -> Decimal:
    return Decimal(text.replace("−", "-").replace("+", ""))


def printed(page: Page) -> list[Decimal]:
    """Return the account's numbers as they are printed; the last is the total."""
    return [
        number(text)
        for text in page.get_by_test_id("account").locator("td.sl-number").all_inner_texts()
    ]


def share(place: Locator, name: str) -> float:
    return float(place.get_attribute(f"data-{name}") or "nan")


def test_the_printed_sum_is_the_logit_for_every_class(open_page: OpenPage) -> None:
    page = open_why(open_page)
    buttons = page.locator("button.sl-why-class")
    expect(buttons).to_have_count(10)
    total = page.get_by_test_id("account").locator("tr").last
    for k in (3, 7, 0):
        buttons.nth(k).click()
        expect(buttons.nth(k)).to_have_attribute("aria-pressed", "true")
        expect(total).to_contain_text(f"logit of {k}")
        *parts, logit = printed(page)
        assert sum(parts) == logit
        assert logit == number(buttons.nth(k).locator(".sl-why-value").inner_text())
    rows = page.get_by_test_id("softmax").locator("tbody tr")
    exponentials = [number(t) for t in rows.locator("td:nth-child(4)").all_inner_texts()]
    said = page.get_by_test_id("softmax").locator("tfoot td:nth-child(4)").inner_text()
    assert sum(exponentials) == number(said)
    # The table's winner is what the reading beside the canvas says.
    best = rows.filter(has=page.locator("xpath=self::*[contains(@class, 'sl-winner')]"))
    name = page.get_by_test_id("prediction").get_attribute("data-prediction")
    expect(best.locator("th")).to_have_text(str(name))
    assert "All pictures are on one scale" in page.get_by_test_id("why-summary").inner_text()


def test_the_explanation_follows_the_pen(open_page: OpenPage) -> None:
    page = open_why(open_page)
    before = printed(page)
    box = page.locator("canvas.upper-canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 200, steps=15)
    # The pen is still down: no rerun of the page has told anybody.
    page.wait_for_function(
        "before => document.querySelector('[data-testid=account]').innerText !== before",
        arg=page.get_by_test_id("account").inner_text(),
    )
    page.mouse.up()
    assert printed(page) != before


@pytest.mark.long
def test_without_a_drawing_the_page_says_which_picture_it_explains(open_page: OpenPage) -> None:
    page = open_page("why")
    note = page.locator(".sl-why-note")
    expect(note).to_contain_text(
        re.compile(r"test picture 1 of 1\D?000, labelled \d\. Draw a digit")
    )
    # Coming from another page, the browser still shows what is chosen to be read.
    for name in ("Lab", "Why?"):
        page.get_by_role("link", name=name).click()
        expect(page.get_by_test_id("why" if name == "Why?" else "live")).to_be_visible()
        expect(page.get_by_role("radio", name="Draw")).to_be_checked()
    page.get_by_role("radio", name="Test picture").click()
    expect(note).to_contain_text(re.compile(r"This is test picture \d+ of .*, labelled \d\."))


def test_a_page_asked_for_as_the_pen_is_lifted_is_shown(open_page: OpenPage) -> None:
    page = open_page("why")
    expect(view(page)).to_have_attribute("data-prediction", ANY)
    canvas = page.locator("canvas.upper-canvas")
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 80, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 220, steps=8)
    page.mouse.up()
    # At once: the canvas has not told its strokes yet.
    page.get_by_role("link", name="Lab").evaluate("link => link.click()")
    lab = Lab(page)
    expect(lab.prediction).to_have_attribute("data-prediction", ANY)
    lab.wait_for_more_ink()


def test_a_pair_is_chosen_and_the_smallest_change_is_read_as_the_other(
    open_page: OpenPage,
) -> None:
    page = open_why(open_page, "This, not that")
    name = str(view(page).get_attribute("data-prediction"))
    a, b = page.get_by_test_id("pair-a"), page.get_by_test_id("pair-b")
    expect(a).to_have_value(name)  # the two largest logits to begin with
    other = "2" if name != "2" else "3"
    b.select_option(other)
    total = page.get_by_test_id("account").locator("tr").last
    expect(total).to_contain_text(f"logit of {name} − logit of {other}")
    *parts, difference = printed(page)
    assert sum(parts) == difference
    change = page.locator(".sl-why-change")
    expect(change).to_have_attribute("data-prediction", other)
    expect(change).to_contain_text(f"after: {other}")
    assert "The nearest picture" in page.get_by_test_id("change-summary").inner_text()
    a.select_option(other)  # what stands on the other side changes its place
    expect(b).to_have_value(name)
    page.get_by_role("button", name="Back to the two largest logits").click()
    expect(a).to_have_value(name)


@pytest.mark.long
def test_a_nudge_moves_the_probabilities_and_measures_the_test_set(open_page: OpenPage) -> None:
    page = open_why(open_page, "Nudge")
    bars = page.locator(".sl-why-bars li")
    expect(bars).to_have_count(10)
    before = bars.first.get_attribute("data-probability")
    down = page.get_by_test_id("nudge-down")
    for _ in range(4):
        down.press("ArrowRight")
    expect(page.locator(".sl-slider", has=down)).to_contain_text("+2 px")
    expect(bars.first).not_to_have_attribute("data-probability", str(before))
    measured = page.get_by_test_id("nudged-accuracy")
    expect(measured).to_have_attribute("data-state", "done", timeout=60_000)
    assert share(measured, "nudged") < 0.75 * share(measured, "plain")  # as published: a third
    expect(measured).to_contain_text("percentage points")
    page.get_by_role("button", name="Reset").click()
    expect(measured).to_have_attribute("data-nudged", "")
    expect(down).to_have_value("0")


@pytest.mark.long
def test_pulling_the_picture_moves_its_sliders(open_page: OpenPage) -> None:
    page = open_why(open_page, "Nudge")
    box = page.locator(".sl-pulled").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 3 * box["width"] / 28, y, steps=5)
    page.mouse.up()
    expect(page.get_by_test_id("nudge-right")).to_have_value("-3")


@pytest.mark.long
def test_erasing_by_pointer_and_by_keyboard_changes_the_accuracy_until_undone(
    open_page: OpenPage,
) -> None:
    page = open_why(open_page, "Operate")
    result = page.get_by_test_id("edited-accuracy")
    expect(result).to_have_attribute("data-now", ANY)
    untouched = share(result, "now")
    brush = page.get_by_test_id("brush")
    page.locator("button.sl-why-class").nth(1).click()
    expect(brush).to_have_attribute("aria-label", re.compile("Weights of 1"))
    page.get_by_test_id("brush-size").fill("9")
    blank = brush.evaluate("canvas => canvas.toDataURL()")
    box = brush.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2
    page.mouse.move(middle, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(middle, box["y"] + box["height"] - 40, steps=12)
    page.mouse.up()
    expect(result).to_have_attribute("data-edits", "1")
    expect(result).to_have_attribute("data-now", ANY)
    assert share(result, "before") == untouched
    once = share(result, "now")
    assert once < untouched

    brush.focus()
    for _ in range(6):
        brush.press("ArrowLeft")
    brush.press("Space")
    expect(result).to_have_attribute("data-edits", "2")
    expect(result).to_have_attribute("data-now", ANY)
    undo = page.get_by_test_id("undo-edit")
    undo.click()
    expect(result).to_have_attribute("data-now", str(once))
    undo.click()
    expect(result).to_have_attribute("data-edits", "0")
    expect(result).to_have_attribute("data-now", str(untouched))
    expect(undo).to_be_disabled()
    page.mouse.move(5, 5)
    page.wait_for_function(
        "before => document.querySelector('[data-testid=brush]').toDataURL() === before", arg=blank
    )


@pytest.mark.long
def test_swapping_two_classes_swaps_what_is_said_and_is_undone(open_page: OpenPage) -> None:
    page = open_why(open_page, "Operate")
    name = str(view(page).get_attribute("data-prediction"))
    other = "0" if name != "0" else "1"
    page.get_by_test_id("swap-a").select_option(name)
    page.get_by_test_id("swap-b").select_option(other)
    page.get_by_test_id("swap").click()
    expect(view(page)).to_have_attribute("data-prediction", other)
    expect(page.get_by_test_id("prediction")).to_have_attribute("data-prediction", other)
    result = page.get_by_test_id("edited-accuracy")
    expect(result).to_have_attribute("data-now", ANY)
    assert share(result, "now") < share(result, "before")
    page.get_by_test_id("undo-edit").click()
    expect(view(page)).to_have_attribute("data-prediction", name)


@pytest.mark.long
def test_the_main_thing_needs_no_scrolling_and_a_phone_has_one_column(
    open_page: OpenPage,
) -> None:
    page = open_why(open_page)
    for title in ("Evidence", "This, not that", "Nudge", "Operate"):
        choose_section(page, title)
        expect(view(page).locator("canvas").first).to_be_visible()
        box = view(page).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 768, title
    phone = open_page("why", phone=True)
    expect(view(phone)).to_have_attribute("data-prediction", ANY)
    for title in ("Evidence", "This, not that", "Nudge", "Operate"):
        choose_section(phone, title)
        overflow = phone.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, title


@pytest.mark.long
def test_what_is_on_screen_can_be_kept(open_page: OpenPage) -> None:
    page = open_why(open_page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Save picture").click()
    assert download.value.suggested_filename == "why-evidence.png"
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
