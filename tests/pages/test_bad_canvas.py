"""What is no drawing leaves drawing and strokes as they were, and the page says so."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from streamlit.components.v2.bidi_component.state import ComponentResult
from streamlit.testing.v1 import AppTest

from tests.digest import digest
from tests.pages.opening import at_rest, lab, session_of
from tests.zoo.canvas import GOOD, PAYLOADS, STATES, STROKES, Payload
from tests.zoo.case import assert_clear


class Canvas:
    """A canvas that sends what a test lets it send."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.payload = Payload(None)
        monkeypatch.setattr("ui.drawing.st_canvas", self)

    def __call__(self, **_: object) -> object:
        # Only now: it can be imported by a running app alone.
        from streamlit_drawable_canvas import CanvasResult

        return CanvasResult(self.payload.strokes, self.payload.url, True)


@pytest.fixture
def canvas(monkeypatch: pytest.MonkeyPatch) -> Canvas:
    return Canvas(monkeypatch)


def drawn_on() -> tuple[AppTest, str]:
    """Open the Lab, draw, and sum up what there is."""
    page = lab(data="digits")
    at_rest(session_of(page))
    return page, summed_up(page)


def summed_up(page: AppTest) -> str:
    state = page.session_state
    return digest(session_of(page), state["strokes"], state["canvas_image"])


def test_none_of_them_is_taken_and_nothing_changes(canvas: Canvas) -> None:
    canvas.payload = Payload(GOOD, STROKES)
    page, before = drawn_on()
    ink = session_of(page).drawing
    assert ink is not None
    assert np.all(ink == 255)
    for name, case in PAYLOADS.items():
        canvas.payload = case.data
        page.run()
        assert not page.exception, name
        (said,) = [element.value for element in page.warning]
        assert_clear(said, case.words)
        assert summed_up(page) == before, name
    canvas.payload = Payload(GOOD, STROKES)
    page.run()
    assert not page.warning


@pytest.mark.parametrize("name", STATES)
def test_a_state_that_is_no_canvas_is_no_page_error(
    name: str, canvas: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas.payload = Payload(GOOD, STROKES)
    page, before = drawn_on()

    def out(**_: Any) -> ComponentResult:
        return ComponentResult(STATES[name])

    monkeypatch.setattr("streamlit_drawable_canvas.out", out)
    monkeypatch.setattr("ui.drawing.st_canvas", sys.modules["streamlit_drawable_canvas"].st_canvas)
    page.run()
    assert not page.exception
    assert "is no drawing" in page.warning[0].value
    assert summed_up(page) == before


def test_undo_takes_the_last_stroke_of_what_was_kept(canvas: Canvas) -> None:
    canvas.payload = Payload(GOOD, STROKES)
    page, _before = drawn_on()
    canvas.payload = PAYLOADS["strokes as a list"].data
    page.button(key="undo").click().run()
    assert not page.exception
    assert page.session_state["strokes"]["objects"] == []
