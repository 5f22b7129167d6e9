"""A race in the engine: fair, exact, and nothing of it lost whatever happens to a worker."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from softmax_core.errors import UserError
from softmax_core.service import Engine, Race, RaceView, Status, WorkerPool, pacing
from softmax_core.service.pacing import DROP_AFTER, PAUSE_AFTER
from softmax_core.service.race_slices import RaceOrder
from softmax_core.service.slices import SliceOrder
from softmax_core.service.traffic import Traffic
from softmax_core.training import Budget, TrainingConfig
from tests.service.by_hand import (
    FAST,
    FakeClock,
    Manual,
    ManualExecutor,
    same_bits,
    trained_inline,
    work_off,
)
from tests.waiting import wait_for

N = 1437
RATES = tuple(replace(FAST, learning_rate=rate, epochs=2) for rate in (0.01, 0.1, 0.5))
ENDLESS = tuple(replace(config, epochs=500) for config in RATES)
DIVERGING = replace(RATES[0], learning_rate=10.0, l2=1.0)


def at_rest(race: Race) -> bool:
    return race.status is not Status.RUNNING and not race.in_flight


def has_seen(race: Race, examples: int) -> bool:
    return race.examples_seen >= examples


def opened(manual: Manual, configs: tuple[TrainingConfig, ...] = ENDLESS) -> Race:
    """Open a race and let the worker evaluate all first states."""
    race = manual.engine.open_race(configs, manual.engine.open(FAST))
    work_off(manual.executor)
    return race


def assert_alone(race: Race, config: TrainingConfig, lane: int) -> None:
    """Hold a lane to the same run in a session of its own."""
    found = race.lanes[lane].state
    bound = Budget(until_samples=race.examples_target)
    if not config.n_train:
        alone = trained_inline(config, bound)
        assert (alone.step, alone.samples_seen) == (found.step, found.samples_seen)
        for name, array in alone.params.items():
            np.testing.assert_allclose(found.params[name], array, atol=1e-5)


def assert_same_curves(one: RaceView, other: RaceView) -> None:
    for lane, again in zip(one.lanes, other.lanes, strict=True):
        assert same_bits(lane.state, again.state)
        for column, same in zip(lane.curve, again.curve, strict=True):
            np.testing.assert_array_equal(column, same)


def test_each_lane_ends_as_the_same_run_alone_and_a_reset_gives_the_same_curves_again(
    pooled: tuple[Engine, WorkerPool],
) -> None:
    engine, _ = pooled
    configs = (
        *RATES,
        replace(RATES[0], momentum=0.9),
        replace(RATES[0], batch_size=50),
        replace(RATES[0], network="mlp", hidden_units=8),
    )
    session = engine.open(FAST)
    race = engine.open_race(configs, session)
    views = []
    for _ in range(2):
        engine.start_race(race)
        wait_for(lambda: at_rest(race))
        views.append(engine.race_view(race))
        assert (race.status, race.message) == (Status.FINISHED, "")
        assert {lane.state.samples_seen for lane in race.lanes} == {2 * N}
        for lane, config in enumerate(configs):
            assert_alone(race, config, lane)
        assert session.state.step == 0
        engine.reset_race(race)
        assert race.examples_seen == 0
        assert not any(len(lane.curve.step) for lane in engine.race_view(race).lanes)
    assert_same_curves(*views)
    assert views[0].generation < views[1].generation
    alone = engine.open(configs[0])
    engine.start(alone)
    wait_for(lambda: alone.status is Status.FINISHED)
    curve = engine.view(alone).curve
    np.testing.assert_allclose(views[0].lanes[0].curve.mean, curve.mean, rtol=1e-4)
    engine.drop_race(race)


def test_it_goes_on_through_killed_workers_and_ends_with_the_same_weights(
    pooled: tuple[Engine, WorkerPool],
) -> None:
    engine, pool = pooled
    config = TrainingConfig(dataset="mnist-5k", batch_size=4, epochs=3)
    configs = (config, replace(config, learning_rate=0.01), replace(config, batch_size=16))
    race = engine.open_race(configs, engine.open(config))
    engine.start_race(race)
    for kills in range(1, 4):
        wait_for(partial(has_seen, race, 2_000 * kills))
        for pid in pool.worker_ids():
            os.kill(pid, signal.SIGKILL)
        wait_for(partial(has_seen, race, race.examples_seen + 1))
    wait_for(lambda: at_rest(race))
    assert race.status is Status.FINISHED
    undisturbed = engine.open_race(configs, race.session)
    engine.start_race(undisturbed)
    wait_for(lambda: at_rest(undisturbed))
    assert_same_curves(engine.race_view(race), engine.race_view(undisturbed))
    for lane, own in enumerate(configs):
        assert_alone(race, own, lane)


def test_a_diverged_lane_stops_alone_with_its_sentence(pooled: tuple[Engine, WorkerPool]) -> None:
    engine, _ = pooled
    race = engine.open_race((RATES[1], DIVERGING, RATES[2]), engine.open(FAST))
    engine.start_race(race)
    wait_for(lambda: at_rest(race))
    fine, stopped, other = engine.race_view(race).lanes
    assert race.status is Status.FINISHED
    assert (fine.samples_seen, other.samples_seen) == (2 * N, 2 * N)
    assert (fine.stop_text, other.stop_text) == ("", "")
    expected = trained_inline(DIVERGING, Budget(until_epoch=2))
    assert expected.stop is not None
    assert stopped.state.step == expected.step < fine.state.step
    assert stopped.stop_text == expected.stop.reason.replace(" and press Train", "")
    assert stopped.stop_text.startswith(f"Training stopped at step {expected.stop.step}: ")
    assert "Train." not in stopped.stop_text
    assert_alone(race, RATES[1], 0)
    assert_alone(race, RATES[2], 2)
    engine.start_race(race)  # as many epochs again: the stopped lane stays where it is
    wait_for(lambda: at_rest(race))
    again = engine.race_view(race)
    assert [lane.samples_seen for lane in again.lanes] == [4 * N, stopped.samples_seen, 4 * N]
    assert again.lanes[1].stop_text == stopped.stop_text


def test_it_is_over_when_all_lanes_have_stopped_until_it_is_reset(manual: Manual) -> None:
    race = opened(manual, (DIVERGING, replace(DIVERGING, seed=1)))
    manual.engine.start_race(race)
    work_off(manual.executor)
    assert race.status is Status.STOPPED
    assert "Every lane had to stop" in race.message
    for command in (manual.engine.start_race, manual.engine.step_race):
        command(race)
        assert not manual.executor.waiting
        assert race.status is Status.STOPPED
    manual.engine.reset_race(race)
    assert (race.status, race.message, race.examples_seen) == (Status.IDLE, "", 0)


def test_all_lanes_pause_and_step_together(manual: Manual) -> None:
    engine, executor, _ = manual
    configs = (*ENDLESS, replace(ENDLESS[0], batch_size=96))
    race = opened(manual, configs)
    for presses in (1, 3):
        engine.reset_race(race)
        work_off(executor)
        for _ in range(presses):
            engine.step_race(race)
        work_off(executor)
        assert [lane.state.step for lane in race.lanes] == [3 * presses] * 3 + [presses]
        assert race.status is Status.IDLE
        assert race.is_measured
    engine.start_race(race)
    executor.run()
    engine.pause_race(race)
    executor.run()  # the slice in flight still counts
    work_off(executor)  # the evaluation of where it rests
    assert race.status is Status.IDLE
    assert race.is_measured
    seen = [lane.state.samples_seen for lane in race.lanes]
    assert max(seen) - min(seen) < 96
    engine.start_race(race)
    executor.run()
    engine.step_race(race)
    executor.run()  # the slice in flight
    before = race.examples_seen
    work_off(executor)
    now = {lane.state.samples_seen for lane in race.lanes}
    assert now == {race.examples_seen}  # a round, or what was left of one
    assert 0 < race.examples_seen - before <= 96


def test_a_race_never_has_two_slices_in_flight(manual: Manual) -> None:
    race = manual.engine.open_race(ENDLESS, manual.engine.open(FAST))
    manual.executor.run()  # the session's evaluation
    engine = manual.engine
    for command in (engine.start_race, engine.pause_race, engine.step_race, engine.reset_race):
        command(race)
        assert len(manual.executor.waiting) == 1
    executor = manual.executor
    executor.run()
    assert race.examples_seen == 0  # a slice of the start before
    work_off(executor)
    assert race.is_measured


def test_a_race_is_one_party_beside_the_sessions(
    manual: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, executor, _ = manual
    race = opened(manual, ENDLESS * 4)
    sessions = [engine.open(replace(FAST, epochs=500)) for _ in range(5)]
    work_off(executor)
    for session in sessions:
        engine.start(session)
    engine.start_race(race)
    orders = list[Any]()
    submit = executor.submit

    def spy(fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        orders.append(args[0])
        return submit(fn, *args, **kwargs)

    monkeypatch.setattr(executor, "submit", spy)
    # On a busy machine a slice overruns its time and sits out: another test's matter.
    monkeypatch.setattr(Traffic, "time_out", lambda *_: 0.0)
    for _ in range(3 * 6):
        executor.run()
    kinds = [type(order) for order in orders]
    assert kinds == ([SliceOrder] * 5 + [RaceOrder]) * 3
    assert {order.seconds for order in orders} == {pacing.slice_seconds(6, 1)}


def test_a_round_that_took_far_too_long_sits_out_what_it_took(manual: Manual) -> None:
    engine, executor, clock = manual
    race, session = opened(manual), engine.open(replace(FAST, epochs=500))
    work_off(executor)
    engine.start_race(race)
    engine.start(session)
    future, call = executor.waiting.pop(0)
    future.set_result(replace(call(), seconds=1.0))
    assert (race.waiting, session.waiting) == (True, False)
    clock.now += 0.5
    executor.run()
    assert race.waiting
    clock.now += 0.5
    wait_for(lambda: race.in_flight, 5)


def test_a_slice_that_fails_once_is_tried_again_and_twice_stops_the_race(manual: Manual) -> None:
    engine, executor, _ = manual
    race = opened(manual)
    engine.start_race(race)
    executor.error = RuntimeError("lost")
    executor.run()
    executor.error = None
    assert race.failures == 1
    executor.run()
    assert race.failures == 0
    before = [lane.state for lane in race.lanes]
    assert before[0].step > 0
    executor.error = RuntimeError("lost")
    executor.run(2)
    executor.error = None
    assert race.status is Status.STOPPED
    assert "interrupted twice" in race.message
    assert [lane.state for lane in race.lanes] == before
    engine.start_race(race)
    executor.run()
    assert race.lanes[0].state.step > before[0].step


def test_an_evaluation_that_keeps_failing_is_not_tried_for_ever(manual: Manual) -> None:
    executor = manual.executor
    race = manual.engine.open_race(ENDLESS, manual.engine.open(FAST))
    executor.error = RuntimeError("lost")
    work_off(executor)
    assert race.status is Status.IDLE
    executor.error = None
    manual.engine.step_race(race)
    work_off(executor)
    assert race.is_measured


def test_a_broken_executor_is_replaced_and_the_same_states_queued_again() -> None:
    made: list[ManualExecutor] = []

    def make() -> ManualExecutor:
        made.append(ManualExecutor())
        return made[-1]

    engine = Engine(make, 1, FakeClock())
    race = engine.open_race(ENDLESS, engine.open(FAST))
    work_off(made[0])
    engine.start_race(race)
    made[0].broken, made[0].error = True, BrokenExecutor()
    made[0].run()
    assert len(made) == 2
    made[1].run()
    assert race.lanes[0].state.step > 0
    engine.close()


def test_lanes_of_less_data_see_as_many_examples(manual: Manual) -> None:
    configs = (RATES[1], replace(RATES[1], n_train=100), replace(RATES[1], n_train=N))
    race = opened(manual, configs)
    manual.engine.start_race(race)
    work_off(manual.executor)
    view = manual.engine.race_view(race)
    assert (view.n_samples, view.examples_target, view.examples_seen) == (N, 2 * N, 2 * N)
    assert [lane.n_samples for lane in view.lanes] == [N, 100, N]
    assert 0 <= view.lanes[1].samples_seen - 2 * N < 32
    assert view.lanes[1].state.epoch == 28
    assert view.lanes[1].epoch_fraction == pytest.approx(0.96)  # 96 of 100
    few = manual.engine.open(replace(RATES[1], n_train=100))
    assert (few.n_samples, few.steps_per_epoch) == (100, 4)
    manual.engine.steps(few, view.lanes[1].state.step)
    work_off(manual.executor)
    assert same_bits(few.state, view.lanes[1].state)


def test_a_page_that_asks_for_what_is_new_gets_the_whole_in_the_end(manual: Manual) -> None:
    engine, executor, _ = manual
    configs = (*RATES[:2], replace(RATES[0], batch_size=8), DIVERGING)
    race = opened(manual, tuple(replace(config, epochs=9) for config in configs))
    engine.start_race(race)
    generation, seen, news = -1, 0, list[int]()
    kept: list[dict[int, float]] = [{} for _ in configs]
    while executor.waiting:
        executor.run()
        view = engine.race_view(race, generation, seen)
        for lane, own in enumerate(view.lanes):
            old = kept[lane] if view.generation == generation else {}
            kept[lane] = {step: loss for step, loss in old.items() if step < own.curve_from}
            kept[lane] |= dict(zip(own.curve.step.tolist(), own.curve.mean.tolist(), strict=True))
        news.append(len(view.lanes[0].curve.step))
        generation, seen = view.generation, view.examples_seen
    whole = engine.race_view(race)
    for lane, own in enumerate(whole.lanes):
        expected = dict(zip(own.curve.step.tolist(), own.curve.mean.tolist(), strict=True))
        assert kept[lane] == expected
        assert own.curve_from == 1
    assert sum(news) < 3 * 9 * 45
    assert len(engine.race_view(race, generation, seen).lanes[0].curve.step) <= 1


def test_what_is_drawn_for_the_run_is_drawn_for_the_race(manual: Manual) -> None:
    race = opened(manual)
    ink = np.full((56, 56), 7, np.uint8)
    version = manual.engine.race_view(race).version
    manual.engine.set_drawing(race.session, ink)
    view = manual.engine.race_view(race)
    assert view.version > version
    assert view.drawing is ink
    manual.engine.set_test_picture(race.session, 3)
    view = manual.engine.race_view(race)
    assert (view.drawing, view.test_picture) == (None, 3)


def test_a_race_nobody_watches_is_paused_and_dropped_only_with_its_browser(
    manual: Manual,
) -> None:
    engine, executor, clock = manual
    race = opened(manual)
    session = race.session
    engine.start_race(race)
    clock.now += PAUSE_AFTER + 1
    assert engine.find(session.token) is session
    wait_for(lambda: race.status is Status.IDLE, 5)
    assert "nobody was watching" in race.message
    assert "Start" in race.message
    work_off(executor)
    clock.now += DROP_AFTER - 10  # the page of the run was open all the time
    assert engine.find(session.token) is session
    clock.now += DROP_AFTER - 10
    assert engine.find_race(race.token) is race  # and now the race's
    clock.now += DROP_AFTER - 10
    assert engine.find(session.token) is session
    clock.now += DROP_AFTER + 1
    wait_for(lambda: not engine.races() and not engine.sessions(), 5)
    assert engine.find_race(race.token) is None


def test_a_pace_holds_back_all_lanes(manual: Manual) -> None:
    engine, executor, clock = manual
    race = opened(manual, (*ENDLESS, replace(ENDLESS[0], batch_size=64)))
    engine.set_race_pace(race, 20 * 64 / N)  # 20 rounds a second
    engine.start_race(race)
    executor.run()
    assert not executor.waiting  # held back
    made = [race.lanes[3].state.step]
    clock.now += 0.11
    wait_for(lambda: len(executor.waiting) == 1, 5)
    executor.run()
    made.append(race.lanes[3].state.step)
    assert made == [2, 4]
    assert race.lanes[0].state.step == 8


def test_other_settings_begin_anew_and_more_epochs_do_not(manual: Manual) -> None:
    engine, executor, _ = manual
    race = opened(manual, RATES)
    engine.start_race(race)
    work_off(executor)
    states = [lane.state for lane in race.lanes]
    engine.configure_race(race, [lane.config for lane in race.lanes])
    assert race.status is Status.FINISHED
    engine.configure_race(race, [replace(config, epochs=3) for config in RATES])
    assert [lane.state for lane in race.lanes] == states
    assert race.examples_target == 3 * N
    engine.start_race(race)
    work_off(executor)
    assert race.examples_seen == 3 * N
    generation = race.generation
    engine.configure_race(race, RATES[:2])
    assert (race.status, race.examples_seen, len(race.lanes)) == (Status.IDLE, 0, 2)
    assert race.generation > generation
    assert race.examples_target == 2 * N


@pytest.mark.parametrize(
    ("configs", "words"),
    [
        ((), "1 to 64 lanes; these are 0"),
        ((FAST,) * 65, "these are 65"),
        ((FAST, replace(FAST, dataset="mnist-5k")), "the same data set"),
        ((FAST, replace(FAST, epochs=7)), "as many epochs"),
        ((replace(FAST, dataset="folder:/nowhere/at/all"),) * 2, "The folder all has no"),
    ],
)
def test_lanes_that_cannot_race_are_refused_and_the_race_kept(
    manual: Manual, configs: tuple[TrainingConfig, ...], words: str
) -> None:
    race = opened(manual)
    manual.engine.step_race(race)
    work_off(manual.executor)
    before = manual.engine.race_view(race)
    with pytest.raises(UserError, match=words):
        manual.engine.configure_race(race, configs)
    after = manual.engine.race_view(race)
    assert after.version == before.version
    assert_same_curves(before, after)
    with pytest.raises(UserError, match=words):
        manual.engine.open_race(configs, race.session)
    assert manual.engine.races() == [race]


def test_a_dropped_race_takes_nothing_more(manual: Manual) -> None:
    engine, executor, _ = manual
    race = opened(manual)
    engine.start_race(race)
    engine.drop_race(race)
    work_off(executor)
    assert race.examples_seen == 0
    assert engine.races() == []


def test_lanes_that_take_long_to_evaluate_are_evaluated_less_often(manual: Manual) -> None:
    engine, executor, clock = manual
    race = opened(manual)
    engine.set_race_pace(race, 10 * 32 / N)  # a round a slice
    engine.start_race(race)
    at = []
    for _ in range(40):
        clock.now += 0.11
        wait_for(lambda: len(executor.waiting) == 1, 5)
        future, call = executor.waiting.pop(0)
        result = call()
        if result.evaluation_seconds:
            result = replace(result, evaluation_seconds=0.25)
            at.append(race.lanes[0].state.step + 1)
        future.set_result(result)
    later = [step for step in at if step & (step - 1)]
    assert 1 <= len(later) <= 2
    assert all(b - a >= 4 * 0.25 / 0.11 for a, b in pairwise(at) if b in later)


def test_it_is_evaluated_twice_a_second_while_it_runs(manual: Manual) -> None:
    engine, executor, clock = manual
    race = opened(manual)
    engine.set_race_pace(race, 10 * 32 / N)  # a round a slice
    engine.start_race(race)
    asked = []
    for _ in range(40):
        clock.now += 0.11
        wait_for(lambda: len(executor.waiting) == 1, 5)
        executor.run()
        asked.append(race.lanes[0].history.evaluations[-1].step)
    # By itself after 1, 2, 4, ... rounds; between these half a second after the last one.
    gaps = {later: later - step for step, later in pairwise(sorted(set(asked)))}
    assert max(gaps.values()) <= 6
    assert all(gap >= 5 for step, gap in gaps.items() if step & (step - 1))
    assert sum(1 for step in gaps if step & (step - 1)) >= 4
    assert all(lane.history.evaluations[-1].step in asked for lane in race.lanes)
