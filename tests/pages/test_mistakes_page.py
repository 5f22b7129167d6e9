"""The page Mistakes without a browser: its sections, what can be saved, and points."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.service import Session, Status
from tests.pages.mistakes_calls import judged
from tests.pages.opening import go_to, lab, session_of
from tests.waiting import wait_for
from ui.mistakes.saving import matrix_csv


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """Return the list of what the page mounts in the browser."""
    mounted: list[tuple[str, bool]] = []

    def view(_session: Session, section: str, *, running: bool) -> bool:
        mounted.append((section, running))
        return False

    monkeypatch.setattr("ui.mistakes_page.mistakes_view", view)
    return mounted


def mistakes(**query: str) -> AppTest:
    page = lab(**query)
    go_to(page, "mistakes")
    return page


def test_the_page_begins_with_the_matrix_and_shows_one_section_at_a_time(
    shown: list[tuple[str, bool]],
) -> None:
    page = mistakes()
    assert shown == [("matrix", False)]
    (sections,) = page.segmented_control
    assert sections.options == ["Taken for what", "Class by class", "Averages and weights"]
    for name in ("classes", "averages"):
        sections.set_value(name).run()
        assert not page.exception
        assert shown[-1] == (name, False)


def test_the_run_can_be_trained_from_here_and_the_view_knows(
    shown: list[tuple[str, bool]],
) -> None:
    page = mistakes(epochs="200")
    page.button(key="train").click().run()
    assert page.button(key="train").label == "Pause"
    assert shown[-1] == ("matrix", True)
    session = session_of(page)
    wait_for(lambda: session.state.step > 0)
    page.button(key="train").click().run()
    assert session.status is Status.IDLE


def test_going_there_and_back_changes_neither_the_run_nor_its_settings() -> None:
    page = mistakes(lr="0.3")
    session = session_of(page)
    go_to(page, "")
    assert session_of(page) is session
    assert page.select_slider(key="setting_learning_rate").value == 0.3


def test_points_have_a_sentence_instead(shown: list[tuple[str, bool]]) -> None:
    page = mistakes(data="blobs")
    assert shown == []
    (info,) = page.info
    assert "points in the plane" in info.value


def test_a_question_why_leads_to_the_page_why(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("ui.mistakes_page.mistakes_view", lambda *_args, **_named: True)
    monkeypatch.setattr("streamlit.switch_page", lambda page: asked.append(page.url_path))
    mistakes()
    assert asked == ["why"]


def test_the_table_is_the_matrix_of_the_page() -> None:
    page = mistakes()
    session = session_of(page)
    rows = list(csv.reader(io.StringIO(matrix_csv(session).decode())))
    assert rows[0] == ["true class, step 0", *"0123456789"]
    counts = judged(session).counts
    assert [[int(n) for n in row[1:]] for row in rows[1:]] == counts.tolist()


def test_no_script_writes_text_as_markup() -> None:
    """Names of classes come from data sets, and must never be read as HTML."""
    for path in (Path(__file__).resolve().parents[2] / "ui" / "live" / "static").glob("*.js"):
        script = path.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", script)
