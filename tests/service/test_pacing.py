"""How the workers' time is shared between training and measuring."""

from __future__ import annotations

import pytest

from softmax_core.service import pacing
from tests.service.by_hand import FAST, Manual, work_off
from tests.waiting import wait_for


def test_a_run_trains_many_times_as_long_as_it_is_evaluated(manual: Manual) -> None:
    engine, executor, clock = manual
    session = engine.open(FAST)
    engine.steps(session, 70)
    work_off(executor)
    engine.set_pace(session, None, 10.0)  # a step a slice
    session.evaluation_took, session.trained_since = 1.0, 0.0
    engine.start(session)

    def work() -> None:
        clock.now += 1
        wait_for(lambda: bool(executor.waiting))
        executor.run()

    for _ in range(3):
        work()
    assert session.state.step == 73
    assert session.history.evaluations[-1].step == 70
    session.trained_since = 4.0
    work()
    assert session.history.evaluations[-1].step == 74
    assert session.trained_since == 0.0


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
