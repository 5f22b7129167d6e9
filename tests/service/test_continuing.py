"""Going on in another page: all comes along, the old page steers nothing, nothing is lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from softmax_core.service import Engine, Session, Status, pacing
from softmax_core.service.run_files import RunFiles
from softmax_core.training import Budget
from tests.service.by_hand import (
    FAST,
    FakeClock,
    Manual,
    ManualExecutor,
    same_bits,
    trained_inline,
    work_off,
)

ONE, OTHER = 64 * "a", 64 * "b"


def opened(manual: Manual, steps: int = 0, browser: str = ONE) -> Session:
    session = manual.engine.open(FAST)
    manual.engine.belongs_to(session, browser)
    work_off(manual.executor)
    if steps:
        manual.clock.now += 1
        manual.engine.steps(session, steps)
        work_off(manual.executor)
    return session


def test_a_browser_is_offered_its_own_last_run_and_only_once_it_has_made_a_step(
    manual: Manual,
) -> None:
    engine = manual.engine
    page = opened(manual)
    assert engine.last_run(ONE, page) is None
    opened(manual)
    assert engine.last_run(ONE, page) is None
    opened(manual, 3)
    newest = opened(manual, 5)
    stranger = opened(manual, 9, OTHER)
    last = engine.last_run(ONE, page)
    assert last is not None
    assert (last.session, last.step, last.config) == (newest, 5, FAST)
    assert newest.evaluation is not None
    assert last.accuracy == newest.evaluation.test_accuracy
    assert engine.last_run(OTHER, page) is not None
    assert engine.last_run(OTHER, stranger) is None
    assert engine.last_run("", page) is None


def test_after_a_reload_the_run_that_nobody_asks_for_any_more_is_the_last(manual: Manual) -> None:
    engine, clock = manual.engine, manual.clock
    reloaded, other_tab = opened(manual, 2), opened(manual, 3)
    page = opened(manual)
    clock.now += 2
    engine.find(other_tab.token)
    last = engine.last_run(ONE, page)
    assert last is not None
    assert last.session is reloaded


def test_a_moved_run_has_another_token_and_all_that_was_known_of_it(manual: Manual) -> None:
    engine = manual.engine
    old, page = opened(manual, 40), opened(manual)
    engine.keep_run(old, "mine")
    curve, token, snapshots = old.history.curve(), old.token, old.snapshots.steps
    moved = engine.move(old, page)
    work_off(manual.executor)
    assert engine.find(token) is None
    assert engine.was_moved(token)
    assert engine.find(moved.token) is moved
    assert not engine.was_moved(moved.token)
    np.testing.assert_array_equal(moved.history.curve().step, curve.step)
    np.testing.assert_array_equal(moved.history.curve().mean, curve.mean)
    assert (moved.snapshots.steps, moved.kept[0].name) == (snapshots, "mine")
    assert moved.browser == ONE
    assert engine.sessions() == [moved]


def test_the_page_that_takes_it_over_keeps_its_token_and_sees_all_anew(manual: Manual) -> None:
    engine = manual.engine
    old, page = opened(manual, 40), opened(manual)
    token, version, generation = page.token, page.version, page.history.generation
    moved = engine.move(old, page)
    assert moved.token == token
    assert moved.version > version
    assert moved.history.generation > generation
    view = engine.view(moved, generation, 0)
    assert view.curve_from == 1


def test_a_run_that_trains_goes_on_and_loses_no_step_nor_makes_one_twice(
    manual: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "slice_seconds", lambda *_: 0.0)  # a slice of a step each
    engine, executor = manual.engine, manual.executor
    old = opened(manual)
    engine.start(old)
    executor.run(2)
    before = old.state.step
    assert old.in_flight
    moved = engine.move(old)
    assert moved.status is Status.RUNNING
    work_off(executor)
    assert engine.view(moved).status is Status.FINISHED
    assert moved.state.step > before
    steps = moved.history.curve().step
    assert (np.diff(steps) > 0).all()
    assert same_bits(moved.state, trained_inline(FAST, Budget(until_epoch=FAST.epochs)))


def test_what_the_old_page_still_presses_reaches_nothing(manual: Manual) -> None:
    engine, executor = manual.engine, manual.executor
    old = opened(manual, 7)
    moved = engine.move(old)
    work_off(executor)
    state, points = moved.state, len(moved.history.curve().step)
    for command in (engine.start, engine.step, engine.epoch, engine.pause, engine.reset):
        command(old)
        work_off(executor)
    assert moved.state is state
    assert len(moved.history.curve().step) == points
    assert engine.sessions() == [moved]
    assert engine.view(moved).status is Status.IDLE


def test_a_run_held_back_by_its_pace_is_not_forgotten_when_it_moves(manual: Manual) -> None:
    engine, executor = manual.engine, manual.executor
    old = opened(manual)
    engine.set_pace(old, None, 8.0)
    engine.start(old)
    executor.run()
    assert old.waiting
    moved = engine.move(old)
    assert moved.waiting or moved.in_flight
    manual.clock.now += 1
    engine._go_on(moved.token)
    assert moved.in_flight


def test_sweep_and_race_go_with_the_page_they_belong_to(manual: Manual) -> None:
    engine = manual.engine
    old, page = opened(manual, 2), opened(manual)
    sweep = engine.start_sweep(old, [(FAST,)])
    race = engine.open_race([FAST], page)
    moved = engine.move(old, page)
    assert engine.sweep_of(moved) is sweep
    assert race.session is moved


def test_forgotten_runs_are_offered_to_nobody_and_go_on_where_they_are_open(
    manual: Manual,
) -> None:
    engine = manual.engine
    open_elsewhere, page = opened(manual, 4), opened(manual)
    engine.forget_runs(ONE)
    assert engine.last_run(ONE, page) is None
    assert engine.find(open_elsewhere.token) is open_elsewhere


def test_after_a_restart_the_run_is_on_the_disk_and_has_the_same_future(tmp_path: Path) -> None:
    def start() -> tuple[Engine, ManualExecutor]:
        executor = ManualExecutor()
        return Engine(lambda: executor, 1, FakeClock(), RunFiles(tmp_path)), executor

    engine, executor = start()
    session = engine.open(FAST)
    engine.belongs_to(session, ONE)
    engine.steps(session, 50)
    work_off(executor)
    engine.wind_down()
    engine.close()

    engine, executor = start()
    page = engine.open(FAST)
    assert engine.last_run(OTHER, page) is None
    last = engine.last_run(ONE, page)
    assert last is not None
    assert (last.session, last.step, last.config) == (None, 50, FAST)
    assert last.stored is not None
    engine.load(page, last.config, last.stored.saved.state)
    engine.start(page)
    work_off(executor)
    assert same_bits(page.state, trained_inline(FAST, Budget(until_epoch=FAST.epochs)))
    assert page.history.curve().step[0] == 51
    engine.forget_runs(ONE)
    assert not list(tmp_path.iterdir())
    engine.close()


def test_a_disk_that_cannot_be_written_is_said_and_nothing_else_changes(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    executor = ManualExecutor()
    engine = Engine(lambda: executor, 1, FakeClock(), RunFiles(tmp_path / "file"))
    session = engine.open(FAST)
    engine.belongs_to(session, ONE)
    assert engine.store_notice() is None
    engine.step(session)
    work_off(executor)
    engine.wind_down()
    assert "cannot be stored" in str(engine.store_notice())
    assert session.state.step == 1
    engine.close()


@pytest.mark.parametrize("moves", [1, 5])
def test_a_run_can_move_again_and_again(manual: Manual, moves: int) -> None:
    session = opened(manual, 3)
    for _ in range(moves):
        session = manual.engine.move(session)
    manual.engine.step(session)
    work_off(manual.executor)
    assert session.state.step == 4
