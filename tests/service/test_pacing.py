"""How the workers' time is shared between training and measuring."""

from __future__ import annotations

import pytest

from softmax_core.service import Session, pacing
from tests.service.by_hand import FAST, Manual, work_off
from tests.waiting import wait_for


def begun(manual: Manual) -> Session:
    """Return a run after 70 steps whose evaluations take a second, in slices of a step."""
    engine, executor, _ = manual
    session = engine.open(FAST)
    engine.steps(session, 70)
    work_off(executor)
    engine.set_pace(session, None, 10.0)
    session.evaluation_took, session.trained_since = 1.0, 0.0
    return session


def work(manual: Manual, rounds: int, a_round: int = 1) -> None:
    for _ in range(rounds):
        manual.clock.now += 1
        wait_for(lambda: len(manual.executor.waiting) >= a_round)
        manual.executor.run(a_round)


def test_alone_a_run_is_evaluated_as_often_as_its_worker_has_time_for(manual: Manual) -> None:
    session = begun(manual)
    manual.engine.start(session)
    work(manual, 3)
    assert session.state.step == 73
    assert session.history.evaluations[-1].step == 70
    work(manual, 1)  # four seconds for a second's work, though it trained for milliseconds
    assert session.history.evaluations[-1].step == 74
    assert session.trained_since == 0.0


def test_among_others_a_run_trains_many_times_as_long_as_it_is_evaluated(manual: Manual) -> None:
    sessions = [begun(manual), begun(manual)]
    for session in sessions:
        manual.engine.start(session)
    work(manual, 9, 2)
    assert [session.state.step for session in sessions] == [79, 79]
    assert sessions[0].history.evaluations[-1].step == 70
    sessions[0].trained_since = 8.0
    work(manual, 1, 2)
    assert [session.history.evaluations[-1].step for session in sessions] == [80, 70]
    assert sessions[0].trained_since == 0.0


def test_slices_get_shorter_until_a_round_is_as_long_as_it_should_be() -> None:
    n_running, n_workers, wanted = 30, 2, pacing.round_seconds(30, 2)
    share, cost = 1.0, 0.003  # seconds a slice costs besides its steps
    for _ in range(20 * n_running):
        length = share * pacing.slice_seconds(n_running, n_workers)
        took = (length + cost) * n_running  # as if both workers together got one core
        share = pacing.shortened(share, took, n_running, n_workers)
    assert took == pytest.approx(wanted, rel=0.02)
    for _ in range(20 * n_running):
        share = pacing.shortened(share, 0.1, n_running, n_workers)
    assert share == 1.0
    for _ in range(20 * n_running):
        share = pacing.shortened(share, 10.0, n_running, n_workers)
    shortest = share * pacing.slice_seconds(n_running, n_workers)
    assert shortest == pytest.approx(pacing.SHORTEST_SLICE)


def test_one_who_is_alone_has_long_slices() -> None:
    assert pacing.slice_seconds(1, 2) == 0.1
    assert pacing.shortened(1.0, 0.15, 1, 2) == 1.0


def test_pages_ask_four_times_a_second_until_rounds_are_longer() -> None:
    assert pacing.question_seconds(0, 2) == pacing.question_seconds(30, 2) < 0.23
    assert 0.5 < pacing.question_seconds(100, 2) < pacing.round_seconds(100, 2)
