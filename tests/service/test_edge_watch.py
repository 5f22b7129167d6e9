"""The edge of a session: the numbers of ``measure_edge``, in a share of the workers' time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from softmax_core.limits import MAX_EPOCHS
from softmax_core.service.edge_commands import SHARE
from softmax_core.service.edge_slices import EdgeOrder, run_edge
from softmax_core.training.edge import measure_edge
from tests.service.by_hand import FAST, Manual, work_off


def test_at_rest_the_edge_of_the_weights_is_measured_once(manual: Manual) -> None:
    engine, executor, clock = manual
    session = engine.open(replace(FAST, learning_rate=0.1))
    work_off(executor)
    assert engine.view(session).edge is None
    engine.watch_edge(session)
    engine.watch_edge(session)
    assert len(executor.waiting) == 1
    version = session.version
    work_off(executor)
    expected = measure_edge(session.config, session.state.params).rate
    view = engine.view(session)
    assert view.edge == view.newest_edge == view.first_edge == pytest.approx(expected)
    assert (view.edges.steps.tolist(), view.edges.values.tolist()) == ([0], [view.edge])
    assert session.version > version
    clock.now += 100
    engine.watch_edge(session)
    assert not executor.waiting


def test_a_rate_changes_no_edge_but_momentum_does(manual: Manual) -> None:
    engine, executor, clock = manual
    session = engine.open(FAST)
    work_off(executor)
    engine.watch_edge(session)
    work_off(executor)
    before = engine.view(session).edge
    engine.configure(session, replace(session.config, learning_rate=3.0))
    assert engine.view(session).edge == before
    engine.configure(session, replace(session.config, momentum=0.5))
    assert engine.view(session).edge is None
    clock.now += 100
    engine.watch_edge(session)
    work_off(executor)
    assert engine.view(session).edge == pytest.approx(1.5 * (before or 0), rel=3e-3)


def test_the_start_comes_first_even_if_training_has_gone_on(manual: Manual) -> None:
    engine, executor, clock = manual
    session = engine.open(FAST)
    start = session.state.params
    work_off(executor)
    engine.steps(session, 20)
    work_off(executor)
    engine.watch_edge(session)
    work_off(executor)
    view = engine.view(session)
    assert view.first_edge == pytest.approx(measure_edge(FAST, start).rate)
    clock.now += 100
    engine.watch_edge(session)
    work_off(executor)
    view = engine.view(session)
    assert view.edges.steps.tolist() == [0, 20]
    expected = measure_edge(FAST, session.state.params).rate
    assert view.edge == pytest.approx(expected, rel=0.01)
    assert view.first_edge != view.edge


def test_while_training_it_waits_for_its_share_of_the_time(
    manual: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, executor, clock = manual
    session = engine.open(replace(FAST, epochs=MAX_EPOCHS))  # not done within a slice
    work_off(executor)

    def slow(order: EdgeOrder) -> object:
        return replace(run_edge(order), seconds=2.0)

    monkeypatch.setattr("softmax_core.service.edge_commands.run_edge", slow)
    engine.start(session)
    engine.watch_edge(session)
    executor.run(2)
    others = len(executor.waiting)
    clock.now += 2 / SHARE - 2 - 0.1
    engine.watch_edge(session)
    assert len(executor.waiting) == others
    clock.now += 0.2
    engine.watch_edge(session)
    assert len(executor.waiting) == others + 1


def test_a_snapshot_that_is_looked_at_has_its_own_edge(manual: Manual) -> None:
    engine, executor, clock = manual
    session = engine.open(FAST)
    work_off(executor)
    engine.steps(session, 40)
    work_off(executor)
    for _ in range(2):
        clock.now += 100
        engine.watch_edge(session)
        work_off(executor)
    newest = engine.view(session).edge
    engine.look_at(session, 4)
    clock.now += 100
    engine.watch_edge(session)
    work_off(executor)
    view = engine.view(session)
    assert view.edge == pytest.approx(measure_edge(FAST, view.shown.params).rate, rel=0.01)
    assert view.newest_edge == newest != view.edge
    assert view.edges.steps.tolist() == [0, 4, 40]


def test_going_back_forgets_later_edges_and_a_gone_run_has_none(manual: Manual) -> None:
    engine, executor, clock = manual
    session = engine.open(FAST)
    work_off(executor)
    engine.steps(session, 40)
    work_off(executor)
    for _ in range(2):
        clock.now += 100
        engine.watch_edge(session)
        work_off(executor)
    engine.go_on_from(session, 4)
    view = engine.view(session)
    assert view.newest_edge is None
    assert view.edges.steps.tolist() == [0]
    clock.now += 100
    engine.watch_edge(session)
    engine.reset(session)
    work_off(executor)
    assert engine.view(session).edge is None
    assert not len(engine.view(session).edges.steps)


def test_a_failure_is_no_edge_and_is_not_tried_again_at_once(manual: Manual) -> None:
    engine, executor, clock = manual
    session = engine.open(FAST)
    work_off(executor)
    engine.watch_edge(session)
    executor.error = RuntimeError("no edge")
    work_off(executor)
    executor.error = None
    clock.now += 10
    engine.watch_edge(session)
    assert not executor.waiting
    clock.now += 30
    engine.watch_edge(session)
    work_off(executor)
    assert engine.view(session).edge is not None


def test_updates_that_do_not_go_down_the_gradient_have_no_edge(manual: Manual) -> None:
    engine, executor, _ = manual
    session = engine.open(replace(FAST, gradient="true-class"))
    work_off(executor)
    engine.watch_edge(session)
    assert not executor.waiting


def test_the_last_update_of_each_slice_is_held_against_the_weights(manual: Manual) -> None:
    engine, executor, _ = manual
    session = engine.open(replace(FAST, init="small-normal", learning_rate=0.5))
    work_off(executor)
    for _ in range(3):
        engine.step(session)
        work_off(executor)
    view = engine.view(session)
    assert view.ratios.steps.tolist() == [1, 2, 3]
    assert all(0 < value < 10 for value in view.ratios.values)


def test_a_class_that_starts_at_once_is_measured_one_after_the_other(manual: Manual) -> None:
    engine, executor, clock = manual
    sessions = [engine.open(FAST) for _ in range(5)]
    work_off(executor)
    for _ in range(2):
        for session in sessions:
            engine.watch_edge(session)
    assert len(executor.waiting) == 1
    work_off(executor)
    for session in sessions:
        engine.start(session)
    clock.now += 1
    before = len(executor.waiting)
    for session in sessions:
        engine.watch_edge(session)
    assert len(executor.waiting) == before + 1  # at rest there was nobody to wait for


def test_while_several_train_all_edges_together_take_a_share(manual: Manual) -> None:
    engine, executor, clock = manual
    sessions = [engine.open(replace(FAST, epochs=500)) for _ in range(3)]
    work_off(executor)
    for session in sessions:
        engine.start(session)
    engine.watch_edge(sessions[0])
    executor.run(len(executor.waiting))
    took = sessions[0].edge.seconds
    assert took > 0
    before = len(executor.waiting)
    engine.watch_edge(sessions[1])
    assert len(executor.waiting) == before
    clock.now += took * (1 / SHARE - 1) * 1.01
    engine.watch_edge(sessions[2])
    assert len(executor.waiting) == before + 1
