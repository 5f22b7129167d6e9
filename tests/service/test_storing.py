"""Storing runs: what is due, what is not, and what must not come back."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from softmax_core import limits
from softmax_core.service import Engine, Session
from softmax_core.service.run_files import RunFiles
from softmax_core.service.storing import Storing
from softmax_core.stored_run import StoredRun
from tests.service.by_hand import FAST, FakeClock, ManualExecutor, same_bits, work_off
from tests.waiting import wait_for

ONE, OTHER = 64 * "a", 64 * "b"


class Kit(NamedTuple):
    """An engine moved by hand, and a storing that stores when it is told to."""

    engine: Engine
    executor: ManualExecutor
    clock: FakeClock
    files: RunFiles
    storing: Storing

    def stored(self, browser: str = ONE) -> StoredRun | None:
        found = self.files.find(browser)
        return None if found is None else found.run

    def open(self, browser: str = ONE) -> Session:
        session = self.engine.open(replace(FAST, epochs=500))
        self.engine.belongs_to(session, browser)
        work_off(self.executor)
        return session


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[Kit]:
    executor, clock, files = ManualExecutor(), FakeClock(), RunFiles(tmp_path / "runs")
    engine = Engine(lambda: executor, 1, clock)
    yield Kit(
        engine, executor, clock, files, Storing(engine.sessions, files, threading.RLock(), clock)
    )
    engine.close()


def step_of(run: StoredRun | None) -> int | None:
    return None if run is None else run.saved.state.step


def test_a_training_run_is_stored_every_five_seconds_and_at_once_when_it_rests(kit: Kit) -> None:
    session = kit.open()
    kit.storing.store()
    assert kit.stored() is None  # no step was made
    kit.engine.start(session)
    kit.executor.run()
    kit.storing.store()
    first = step_of(kit.stored())
    assert first
    kit.executor.run()
    kit.clock.now += limits.STORE_SECONDS - 0.1
    kit.storing.store()
    assert step_of(kit.stored()) == first
    kit.clock.now += 0.1
    kit.storing.store()
    second = step_of(kit.stored())
    assert second == session.state.step > first
    kit.executor.run()
    kit.engine.pause(session)
    work_off(kit.executor)
    kit.storing.store()
    run = kit.stored()
    assert run is not None
    assert same_bits(run.saved.state, session.state)
    assert run.saved.config == session.config
    assert session.evaluation is not None
    assert run.accuracy == session.evaluation.test_accuracy


def test_at_the_end_what_has_changed_is_stored_however_soon(kit: Kit) -> None:
    session = kit.open()
    kit.engine.start(session)
    kit.executor.run()
    kit.storing.store()
    kit.executor.run()
    kit.storing.store(all_changed=True)
    assert step_of(kit.stored()) == session.state.step


def test_a_run_without_a_browser_is_not_stored(kit: Kit, tmp_path: Path) -> None:
    session = kit.open("")
    kit.engine.step(session)
    work_off(kit.executor)
    kit.storing.store()
    assert not (tmp_path / "runs").exists()


def test_a_reset_takes_the_stored_run_with_it_and_a_new_tab_does_not(kit: Kit) -> None:
    session = kit.open()
    kit.engine.step(session)
    work_off(kit.executor)
    kit.storing.store()
    kit.open()  # another tab of the same browser, at its first step
    kit.storing.store()
    assert step_of(kit.stored()) == 1
    kit.engine.reset(session)
    work_off(kit.executor)
    kit.storing.store()
    assert kit.stored() is None


def test_of_two_tabs_the_one_that_trained_last_is_stored(kit: Kit) -> None:
    one, other = kit.open(), kit.open()
    for session, steps in ((one, 3), (other, 5), (one, 2)):
        kit.clock.now += 1
        kit.engine.steps(session, steps)
        work_off(kit.executor)
        kit.storing.store()
        assert step_of(kit.stored()) == session.state.step


def test_what_is_forgotten_does_not_come_back(kit: Kit) -> None:
    session = kit.open()
    kit.engine.step(session)
    work_off(kit.executor)
    kit.storing.store()
    session.browser = ""  # as Engine.forget_runs does it
    kit.storing.forget(ONE)
    kit.engine.step(session)
    work_off(kit.executor)
    kit.storing.store(all_changed=True)
    assert kit.stored() is None


def test_a_run_that_is_looked_at_stays_young_though_nothing_changes(kit: Kit) -> None:
    session = kit.open()
    kit.engine.step(session)
    work_off(kit.executor)
    kit.storing.store()
    (path,) = kit.files._folder.iterdir()

    def age_after(seconds: float, *, seen: bool) -> float:
        grown = path.stat().st_mtime - 600
        os.utime(path, (grown, grown))
        kit.clock.now += seconds
        if seen:
            kit.engine.find(session.token)
        kit.storing.store()
        found = kit.files.find(ONE)
        assert found is not None
        return found.age

    assert age_after(100, seen=True) < 60
    assert age_after(100, seen=False) > 500


def test_a_folder_of_ones_own_is_stored_by_its_name_alone(kit: Kit, tmp_path: Path) -> None:
    session = kit.open()
    kit.engine.step(session)
    work_off(kit.executor)
    session.config = replace(session.config, dataset=f"folder:{tmp_path / 'secret' / 'letters'}")
    kit.storing.store()
    (path,) = kit.files._folder.iterdir()
    assert b"secret" not in path.read_bytes()
    run = kit.stored()
    assert run is not None
    assert run.saved.config.dataset == "folder:letters"


def test_weights_that_ran_away_leave_the_last_good_run(kit: Kit) -> None:
    session = kit.open()
    kit.engine.step(session)
    work_off(kit.executor)
    kit.storing.store()
    state = session.state
    wild = {name: array + np.float32(1e30) for name, array in state.params.items()}
    session.state = replace(state, params=wild, step=2)
    kit.storing.store()
    assert step_of(kit.stored()) == 1


def test_the_thread_stores_by_itself_and_ends_with_the_engine(tmp_path: Path) -> None:
    executor, files = ManualExecutor(), RunFiles(tmp_path)
    engine = Engine(lambda: executor, 1, files=files)
    session = engine.open(FAST)
    engine.belongs_to(session, ONE)
    engine.step(session)
    work_off(executor)
    wait_for(lambda: files.find(ONE) is not None)
    engine.close()
    assert "storing" not in [thread.name for thread in threading.enumerate()]


def test_winding_down_waits_for_the_slice_in_flight_and_stores_its_state(tmp_path: Path) -> None:
    executor, files = ManualExecutor(), RunFiles(tmp_path)
    engine = Engine(lambda: executor, 1, files=files)
    session = engine.open(FAST)
    engine.belongs_to(session, ONE)
    work_off(executor)
    engine.start(session)
    ending = threading.Thread(target=engine.wind_down)
    ending.start()
    wait_for(lambda: engine._traffic.is_closed)
    executor.run()  # the slice that was in flight
    ending.join()
    assert not executor.waiting  # and no other was sent
    found = files.find(ONE)
    assert found is not None
    assert found.run.saved.state.step == session.state.step > 0
    assert same_bits(found.run.saved.state, session.state)
    engine.close()


def test_a_slice_that_never_comes_back_is_waited_for_no_longer_than_allowed(
    tmp_path: Path,
) -> None:
    executor, files = ManualExecutor(), RunFiles(tmp_path)
    engine = Engine(lambda: executor, 1, files=files)
    session = engine.open(FAST)
    engine.belongs_to(session, ONE)
    work_off(executor)
    engine.step(session)
    work_off(executor)
    engine.start(session)
    engine.wind_down(0.05)
    found = files.find(ONE)
    assert found is not None
    assert found.run.saved.state.step == 1
    engine.close()
