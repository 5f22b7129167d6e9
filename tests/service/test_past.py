"""The past of a run: what it shows is what was, and going back gives the same future."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.nn import cross_entropy, predict_logits
from softmax_core.service import Engine, Session, Status, WorkerPool
from softmax_core.training import Budget, TrainingConfig
from softmax_core.training.start import build_network
from tests.service.by_hand import FAST, Manual, at_rest, same_bits, trained_inline, work_off
from tests.waiting import wait_for

MOMENTUM = replace(FAST, network="mlp", hidden_units=16, momentum=0.9)


def train(manual: Manual, session: Session, n_steps: int) -> None:
    """Make so many steps and come to rest, measured."""
    manual.engine.steps(session, n_steps)
    work_off(manual.executor)


def trained(manual: Manual, n_steps: int, config: TrainingConfig = FAST) -> Session:
    """Return a run of so many steps that has more to do."""
    session = manual.engine.open(replace(config, epochs=1_000))
    work_off(manual.executor)
    train(manual, session, n_steps)
    assert session.state.step == n_steps
    return session


def finish(engine: Engine, session: Session) -> None:
    engine.start(session)
    wait_for(partial(at_rest, session))


@pytest.mark.parametrize("config", [FAST, MOMENTUM])
def test_a_snapshot_has_the_weights_of_its_step_and_the_figures_of_its_curve(
    pooled: tuple[Engine, WorkerPool], config: TrainingConfig
) -> None:
    engine, _ = pooled
    session = engine.open(config)
    wait_for(partial(at_rest, session))
    finish(engine, session)
    view = engine.view(session)
    assert view.snapshot_steps[0] == 0
    assert view.snapshot_steps[-1] == view.state.step
    assert {1, 2, 4, 8, 16, 32, 64} <= set(view.snapshot_steps)
    curve = {evaluation.step: evaluation for evaluation in view.evaluations}
    test_set = open_dataset("digits")
    X, labels = test_set.test_images.astype(np.float32) / 255, test_set.test_labels
    network = build_network(config, X.shape[1], 10)
    for step in view.snapshot_steps:
        engine.look_at(session, step)
        view = engine.view(session)
        assert view.pinned
        assert view.shown.step == step
        assert same_bits(view.shown, trained_inline(config, Budget(until_step=step)))
        assert view.shown_evaluation == curve[step]
        logits = predict_logits(network, view.shown.params, X)
        right = int((logits.argmax(axis=1) == labels).sum())
        assert curve[step].test_accuracy == right / len(labels)
        assert curve[step].test_loss == pytest.approx(cross_entropy(logits, labels), rel=1e-5)
        assert view.shown.previous is None
        assert view.shown.doubt is None
    engine.drop(session)


def test_figures_of_snapshots_stay_on_the_curve_however_long_it_is(
    pooled: tuple[Engine, WorkerPool],
) -> None:
    engine, _ = pooled
    session = engine.open(TrainingConfig(dataset="digits", batch_size=1000, epochs=700))
    finish(engine, session)
    view = engine.view(session)
    assert len(view.evaluations) < 700  # thinned
    curve = {evaluation.step: evaluation for evaluation in view.evaluations}
    for step in view.snapshot_steps:
        engine.look_at(session, step)
        assert engine.view(session).shown_evaluation == curve[step]
    engine.drop(session)


def test_training_goes_on_behind_what_is_looked_at(manual: Manual) -> None:
    engine, executor, _ = manual
    session = trained(manual, 40)
    engine.start(session)
    version = session.version
    engine.look_at(session, 5)
    assert session.version > version
    executor.run(3)
    view = engine.view(session)
    assert (view.pinned, view.shown.step) == (True, 4)
    assert view.state.step > 40
    assert view.config == view.shown_config
    assert view.evaluation != view.shown_evaluation
    engine.look_at(session, None)
    view = engine.view(session)
    assert not view.pinned
    assert view.shown is view.state
    assert view.shown_evaluation == view.evaluation


def test_what_is_looked_at_outlasts_all_thinning(manual: Manual) -> None:
    engine, _, _ = manual
    session, other = trained(manual, 200), trained(manual, 200)
    for _ in range(3):
        train(manual, session, 1)
        train(manual, other, 1)
    engine.look_at(session, 201)
    shown = engine.view(session).shown
    for _ in range(100):
        train(manual, session, 3)
        train(manual, other, 3)
    view = engine.view(session)
    assert len(view.snapshot_steps) == 60
    assert view.shown is shown
    assert 201 in view.snapshot_steps
    assert 201 not in engine.view(other).snapshot_steps


def test_nothing_new_is_shown_when_the_same_step_is_chosen_again(manual: Manual) -> None:
    engine, _, _ = manual
    session = engine.open(FAST)
    engine.look_at(session, None)
    version = session.version
    assert version == engine.view(session).version
    engine.look_at(session, 7)
    assert engine.view(session).shown.step == 0
    assert engine.view(session).shown_evaluation is None  # it has not come yet
    version = session.version
    engine.look_at(session, 0)
    assert session.version == version


@pytest.mark.parametrize("change", ["reset", "configure", "load"])
def test_another_run_has_neither_pin_nor_past(manual: Manual, change: str) -> None:
    engine, executor, _ = manual
    session = trained(manual, 20)
    engine.start(session)
    engine.look_at(session, 2)
    session.asides["judged"] = (None, None)
    state = session.state
    if change == "load":
        engine.load(session, FAST, state)
    elif change == "configure":
        engine.configure(session, replace(FAST, seed=5))
    else:
        engine.reset(session)
    view = engine.view(session)
    assert not view.pinned
    assert view.shown is view.state
    assert view.snapshot_steps == (state.step if change == "load" else 0,)
    assert session.asides == {}
    work_off(executor)  # the old run's slice among them
    view = engine.view(session)
    assert view.snapshot_steps == (view.state.step,)
    assert view.shown_evaluation == view.evaluation != None  # noqa: E711 -- and it has come


def test_other_settings_of_the_same_run_release_nothing(manual: Manual) -> None:
    engine, executor, _ = manual
    session = trained(manual, 20)
    engine.start(session)
    engine.look_at(session, 2)
    engine.configure(session, replace(session.config, learning_rate=0.5))
    executor.run(2)
    view = engine.view(session)
    assert (view.pinned, view.shown.step) == (True, 2)
    assert view.shown_config.learning_rate == 0.1


@pytest.mark.parametrize("config", [FAST, MOMENTUM, replace(FAST, network="relu-softmax")])
@pytest.mark.parametrize("step", [0, 8, 64, 90])
def test_going_on_from_a_snapshot_gives_the_same_future(
    pooled: tuple[Engine, WorkerPool], config: TrainingConfig, step: int
) -> None:
    engine, _ = pooled
    session = engine.open(config)
    finish(engine, session)
    first = engine.view(session)
    engine.look_at(session, step)
    there = engine.view(session).shown
    engine.go_on_from(session, step)
    view = engine.view(session)
    assert same_bits(view.state, there)
    assert not view.pinned
    assert view.snapshot_steps[-1] == there.step
    assert view.status is Status.IDLE
    assert not len(view.curve.step[view.curve.step > there.step])
    finish(engine, session)
    again = engine.view(session)
    assert same_bits(again.state, first.state)
    assert again.state.velocity.keys() == first.state.velocity.keys()
    for name, array in first.state.velocity.items():
        np.testing.assert_array_equal(again.state.velocity[name], array)
    for one, other in zip(first.curve, again.curve, strict=True):
        np.testing.assert_array_equal(one, other)
    always = {1, 2, 4, 8, 16, 32, 64, 128, 256, *range(45, 271, 45)}
    assert [e for e in first.evaluations if e.step in always] == [
        e for e in again.evaluations if e.step in always
    ]
    engine.drop(session)


def test_a_slice_in_flight_cannot_undo_going_back(manual: Manual) -> None:
    engine, executor, _ = manual
    session = trained(manual, 20)
    engine.start(session)
    assert len(executor.waiting) == 1
    engine.go_on_from(session, 8)
    executor.run()
    assert session.state.step == 8
    assert session.status is Status.IDLE
    assert not executor.waiting  # it is measured already
    assert same_bits(session.state, trained_inline(FAST, Budget(until_step=8)))
    assert engine.view(session).snapshot_steps == (0, 1, 2, 4, 8)


def test_a_run_that_was_done_can_be_gone_back_into_and_done_again(manual: Manual) -> None:
    engine, executor, _ = manual
    session = engine.open(replace(FAST, epochs=1))
    executor.run()
    for _ in range(2):
        engine.start(session)
        work_off(executor)
    assert session.epochs_target == 2
    engine.go_on_from(session, 16)
    assert (session.state.step, session.epochs_target) == (16, 1)
    engine.start(session)
    work_off(executor)
    assert (session.status, session.state.epoch) == (Status.FINISHED, 1)


def test_settings_changed_since_are_marked_where_they_count_from_now_on(manual: Manual) -> None:
    engine, _, _ = manual
    session = trained(manual, 20)
    engine.configure(session, replace(session.config, learning_rate=0.5))
    train(manual, session, 20)
    assert engine.view(session).marks == ((20, "rate 0.1 → 0.5"),)
    engine.go_on_from(session, 16)
    assert engine.view(session).marks == ()
    train(manual, session, 1)
    assert engine.view(session).marks == ((16, "rate 0.1 → 0.5"),)


def test_a_change_at_the_very_step_gone_back_to_is_marked_once_if_it_still_holds(
    manual: Manual,
) -> None:
    engine, _, _ = manual
    session = trained(manual, 16)
    engine.configure(session, replace(session.config, learning_rate=0.5))
    train(manual, session, 4)
    engine.go_on_from(session, 16)
    train(manual, session, 4)
    assert engine.view(session).marks == ((16, "rate 0.1 → 0.5"),)
    engine.configure(session, replace(session.config, learning_rate=0.1))
    engine.go_on_from(session, 16)
    train(manual, session, 4)
    assert engine.view(session).marks == ()


def test_the_mark_of_an_edit_stays_with_what_came_of_it(manual: Manual) -> None:
    engine, executor, _ = manual
    session = trained(manual, 16)
    engine.edit(session, session.state.params, "edited")
    work_off(executor)
    train(manual, session, 4)
    engine.go_on_from(session, 16)
    assert engine.view(session).marks == ((16, "edited"),)
    engine.go_on_from(session, 8)
    assert engine.view(session).marks == ()


def test_a_snapshot_measured_in_another_way_is_measured_as_it_is_now(manual: Manual) -> None:
    engine, executor, _ = manual
    session = engine.open(FAST)
    executor.run()
    engine.step(session)
    work_off(executor)
    engine.configure(session, replace(FAST, pixels="raw"))
    work_off(executor)
    engine.look_at(session, 0)
    view = engine.view(session)
    assert view.shown_config.pixels == "scaled"
    scaled = view.shown_evaluation
    engine.go_on_from(session, 0)
    assert session.evaluation is None
    work_off(executor)
    view = engine.view(session)
    assert view.shown_config.pixels == "raw"
    assert scaled is not None
    assert view.shown_evaluation is not None
    assert view.shown_evaluation.test_loss != scaled.test_loss


def test_what_a_run_gave_up_cannot_be_looked_at(manual: Manual) -> None:
    engine, executor, _ = manual
    session = trained(manual, 5)
    engine.configure(session, replace(session.config, learning_rate=2.1, l2=1.0))
    engine.start(session)
    work_off(executor)
    assert session.status is Status.STOPPED
    good = session.state.step
    engine.look_at(session, 10**6)
    assert engine.view(session).shown.step > good
    engine.configure(session, replace(session.config, learning_rate=0.1, l2=0.0))
    train(manual, session, 1)
    view = engine.view(session)
    assert not view.pinned
    assert view.state.step == max(view.snapshot_steps) == good + 1


def test_what_is_rewound_cannot_be_looked_at(manual: Manual) -> None:
    engine, _, _ = manual
    session = trained(manual, 90, replace(FAST, learning_rate=2.1, l2=1.0))
    doubt = session.state.doubt
    assert doubt is not None
    engine.look_at(session, 64)
    assert engine.view(session).shown.step == 64
    engine.rewind(session)
    view = engine.view(session)
    assert view.state.step == doubt.before.step < 64
    assert not view.pinned
    assert max(view.snapshot_steps) <= view.state.step
