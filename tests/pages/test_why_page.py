"""The page Why? without a browser: its sections, the drawing beside them, and points."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.limits import INK_SIDE
from softmax_core.service import shared_engine
from tests.pages.opening import go_to, lab, session_of
from ui.live.explained.question import SECTIONS
from ui.why.words import why_words

STATIC = Path(__file__).resolve().parents[2] / "ui" / "live" / "static"


def components(page: AppTest) -> list[str]:
    return [element.proto.component_name for element in page.get("bidi_component")]


def open_why(**query: str) -> AppTest:
    page = lab(**query)
    go_to(page, "why")
    return page


def test_the_page_has_four_sections_and_the_drawing_stays() -> None:
    page = lab()
    session = session_of(page)
    ink = np.zeros((INK_SIDE, INK_SIDE), np.uint8)
    ink[10:46, 26:31] = 255
    shared_engine().set_drawing(session, ink)
    go_to(page, "why")
    section = page.segmented_control(key="why_section")
    assert section.options == ["Evidence", "This, not that", "Nudge", "Operate"]
    for name in SECTIONS:
        page.segmented_control(key="why_section").set_value(name).run()
        assert not page.exception
        assert any("why" in each for each in components(page))
    assert session_of(page) is session
    assert session.drawing is ink
    assert session.test_picture is None


def test_the_section_is_kept_over_a_rerun_and_only_one_is_shown() -> None:
    page = open_why()
    page.segmented_control(key="why_section").set_value("nudge").run()
    page.run()
    assert page.segmented_control(key="why_section").value == "nudge"
    assert sum("why" in each for each in components(page)) == 1


@pytest.mark.parametrize("data", ["digits", "mnist-5k-upright"])
def test_other_pictures_are_explained_too(data: str) -> None:
    page = open_why(data=data)
    assert any("why" in each for each in components(page))


def test_points_get_one_friendly_sentence() -> None:
    page = open_why(data="blobs")
    (info,) = page.info
    assert "points in the plane" in info.value
    assert not any("why" in each for each in components(page))
    assert not page.segmented_control


def test_every_word_the_scripts_ask_for_is_there() -> None:
    words = why_words()
    scripts = "".join(path.read_text(encoding="utf-8") for path in STATIC.glob("why*.js"))
    for key in words:
        asked = f'"{key}"' in scripts or key.removeprefix("nudge_") in scripts
        assert asked, f"nobody says {key}"
    assert all(words.values())


def test_no_script_of_the_page_writes_markup() -> None:
    for path in STATIC.glob("why*.js"):
        text = path.read_text(encoding="utf-8")
        for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write"):
            assert way not in text, path.name
