"""What goes wrong with a worker or the pool stays with those whose work it was."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, Executor
from functools import partial

import pytest

from softmax_core.service import (
    Engine,
    Race,
    Session,
    Status,
    Sweep,
    WorkerDiedError,
    WorkerPool,
)
from softmax_core.training import Budget, TrainingConfig
from tests.service.by_hand import (
    FAST,
    FakeClock,
    ManualExecutor,
    at_rest,
    same_bits,
    trained_inline,
)
from tests.service.calls import kill_self
from tests.waiting import wait_for

Party = Session | Race | Sweep


def status_of(party: Party) -> Status:
    return party.status


def started(engine: Engine, session: Session, kind: str) -> Party:
    if kind == "sweep":
        return engine.start_sweep(session, [(FAST,)])
    if kind == "race":
        race = engine.open_race((FAST,), session)
        engine.start_race(race)
        return race
    engine.start(session)
    return session


def test_a_call_that_kills_every_worker_costs_the_runs_beside_it_nothing(
    pooled: tuple[Engine, WorkerPool],
) -> None:
    engine, _pool = pooled
    config = TrainingConfig(dataset="mnist-5k", batch_size=8, epochs=4)
    sessions = [engine.open(config) for _ in range(3)]
    for session in sessions:
        engine.start(session)
    for _ in range(6):
        assert isinstance(engine.compute(kill_self).exception(timeout=60), WorkerDiedError)
    for session in sessions:
        wait_for(partial(at_rest, session))
        assert session.status is Status.FINISHED
        assert same_bits(session.state, trained_inline(config, Budget(until_epoch=4)))


@pytest.mark.parametrize("kind", ["session", "race", "sweep"])
def test_a_pool_that_cannot_be_made_anew_stops_with_a_sentence_and_loses_no_step(
    kind: str,
) -> None:
    executor = ManualExecutor()

    def make() -> Executor:
        if executor.broken:
            raise OSError("Resource temporarily unavailable")
        return executor

    engine = Engine(make, 1, FakeClock())
    session = engine.open(FAST)
    executor.run()
    party = started(engine, session, kind)
    executor.broken, executor.error = True, BrokenExecutor()
    while executor.waiting:
        executor.run()
    assert status_of(party) is Status.STOPPED
    assert "twice" in party.message
    executor.broken, executor.error = False, None
    if kind == "session":
        engine.start(session)
        executor.run()
        assert session.state.step > 0
    engine.close()
