"""What stands where on a desktop and on a phone, and who is asked for it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import Lab
from tests.serve import App

pytestmark = pytest.mark.browser
OpenPage = Callable[..., Page]


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


def test_on_a_phone_the_menu_makes_room_for_the_page_chosen_in_it(open_page: OpenPage) -> None:
    page = Lab(open_page(phone=True)).page
    for name, to_be_seen in (("Data", "training pictures"), ("Lab", "Learning rate")):
        page.get_by_test_id("stExpandSidebarButton").tap()
        page.get_by_role("link", name=name, exact=True).tap()
        expect(page.get_by_text(to_be_seen).first).to_be_visible()
        expect(page.get_by_role("link", name=name, exact=True)).not_to_be_in_viewport()


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
