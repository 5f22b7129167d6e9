"""The offer to continue the last run: when it stands there, what it says, and what it does."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from softmax_core.errors import UserError
from softmax_core.service import Session, close_shared_engine, shared_engine
from softmax_core.service.run_files import RunFiles
from softmax_core.training import Budget
from tests.pages.opening import go_to, lab, session_of
from tests.service.by_hand import same_bits, trained_inline
from tests.waiting import wait_for
from ui import last_run
from ui.visitor import COOKIE


@pytest.fixture(autouse=True)
def cookies(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Give all pages of a test the cookie of one browser."""
    held = {COOKIE: secrets.token_hex(16)}
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda _: held))
    assert st.context.cookies == held
    return held


def steps(session: Session, count: int) -> Session:
    shared_engine().steps(session, count)
    wait_for(lambda: measured_step(session) >= count)
    return session


def measured_step(session: Session) -> int:
    return -1 if session.evaluation is None else session.evaluation.step


def has_offer(page: AppTest) -> bool:
    return any(button.key == "continue_run" for button in page.button)


def press(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception
    return page


def offer(page: AppTest) -> str:
    (text,) = [text.value for text in page.text if "ontinue" in text.value]
    return str(text)


def test_a_first_visit_and_a_run_without_a_step_are_offered_nothing() -> None:
    assert not has_offer(lab())
    assert not has_offer(lab())


def test_a_reload_offers_the_run_and_says_what_it_was() -> None:
    session = steps(session_of(lab(lr="0.25", batch="64")), 12)
    page = lab()
    assert has_offer(page)
    text = offer(page)
    assert session.evaluation is not None
    accuracy = f"{100 * session.evaluation.test_accuracy:.1f} %"
    for part in ("Continue your last run?", "Softmax regression", "MNIST, 5,000 digits", "0.25"):
        assert part in text
    assert f"batch size 64, step 12, test accuracy {accuracy}, less than a minute ago" in text


def test_continuing_shows_that_run_with_its_settings_and_takes_the_bar_away() -> None:
    session = steps(session_of(lab(lr="0.25", batch="64")), 12)
    token, own = session.token, lab()
    own_token = own.session_state["token"]
    page = press(own, "continue_run")
    assert not has_offer(page)
    moved = session_of(page)
    assert (moved.token, moved.state.step, moved.config.learning_rate) == (own_token, 12, 0.25)
    assert page.query_params["lr"] == "0.25"
    assert page.select_slider(key="setting_learning_rate").value == 0.25
    assert shared_engine().find(token) is None
    assert len(shared_engine().sessions()) == 1


def test_the_tab_it_was_taken_from_is_told_and_steers_it_no_more() -> None:
    first = lab()
    steps(session_of(first), 5)
    second = press(lab(), "continue_run")
    first.run()
    (toast,) = [toast.value for toast in first.toast]
    assert "goes on in another tab" in toast
    assert offer(first).startswith("Your run is in another tab now. Continue it here?")
    press(first, "step")
    wait_for(lambda: session_of(first).state.step == 1)
    assert session_of(second).state.step == 5
    # Taken back, it is the second tab's turn to be told.
    third = lab()
    assert has_offer(third)


def test_starting_fresh_forgets_it_for_good(cookies: dict[str, str]) -> None:
    session = steps(session_of(lab()), 5)
    wait_for(lambda: shared_engine()._storing is not None and _is_stored(session.browser))
    before = session.browser
    page = press(lab(), "start_fresh")
    assert not has_offer(page)
    assert not _is_stored(before)
    assert session.browser == ""
    assert session_of(page).browser not in ("", before)
    assert not has_offer(lab())


def test_training_here_ends_the_offer() -> None:
    steps(session_of(lab()), 5)
    page = lab()
    steps(session_of(page), 1)
    page.run()
    assert not has_offer(page)


def test_another_browser_is_offered_nothing(cookies: dict[str, str]) -> None:
    steps(session_of(lab()), 5)
    cookies[COOKIE] = secrets.token_hex(16)
    assert not has_offer(lab())
    cookies.clear()
    assert not has_offer(lab())


def test_the_offer_stands_on_every_page() -> None:
    steps(session_of(lab()), 5)
    page = lab()
    go_to(page, "data")
    assert has_offer(page)
    press(page, "continue_run")
    assert session_of(page).state.step == 5
    go_to(page, "")
    assert not has_offer(page)


def test_a_run_that_vanished_meanwhile_is_said_to_be_gone() -> None:
    session = steps(session_of(lab()), 5)
    page = lab()
    shared_engine().forget_runs(session.browser)
    press(page, "continue_run")
    assert any("no longer there" in toast.value for toast in page.toast)
    assert session_of(page).state.step == 0


@pytest.fixture
def restarted(cookies: dict[str, str]) -> Callable[[], None]:
    def restart() -> None:
        shared_engine().wind_down()
        close_shared_engine()

    return restart


def test_after_a_restart_the_stored_run_is_offered_and_has_the_same_future(
    restarted: Callable[[], None],
) -> None:
    old = steps(session_of(lab(lr="0.25")), 12)
    config, restart = old.config, restarted
    restart()
    page = lab(lr="0.25")
    assert "step 12, test accuracy" in offer(page)
    press(page, "continue_run")
    session = session_of(page)
    assert (session.state.step, session.config) == (12, config)
    steps(session, 8)
    wait_for(lambda: session.state.step == 20)
    assert same_bits(session.state, trained_inline(config, Budget(steps=20)))


def test_a_stored_run_of_a_folder_that_is_gone_changes_nothing(
    restarted: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps(session_of(lab()), 3)
    restarted()
    page = lab()

    def gone(_: object) -> str:
        raise UserError("load-dataset", "This folder is not open here. Nothing was changed.")

    monkeypatch.setattr(last_run, "dataset_of_run", gone)
    press(page, "continue_run")
    assert any("Nothing was changed" in toast.value for toast in page.toast)
    assert session_of(page).state.step == 0


def test_runs_that_cannot_be_stored_are_said_once() -> None:
    page = lab()
    storing = shared_engine()._storing
    assert storing is not None
    storing.files.notice = "Runs cannot be stored on this computer (the disk is full)."
    page.run()
    assert [toast.value for toast in page.toast] == [storing.files.notice]
    page.run()
    assert not page.toast


def _is_stored(browser: str) -> bool:
    storing = shared_engine()._storing
    assert storing is not None
    files: RunFiles = storing.files
    return files.find(browser) is not None
