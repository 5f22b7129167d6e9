"""A page that is closed says so: what nobody else watches rests soon, and is kept for a while."""

from __future__ import annotations

from dataclasses import replace

from softmax_core.service import Race, Session, Status, Sweep
from softmax_core.service.pacing import DROP_AFTER, PAUSE_AFTER, PAUSE_AFTER_LEAVING
from tests.service.by_hand import FAST, Manual

ENDLESS = replace(FAST, epochs=200)


def training(manual: Manual) -> Session:
    session = manual.engine.open(ENDLESS)
    manual.engine.start(session)
    return session


def status_of(party: Session | Race | Sweep) -> Status:
    return party.status


def after(manual: Manual, seconds: float) -> None:
    manual.clock.now += seconds
    manual.engine._reap()


def test_closed_pages_pause_within_a_minute_and_hidden_ones_may_be_silent_longer() -> None:
    assert PAUSE_AFTER_LEAVING < 60 < PAUSE_AFTER


def test_the_run_of_a_closed_page_rests_and_is_dropped_later(manual: Manual) -> None:
    session = training(manual)
    manual.engine.leave(session.token)
    after(manual, PAUSE_AFTER_LEAVING - 1)
    assert status_of(session) is Status.RUNNING
    after(manual, 2)
    assert status_of(session) is Status.IDLE
    assert "nobody was watching" in session.message
    after(manual, DROP_AFTER - PAUSE_AFTER_LEAVING - 5)
    assert manual.engine.sessions() == [session]
    after(manual, 5)
    assert manual.engine.sessions() == []


def test_a_page_that_is_loaded_again_or_another_one_keeps_it_going(manual: Manual) -> None:
    session = training(manual)
    manual.engine.leave(session.token)
    after(manual, PAUSE_AFTER_LEAVING - 1)
    assert manual.engine.find(session.token) is session
    after(manual, PAUSE_AFTER - 1)
    assert status_of(session) is Status.RUNNING


def test_a_tab_that_asks_once_a_minute_is_there(manual: Manual) -> None:
    session = training(manual)
    for _ in range(3):
        after(manual, 61)
        assert manual.engine.find(session.token) is session
    assert status_of(session) is Status.RUNNING


def test_a_race_rests_when_its_page_is_closed(manual: Manual) -> None:
    session = manual.engine.open(ENDLESS)
    race = manual.engine.open_race((ENDLESS, replace(ENDLESS, learning_rate=0.2)), session)
    manual.engine.start_race(race)
    manual.engine.leave(race.token)
    assert manual.engine.find_race(race.token) is race
    after(manual, PAUSE_AFTER_LEAVING + 1)
    assert status_of(race) is Status.RUNNING  # somebody still asks
    manual.engine.leave(race.token)
    after(manual, PAUSE_AFTER_LEAVING + 1)
    assert status_of(race) is Status.IDLE


def test_a_sweep_ends_when_its_page_is_closed(manual: Manual) -> None:
    session = manual.engine.open(ENDLESS)
    sweep = manual.engine.start_sweep(session, [(ENDLESS,)])
    manual.engine.leave(sweep.token)
    after(manual, PAUSE_AFTER_LEAVING + 1)
    assert status_of(sweep) is Status.STOPPED


def test_nobody_can_close_what_is_not_there(manual: Manual) -> None:
    session = training(manual)
    manual.engine.leave("no such token")
    after(manual, PAUSE_AFTER_LEAVING + 1)
    assert status_of(session) is Status.RUNNING
