"""How the workers' time is shared between training and measuring."""

from __future__ import annotations

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
