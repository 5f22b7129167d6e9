"""The engine: fair slices, exact results, and nothing lost whatever happens to a worker."""

from __future__ import annotations

import os
import signal
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.service import Engine, Status, WorkerPool
from softmax_core.service.pacing import DROP_AFTER, PAUSE_AFTER
from softmax_core.training import Budget, TrainingConfig
from tests.service.by_hand import (
    FAST,
    FakeClock,
    ManualExecutor,
    at_rest,
    has_reached,
    same_bits,
    trained_inline,
)
from tests.waiting import wait_for


def test_the_pool_gives_the_same_bits_as_training_inline_alone_or_beside_others(
    pooled: tuple[Engine, WorkerPool],
) -> None:
    engine, _ = pooled
    configs = [
        replace(FAST, seed=seed, network=network, hidden_units=16)
        for seed in range(3)
        for network in ("softmax", "relu-softmax", "mlp")
    ]
    sessions = [engine.open(config) for config in configs]
    for session in sessions:
        engine.start(session)
    wait_for(lambda: all(at_rest(session) for session in sessions))
    for session, config in zip(sessions, configs, strict=True):
        assert session.status is Status.FINISHED
        assert same_bits(session.state, trained_inline(config, Budget(until_epoch=6)))


def test_a_run_goes_on_through_killed_workers_and_ends_with_the_same_weights(
    pooled: tuple[Engine, WorkerPool],
) -> None:
    engine, pool = pooled
    config = TrainingConfig(dataset="mnist-5k", batch_size=1, epochs=6)
    session = engine.open(config)
    engine.start(session)
    for kills in range(1, 4):
        wait_for(partial(has_reached, session, 2_000 * kills))
        for pid in pool.worker_ids():
            os.kill(pid, signal.SIGKILL)
        wait_for(partial(has_reached, session, session.state.step + 1))
    wait_for(lambda: at_rest(session))
    assert session.status is Status.FINISHED
    assert same_bits(session.state, trained_inline(config, Budget(until_epoch=6)))
    curve = engine.view(session).curve
    assert curve.step[-1] == session.state.step


def test_steps_epochs_pause_and_reset_do_what_they_say(
    pooled: tuple[Engine, WorkerPool],
) -> None:
    engine, _ = pooled
    session = engine.open(FAST)
    for expected in (1, 2, 3):
        engine.step(session)
        wait_for(lambda: at_rest(session))
        assert session.state.step == expected
        assert session.evaluation is not None
        assert session.evaluation.step == expected
    engine.epoch(session)
    wait_for(lambda: at_rest(session))
    assert (session.state.epoch, session.state.position) == (1, 0)
    first = engine.view(session).curve.mean
    engine.reset(session)
    assert session.state.step == 0
    assert not len(engine.view(session).curve.step)
    engine.epoch(session)
    wait_for(lambda: at_rest(session))
    np.testing.assert_array_equal(engine.view(session).curve.mean, first)


def test_train_runs_to_the_epochs_set_and_on_a_second_press_as_many_more(
    pooled: tuple[Engine, WorkerPool],
) -> None:
    engine, _ = pooled
    session = engine.open(replace(FAST, epochs=2))
    for expected in (2, 4):
        engine.start(session)
        wait_for(lambda: at_rest(session))
        assert (session.state.epoch, session.status) == (expected, Status.FINISHED)


def test_a_paused_run_goes_on_where_it_stopped(
    manual: tuple[Engine, ManualExecutor, FakeClock],
) -> None:
    engine, executor, _ = manual
    session = engine.open(replace(FAST, epochs=200))
    executor.run()  # the evaluation of the first state
    engine.start(session)
    executor.run()
    engine.pause(session)
    executor.run()  # the slice in flight still counts
    step = session.state.step
    executor.run(len(executor.waiting))  # the evaluation of the state it rests at, if it has none
    assert not executor.waiting
    assert session.status is Status.IDLE
    assert session.evaluation is not None
    assert session.evaluation.step == step
    engine.start(session)
    executor.run()
    assert session.state.step > step


def test_a_session_never_has_two_slices_in_flight(
    manual: tuple[Engine, ManualExecutor, FakeClock],
) -> None:
    engine, executor, _ = manual
    session = engine.open(FAST)
    for command in (engine.start, engine.pause, engine.step, engine.start, engine.reset):
        command(session)
        engine.configure(session, replace(session.config, learning_rate=0.2))
        assert len(executor.waiting) <= 1


def test_a_new_learning_rate_counts_from_the_next_slice_and_is_marked(
    manual: tuple[Engine, ManualExecutor, FakeClock],
) -> None:
    engine, executor, _ = manual
    session = engine.open(replace(FAST, epochs=200))
    executor.run()
    engine.set_pace(session, None, None)
    engine.start(session)
    executor.run()
    engine.configure(session, replace(session.config, learning_rate=0.5, batch_size=8))
    executor.run(2)
    view = engine.view(session)
    assert [mark.text for mark in view.marks] == ["rate 0.1 → 0.5, batch 32 → 8"]
    changed = view.marks[0].step
    rates = view.curve.learning_rate
    assert set(rates[view.curve.step <= changed].tolist()) == {np.float32(0.1)}
    assert set(rates[view.curve.step > changed].tolist()) == {np.float32(0.5)}


def test_a_new_start_throws_away_what_was_in_flight(
    manual: tuple[Engine, ManualExecutor, FakeClock],
) -> None:
    engine, executor, _ = manual
    session = engine.open(FAST)
    executor.run()
    engine.start(session)
    engine.configure(session, replace(FAST, seed=9))
    executor.run()
    assert session.state.step == 0
    assert not len(engine.view(session).curve.step)
    assert same_bits(session.state, trained_inline(replace(FAST, seed=9), Budget(steps=0)))


def test_a_slice_that_fails_once_is_tried_again_and_twice_stops_its_own_session_only(
    manual: tuple[Engine, ManualExecutor, FakeClock],
) -> None:
    engine, executor, _ = manual
    session, other = engine.open(replace(FAST, epochs=200)), engine.open(FAST)
    executor.run(2)
    engine.start(session)
    executor.error = RuntimeError("lost")
    executor.run()
    executor.error = None
    assert session.failures == 1
    executor.run()
    assert session.failures == 0
    assert session.state.step > 0
    step = session.state.step
    executor.error = RuntimeError("lost")
    executor.run(2)
    executor.error = None
    assert session.status is Status.STOPPED
    assert "interrupted twice" in session.message
    assert session.state.step == step
    assert other.status is Status.IDLE
    assert "Error" not in session.message
    engine.start(session)
    executor.run()
    assert session.state.step > step


def test_an_evaluation_that_keeps_failing_is_not_tried_for_ever(
    manual: tuple[Engine, ManualExecutor, FakeClock],
) -> None:
    engine, executor, _ = manual
    session = engine.open(FAST)
    executor.error = RuntimeError("lost")
    executor.run(2)
    assert not executor.waiting
    assert session.status is Status.IDLE
    executor.error = None
    engine.step(session)
    executor.run()
    assert session.state.step == 1


def test_an_evaluation_that_fails_once_is_made_after_all(
    manual: tuple[Engine, ManualExecutor, FakeClock],
) -> None:
    engine, executor, _ = manual
    session = engine.open(FAST)
    executor.error = RuntimeError("lost")
    executor.run()
    executor.error = None
    executor.run()
    assert session.evaluation is not None
    assert not executor.waiting


def test_every_step_asked_for_is_made_however_fast_they_come(
    manual: tuple[Engine, ManualExecutor, FakeClock],
) -> None:
    engine, executor, _ = manual
    session = engine.open(FAST)
    for _ in range(3):
        engine.step(session)
    executor.run(len(executor.waiting))
    while executor.waiting:
        executor.run()
    assert session.state.step == 3
    assert session.status is Status.IDLE


def test_many_steps_are_made_in_few_slices_and_counted_together(
    manual: tuple[Engine, ManualExecutor, FakeClock],
) -> None:
    engine, executor, _ = manual
    session = engine.open(FAST)
    executor.run()
    engine.steps(session, 30)
    assert executor.waiting
    engine.step(session)
    slices = 0
    while session.status is Status.RUNNING:
        executor.run()
        slices += 1
    assert session.state.step == 31
    assert slices < 20  # two where nothing else keeps the processor busy
    with pytest.raises(UserError, match="at least 1; it is 0"):
        engine.steps(session, 0)
    assert session.status is Status.IDLE


def test_steps_in_training_end_the_slice_and_a_pace_holds_them_back(
    manual: tuple[Engine, ManualExecutor, FakeClock],
) -> None:
    engine, executor, clock = manual
    session = engine.open(replace(FAST, epochs=200))
    executor.run()
    engine.start(session)
    engine.set_pace(session, None, 20.0)
    engine.steps(session, 5)
    executor.run()
    in_slice = session.state.step
    made = []
    while session.status is Status.RUNNING:
        clock.now += 0.11
        wait_for(lambda: len(executor.waiting) == 1, 5)
        executor.run()
        made.append(session.state.step - in_slice)
    assert made == [2, 4, 5]


def test_a_step_in_training_ends_the_slice_and_makes_one_update_more(
    manual: tuple[Engine, ManualExecutor, FakeClock],
) -> None:
    engine, executor, _ = manual
    session = engine.open(replace(FAST, epochs=200))
    executor.run()
    engine.start(session)
    engine.step(session)
    executor.run()
    in_slice = session.state.step
    while executor.waiting:
        executor.run()
    assert session.state.step == in_slice + 1
    assert session.status is Status.IDLE


def test_epochs_to_run_may_change_while_training(
    manual: tuple[Engine, ManualExecutor, FakeClock],
) -> None:
    engine, executor, _ = manual
    session = engine.open(replace(FAST, epochs=200))
    executor.run()
    engine.set_pace(session, None, None)
    engine.start(session)
    executor.run()
    enough = session.state.epoch + 1
    engine.configure(session, replace(session.config, epochs=enough))
    assert engine.view(session).epochs_target == enough
    while executor.waiting:
        executor.run()
    assert session.status is Status.FINISHED
    assert session.state.epoch >= enough
    engine.reset(session)
    assert engine.view(session).epochs_target == enough


def test_a_slice_that_took_far_too_long_sits_out_what_it_took(
    manual: tuple[Engine, ManualExecutor, FakeClock],
) -> None:
    engine, executor, clock = manual
    heavy, other = engine.open(replace(FAST, epochs=200)), engine.open(replace(FAST, epochs=200))
    executor.run(2)
    engine.start(heavy)
    engine.start(other)
    future, call = executor.waiting.pop(0)
    future.set_result(replace(call(), seconds=1.0))
    assert [heavy.waiting, other.waiting] == [True, False]
    clock.now += 0.5
    executor.run()
    assert heavy.waiting
    clock.now += 0.5
    wait_for(lambda: heavy.in_flight, 5)


def test_a_run_saved_on_other_data_is_refused(
    manual: tuple[Engine, ManualExecutor, FakeClock],
) -> None:
    engine, executor, _ = manual
    session = engine.open(FAST)
    executor.run()
    state = replace(session.state, position=5_000, step=10)
    with pytest.raises(UserError, match="5,000"):
        engine.load(session, FAST, state)
    assert session.state.step == 0


def test_a_broken_executor_is_replaced_and_the_same_state_queued_again() -> None:
    made: list[ManualExecutor] = []

    def make() -> Executor:
        made.append(ManualExecutor())
        return made[-1]

    engine = Engine(make, 1, FakeClock())
    session = engine.open(FAST)
    made[0].run()
    engine.start(session)
    made[0].broken, made[0].error = True, BrokenExecutor()
    made[0].run()
    assert len(made) == 2
    made[1].run()
    assert session.state.step > 0
    engine.close()


def test_what_nobody_watches_is_paused_and_later_dropped(
    manual: tuple[Engine, ManualExecutor, FakeClock],
) -> None:
    engine, executor, clock = manual
    session = engine.open(replace(FAST, epochs=200))
    watched = engine.open(FAST)
    engine.start(session)
    clock.now += PAUSE_AFTER + 1
    assert engine.find(watched.token) is watched
    wait_for(lambda: session.status is Status.IDLE, 5)
    assert "nobody was watching" in session.message
    executor.run(len(executor.waiting))
    clock.now += DROP_AFTER
    assert engine.find(watched.token) is watched
    wait_for(lambda: engine.sessions() == [watched], 5)
    assert engine.find(session.token) is None


def test_a_paced_run_makes_no_more_steps_than_its_pace_allows(
    manual: tuple[Engine, ManualExecutor, FakeClock],
) -> None:
    engine, executor, clock = manual
    session = engine.open(FAST)
    executor.run()
    engine.set_pace(session, None, 20.0)
    engine.start(session)
    executor.run()
    assert session.state.step == 2
    assert not executor.waiting  # held back
    clock.now += 0.11
    wait_for(lambda: len(executor.waiting) == 1, 5)
    executor.run()
    assert session.state.step == 4


def test_two_sessions_share_nothing(pooled: tuple[Engine, WorkerPool]) -> None:
    engine, _ = pooled
    one, two = engine.open(FAST), engine.open(replace(FAST, learning_rate=0.5, seed=3))
    assert one.token != two.token
    assert len(one.token) == 32
    engine.set_drawing(one, np.full((56, 56), 7, np.uint8))
    engine.start(one)
    wait_for(lambda: at_rest(one))
    assert two.state.step == 0
    assert two.drawing is None
    assert engine.find("someone else's") is None


def test_a_stopped_run_says_why_and_goes_on_from_the_last_good_step(
    pooled: tuple[Engine, WorkerPool],
) -> None:
    engine, _ = pooled
    session = engine.open(replace(FAST, learning_rate=10.0, l2=1.0))
    engine.start(session)
    wait_for(lambda: at_rest(session))
    assert session.status is Status.STOPPED
    assert "Training stopped at step" in session.message
    good = session.state.step
    engine.configure(session, replace(session.config, learning_rate=0.01, l2=0.0))
    engine.step(session)
    wait_for(lambda: at_rest(session))
    assert session.state.step == good + 1
    assert session.message == ""
    assert engine.view(session).curve.step[-1] == good + 1


def test_a_data_set_that_cannot_be_had_changes_nothing(
    manual: tuple[Engine, ManualExecutor, FakeClock],
) -> None:
    engine, executor, _ = manual
    session = engine.open(FAST)
    executor.run()
    engine.step(session)
    executor.run()
    before = engine.view(session)
    with pytest.raises(UserError):
        engine.configure(session, replace(FAST, dataset="folder:/nowhere/at/all"))
    after = engine.view(session)
    assert after.config == before.config
    assert same_bits(after.state, before.state)


def test_the_pens_drawing_is_newer_than_the_pages(
    manual: tuple[Engine, ManualExecutor, FakeClock],
) -> None:
    engine, _, clock = manual
    session = engine.open(FAST)
    live, late = np.full((56, 56), 1, np.uint8), np.full((56, 56), 2, np.uint8)
    engine.set_drawing(session, live, live=True)
    engine.set_drawing(session, late)
    assert session.drawing is live
    clock.now += 2
    engine.set_drawing(session, late)
    assert session.drawing is late


def test_asking_for_what_is_new_gives_only_that(pooled: tuple[Engine, WorkerPool]) -> None:
    engine, _ = pooled
    session = engine.open(FAST)
    engine.start(session)
    wait_for(lambda: at_rest(session))
    view = engine.view(session)
    known = int(view.curve.step[-3])
    newer = engine.view(session, view.generation, known)
    assert newer.curve.step.tolist() == view.curve.step[-3:].tolist()
    assert newer.curve_from == known
    everything = engine.view(session, view.generation - 1, known)
    assert everything.curve_from == 1


def test_closing_ends_the_workers() -> None:
    pool = WorkerPool(1)
    engine = Engine(lambda: pool, 1)
    session = engine.open(replace(FAST, epochs=200))
    engine.start(session)
    wait_for(lambda: session.state.step > 0)
    engine.close()
    assert not pool.worker_ids()
    engine.close()


def test_a_worker_computes_beside_the_runs_and_hands_errors_back(
    pooled: tuple[Engine, WorkerPool],
) -> None:
    engine, _ = pooled
    session = engine.open(TrainingConfig(dataset="digits", epochs=200))
    engine.start(session)
    assert engine.compute(divmod, 17, 5).result(timeout=30) == (3, 2)
    with pytest.raises(ZeroDivisionError):
        engine.compute(divmod, 1, 0).result(timeout=30)
    engine.drop(session)


def test_nothing_is_computed_once_the_engine_is_closed() -> None:
    made: list[ManualExecutor] = []

    def make() -> ManualExecutor:
        made.append(ManualExecutor())
        return made[-1]

    engine = Engine(make, 1)
    engine.close()
    with pytest.raises(RuntimeError, match="closed"):
        engine.compute(divmod, 17, 5)
    assert made == []


def test_an_evaluation_of_the_old_way_in_flight_is_made_anew(
    manual: tuple[Engine, ManualExecutor, FakeClock],
) -> None:
    engine, executor, _ = manual
    session = engine.open(FAST)  # its evaluation is on the way
    engine.configure(session, replace(FAST, pixels="raw"))
    executor.run()
    assert engine.view(session).evaluation is None
    executor.run()
    evaluation = engine.view(session).evaluation
    other = engine.open(replace(FAST, pixels="raw"))
    executor.run()
    assert evaluation == other.evaluation != None  # noqa: E711 -- and there is one


def test_a_view_tells_epoch_means_and_dead_classes(pooled: tuple[Engine, WorkerPool]) -> None:
    engine, _ = pooled
    config = TrainingConfig(
        dataset="digits",
        network="relu-softmax",
        bias="none",
        init="tiny-normal",
        learning_rate=5.0,
        batch_size=16,
        epochs=4,
    )
    session = engine.open(config)
    assert engine.view(session).dead == ()
    engine.start(session)
    wait_for(lambda: at_rest(session))
    view = engine.view(session)
    assert [means.epoch for means in view.epochs] == [1, 2, 3, 4]
    assert view.epochs[-1].step == view.state.step
    assert view.dead
    W = np.asarray(view.state.params["W"])
    images = open_dataset("digits").train_images.astype(np.float32)
    for dead in view.dead:
        assert (images @ W[:, dead.index] <= 0).all()
    engine.drop(session)


def test_going_on_from_a_stop_in_mid_run_keeps_the_marks_of_what_was_mended(
    pooled: tuple[Engine, WorkerPool],
) -> None:
    engine, _ = pooled
    broken = TrainingConfig(pixels="raw", softmax="naive", epochs=1)
    session = engine.open(broken)
    engine.start(session)
    wait_for(lambda: session.status is Status.STOPPED)
    assert session.state.stop is not None
    assert session.state.stop.fault is not None
    assert session.message == session.state.stop.reason
    engine.configure(session, replace(broken, pixels="scaled", softmax="stable"))
    engine.start(session)
    wait_for(lambda: session.status is Status.FINISHED)
    assert session.state.epoch == 1
    engine.drop(session)


def test_a_kept_step_measured_in_a_broken_way_is_measured_again_once_mended(
    pooled: tuple[Engine, WorkerPool],
) -> None:
    engine, _ = pooled
    config = TrainingConfig(init="unit-normal")
    session = engine.open(config)
    wait_for(lambda: session.evaluation is not None)
    right = session.evaluation
    engine.configure(session, replace(config, pixels="raw"))
    wait_for(lambda: session.evaluation is not None and session.evaluation != right)
    assert right is not None
    assert session.evaluation is not None
    assert session.evaluation.test_loss > 50 * right.test_loss
    engine.configure(session, config)
    wait_for(lambda: session.evaluation == right)
    engine.drop(session)
