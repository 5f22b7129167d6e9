"""One browser's run on the page: buttons, speed, test pictures, and a run that was dropped."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.service import Session, Status, shared_engine
from tests.pages.opening import go_to, lab, session_of
from ui.live import components


def test_the_button_and_the_live_view_agree_even_if_the_run_ends_between_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[bool] = []

    def live_view(_session: Session, *, running: bool, **_others: object) -> None:
        told.append(running)

    def files_ui(session: Session) -> None:  # between the two on the page
        session.status = Status.IDLE

    monkeypatch.setattr("ui.lab_page.live_view", live_view)
    monkeypatch.setattr("ui.lab_page.files_ui", files_ui)
    page = lab(epochs="200")
    page.button(key="train").click().run()
    assert page.button(key="train").label == "Pause"
    assert told == [False, True]
    page.run()
    assert page.button(key="train").label == "Train"
    assert told == [False, True, False]


def test_the_speed_is_in_the_address_unless_it_is_the_usual_one() -> None:
    page = lab(speed="slow")
    session = session_of(page)
    assert (session.pace, session.steps_a_second) == (None, 8.0)
    assert page.selectbox(key="setting_speed").value == "slow"
    page.selectbox(key="setting_speed").set_value("full").run()
    assert (session.pace, session.steps_a_second) == (None, None)
    assert dict(page.query_params) == {"speed": "full"}
    page.selectbox(key="setting_speed").set_value("watch").run()
    assert (session.pace, session.steps_a_second) == (1.0, None)
    assert dict(page.query_params) == {}


@pytest.mark.parametrize("then", ["lab", "data"])
def test_a_dropped_run_is_opened_again_with_its_settings_and_a_sentence(then: str) -> None:
    page = lab(lr="0.3", speed="full")
    before = session_of(page)
    shared_engine().drop(before)
    go_to(page, "" if then == "lab" else then)
    session = session_of(page)
    assert session is not before
    assert session.config.learning_rate == 0.3
    assert session.pace is None
    assert [toast.value for toast in page.toast] == [
        "Nobody had watched this run for 15 minutes, so it was dropped. A new one begins with "
        "the same settings."
    ]
    assert dict(page.query_params) == {"lr": "0.3", "speed": "full"}
    page.run()
    assert not page.toast


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[components.TestPictures]:
    """What the browser is told of test pictures, run by run."""
    told: list[components.TestPictures] = []
    monkeypatch.setattr(
        "ui.drawing.test_picture_picker", lambda _session, pictures: told.append(pictures)
    )
    return told


def look_at_test_pictures() -> AppTest:
    page = lab()
    return page.segmented_control(key="what_to_read").set_value("Test picture").run()


def test_the_picture_marked_is_the_one_read(shown: list[components.TestPictures]) -> None:
    session = session_of(look_at_test_pictures())
    assert session.test_picture == shown[-1].chosen == shown[-1].indices[0]


def test_a_picture_that_was_clicked_stays_marked(shown: list[components.TestPictures]) -> None:
    page = look_at_test_pictures()
    clicked = shown[-1].indices[7]
    shared_engine().set_test_picture(session_of(page), clicked)  # as the route does
    page.run()
    assert session_of(page).test_picture == shown[-1].chosen == clicked


def test_after_a_reset_and_for_other_pictures_the_first_is_marked_and_read(
    shown: list[components.TestPictures],
) -> None:
    page = look_at_test_pictures()
    for button in ("reset", "other_pictures"):
        shared_engine().set_test_picture(session_of(page), shown[-1].indices[7])
        page.button(key=button).click().run()
        assert session_of(page).test_picture == shown[-1].chosen == shown[-1].indices[0]
    assert shown[-1].indices != shown[-2].indices


def test_a_visit_to_another_page_changes_neither_the_mark_nor_what_is_read(
    shown: list[components.TestPictures],
) -> None:
    page = look_at_test_pictures()
    clicked = shown[-1].indices[3]
    shared_engine().set_test_picture(session_of(page), clicked)
    go_to(page, "data")
    assert session_of(page).test_picture == clicked
    n_told = len(shown)
    go_to(page, "")
    assert len(shown) == n_told + 1
    assert session_of(page).test_picture == shown[-1].chosen == clicked
