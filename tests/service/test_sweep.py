"""A sweep in the engine: the runs it promises, one party among others, and it can be left."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from softmax_core import limits
from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.service import Engine, Status, Sweep, WorkerPool, pacing
from softmax_core.service.pacing import DROP_AFTER, PAUSE_AFTER
from softmax_core.service.slices import SliceOrder
from softmax_core.service.sweep import Configs
from softmax_core.service.sweep_slices import SweepOrder
from softmax_core.training import Budget, Samples, TrainingConfig, evaluate
from softmax_core.training.layered import network_of
from softmax_core.training.sweep import grid_configs, sweep_configs
from softmax_core.training.sweep_board import Phase
from tests.service.by_hand import FAST, FakeClock, Manual, ManualExecutor, trained_inline, work_off
from tests.waiting import wait_for

ONE = replace(FAST, epochs=1)
RATES = (sweep_configs(ONE),)
FEW = (tuple(replace(ONE, learning_rate=rate, epochs=40) for rate in (0.01, 0.1, 1.0)),)
DIVERGING = replace(FAST, epochs=2, l2=1.0)


def started(manual: Manual, rows: tuple[Configs, ...] = FEW) -> Sweep:
    session = manual.engine.open(FAST)
    work_off(manual.executor)
    return manual.engine.start_sweep(session, rows)


def measured_alone(config: TrainingConfig) -> tuple[float, float]:
    """Return training loss and test accuracy of the same run by itself."""
    state = trained_inline(config, Budget(until_epoch=config.epochs))
    dataset = open_dataset(config.dataset)
    network = network_of(config, state.params)
    on_train = Samples(
        dataset.train_images, dataset.train_labels
    )  # fewer than are measured at most
    on_test = Samples(dataset.test_images, dataset.test_labels)
    loss, _ = evaluate(network, state.params, on_train, config)
    _, accuracy = evaluate(network, state.params, on_test, config)
    return loss, accuracy


def test_every_point_is_what_the_same_run_alone_comes_to(
    pooled: tuple[Engine, WorkerPool],
) -> None:
    engine, _ = pooled
    session = engine.open(FAST)
    sweep = engine.start_sweep(session, RATES)
    wait_for(lambda: sweep.status is Status.FINISHED)
    view = engine.sweep_view(sweep)
    assert view.board.loss.shape == view.board.accuracy.shape == (1, 32)
    assert (view.board.phase == Phase.DONE).all()
    assert (view.progress, view.message) == (1.0, "")
    for lane in (0, 8, 16, 20, 24):
        loss, accuracy = measured_alone(RATES[0][lane])
        assert view.board.loss[0, lane] == pytest.approx(loss, rel=1e-4)
        assert view.board.accuracy[0, lane] == pytest.approx(accuracy, abs=0.003)
    assert session.state.step == 0
    assert engine.sweep_of(session) is sweep


def test_a_map_has_a_row_for_each_batch_size_and_hidden_layers_are_swept_too(
    pooled: tuple[Engine, WorkerPool],
) -> None:
    engine, _ = pooled
    config = replace(ONE, network="mlp", hidden_units=4)
    rows = grid_configs(config, 1437)
    assert [row[0].batch_size for row in rows] == [8, 32, 128, 512, 1437]
    sweep = engine.start_sweep(engine.open(FAST), (rows[1][::4], rows[3][::4]))
    wait_for(lambda: sweep.status is Status.FINISHED)
    view = engine.sweep_view(sweep)
    for row, lane in ((0, 1), (1, 2), (1, 3)):
        loss, accuracy = measured_alone(sweep.rows[row][lane])
        assert view.board.loss[row, lane] == pytest.approx(loss, rel=1e-4)
        assert view.board.accuracy[row, lane] == pytest.approx(accuracy, abs=0.003)


def test_it_goes_on_through_killed_workers(pooled: tuple[Engine, WorkerPool]) -> None:
    engine, pool = pooled
    config = TrainingConfig(dataset="mnist-5k", batch_size=8, epochs=1)
    rows = (sweep_configs(config),)
    sweep = engine.start_sweep(engine.open(config), rows)
    wait_for(lambda: sweep.progress > 0.1)
    for pid in pool.worker_ids():
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: sweep.status is Status.FINISHED)
    again = engine.start_sweep(engine.open(config), rows)
    wait_for(lambda: again.status is Status.FINISHED)
    np.testing.assert_array_equal(sweep.board.loss, again.board.loss)
    np.testing.assert_array_equal(sweep.board.accuracy, again.board.accuracy)


def test_points_move_while_it_trains_and_progress_grows_to_one(manual: Manual) -> None:
    sweep = started(manual)
    seen: list[tuple[float, float]] = []
    versions = [sweep.version]
    while manual.executor.waiting:
        manual.clock.now += 1.0
        manual.executor.run()
        view = manual.engine.sweep_view(sweep)
        seen.append((view.progress, float(view.board.loss[0, 0])))
        versions.append(view.version)
        if view.status is Status.RUNNING:
            assert set(view.board.phase.ravel()) <= {Phase.WAITING, Phase.TRAINING}
    progress, loss = np.array(seen).T
    assert len(seen) > 2
    assert (np.diff(progress) > 0).all()
    assert progress[-1] == 1.0
    assert len(set(loss)) >= 2  # a busy machine makes few slices of it
    assert versions == sorted(set(versions))


def test_cancelled_it_keeps_whole_rows_and_forgets_half_ones(manual: Manual) -> None:
    rows = tuple(tuple(replace(c, batch_size=size) for c in FEW[0]) for size in (8, 512))
    sweep = started(manual, rows)
    while not (sweep.board.phase[1] == Phase.DONE).all():
        manual.executor.run()
    manual.clock.now += 1.0
    manual.executor.run()  # the second row has begun, small batches last
    manual.engine.cancel_sweep(sweep)
    view = manual.engine.sweep_view(sweep)
    assert view.status is Status.STOPPED
    assert "Cancelled" in view.message
    assert np.isfinite(view.board.loss[1]).all()
    assert np.isnan(view.board.loss[0]).all()
    assert (view.board.phase[0] == Phase.WAITING).all()
    before = view.version
    work_off(manual.executor)  # what was in flight is thrown away
    assert (sweep.version, sweep.status) == (before, Status.STOPPED)
    manual.engine.cancel_sweep(sweep)
    assert sweep.version == before


def test_what_diverges_has_no_figures(manual: Manual) -> None:
    rates = (0.1, 10.0)
    sweep = started(manual, (tuple(replace(DIVERGING, learning_rate=rate) for rate in rates),))
    work_off(manual.executor)
    view = manual.engine.sweep_view(sweep)
    assert view.status is Status.FINISHED
    assert view.board.phase.tolist() == [[Phase.DONE, Phase.DIVERGED]]
    assert np.isfinite([view.board.loss[0, 0], view.board.accuracy[0, 0]]).all()
    assert np.isnan([view.board.loss[0, 1], view.board.accuracy[0, 1]]).all()


def test_test_pictures_that_the_start_has_seen_measure_nothing(manual: Manual) -> None:
    config = TrainingConfig(dataset="mnist-5k", init="trained", batch_size=512, epochs=1)
    sweep = started(manual, ((config, replace(config, learning_rate=0.2)),))
    work_off(manual.executor)
    assert sweep.status is Status.FINISHED
    assert np.isfinite(sweep.board.loss).all()
    assert np.isnan(sweep.board.accuracy).all()


def test_it_is_one_party_beside_the_sessions(
    manual: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, executor, _ = manual
    sessions = [engine.open(replace(FAST, epochs=500)) for _ in range(5)]
    work_off(executor)
    for session in sessions:
        engine.start(session)
    engine.start_sweep(sessions[0], FEW)
    orders: list[SliceOrder | SweepOrder] = []
    submit = executor.submit

    def spy(fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        orders.append(args[0])
        return submit(fn, *args, **kwargs)

    monkeypatch.setattr(executor, "submit", spy)
    executor.run(3 * 6)
    assert [type(order) for order in orders] == ([SliceOrder] * 5 + [SweepOrder]) * 3
    assert {order.seconds for order in orders} == {pacing.slice_seconds(6, 1)}


def test_a_slice_that_took_far_too_long_sits_out_what_it_took(manual: Manual) -> None:
    engine, executor, clock = manual
    sweep = started(manual)
    other = engine.open(replace(FAST, epochs=500))
    engine.start(other)
    future, call = executor.waiting.pop(0)
    future.set_result(replace(call(), seconds=1.0))
    assert (sweep.waiting, sweep.in_flight) == (True, False)
    clock.now += 1.0
    wait_for(lambda: sweep.in_flight, 5)


def test_a_slice_that_fails_once_is_tried_again_and_twice_ends_it(manual: Manual) -> None:
    sweep = started(manual)
    executor = manual.executor
    executor.error = RuntimeError("lost")
    executor.run()
    executor.error = None
    executor.run()
    assert (sweep.failures, sweep.status) == (0, Status.RUNNING)
    executor.error = RuntimeError("lost")
    executor.run(2)
    executor.error = None
    assert sweep.status is Status.STOPPED
    assert "interrupted twice" in sweep.message
    assert not executor.waiting
    executor.error = UserError("gone", "The data set is gone.")
    again = manual.engine.start_sweep(sweep.session, FEW)
    executor.run()
    assert (again.status, again.message) == (Status.STOPPED, "The data set is gone.")


def test_a_broken_executor_is_replaced() -> None:
    made: list[ManualExecutor] = []

    def make() -> ManualExecutor:
        made.append(ManualExecutor())
        return made[-1]

    engine = Engine(make, 1, FakeClock())
    session = engine.open(FAST)
    work_off(made[0])
    sweep = engine.start_sweep(session, FEW)
    made[0].broken, made[0].error = True, BrokenExecutor()
    made[0].run()
    work_off(made[1])
    assert sweep.status is Status.FINISHED
    engine.close()


def test_it_ends_when_nobody_is_there_and_goes_with_its_session(manual: Manual) -> None:
    sweep = started(manual)
    engine, clock = manual.engine, manual.clock
    clock.now += PAUSE_AFTER - 1
    assert engine.find_sweep(sweep.token) is sweep  # somebody watches
    assert engine.find_sweep("no such token") is None
    clock.now += PAUSE_AFTER - 1
    engine._reap_sweeps()
    assert sweep.status is Status.RUNNING
    clock.now += 2
    engine._reap_sweeps()
    assert (sweep.status, "nobody" in sweep.message) == (Status.STOPPED, True)
    clock.now += DROP_AFTER
    engine._reap_sweeps()
    assert engine.sweep_of(sweep.session) is None
    other = engine.start_sweep(sweep.session, FEW)
    engine.drop(sweep.session)
    assert engine.find_sweep(other.token) is None
    assert other.status is Status.STOPPED


def test_a_new_sweep_takes_the_place_of_the_last(manual: Manual) -> None:
    sweep = started(manual)
    newer = manual.engine.start_sweep(sweep.session, RATES)
    assert manual.engine.sweep_of(sweep.session) is newer
    assert manual.engine.find_sweep(sweep.token) is None
    work_off(manual.executor)
    assert (sweep.status, newer.status) == (Status.STOPPED, Status.FINISHED)


@pytest.mark.parametrize(
    "rows",
    [
        (),
        ((),),
        (RATES[0] * (limits.MAX_SWEPT // 32 + 1),),
        ((ONE, replace(ONE, seed=1)),),
        ((ONE, replace(ONE, batch_size=8)),),
        ((ONE, ONE), (replace(ONE, batch_size=8),)),
    ],
)
def test_what_is_no_sweep_is_refused_and_the_last_one_kept(
    manual: Manual, rows: tuple[Configs, ...]
) -> None:
    sweep = started(manual)
    with pytest.raises(UserError) as caught:
        manual.engine.start_sweep(sweep.session, rows)
    assert caught.value.code == "sweep-runs"
    assert manual.engine.sweep_of(sweep.session) is sweep
    assert sweep.status is Status.RUNNING
