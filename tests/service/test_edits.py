"""Weights changed by hand: measured at once, marked, undone, and never overrun by a slice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.explain import erased, swapped
from softmax_core.limits import MAX_EDIT_BYTES, MAX_EDITS
from softmax_core.nn import Params, predict_logits
from softmax_core.service import Session, Status
from softmax_core.service.edits import Edit, with_edit
from softmax_core.service.snapshots import bytes_of
from softmax_core.training import Budget, Samples, TrainingState, advance
from softmax_core.training.history import Mark
from softmax_core.training.start import build_network
from tests.service.by_hand import FAST, Manual, same_bits, work_off

NETWORK = build_network(FAST, 64, 10)


def trained(manual: Manual, n_steps: int = 40) -> Session:
    session = manual.engine.open(replace(FAST, epochs=1_000))
    manual.engine.steps(session, n_steps)
    work_off(manual.executor)
    assert session.state.step == n_steps
    return session


def swap(session: Session, a: int = 4, b: int = 9) -> Params:
    return swapped(NETWORK, session.state.params, a, b)


def measured(session: Session) -> float | None:
    """Return the test accuracy that pages show; None while there is none."""
    return None if session.evaluation is None else session.evaluation.test_accuracy


def accuracy_of(params: Params) -> float:
    dataset = open_dataset("digits")
    X = dataset.test_images.astype(np.float32) / 255
    right = predict_logits(NETWORK, params, X).argmax(axis=1) == dataset.test_labels
    return float(right.mean())


def test_an_edit_is_measured_at_its_step_and_marked(manual: Manual) -> None:
    engine, executor, _ = manual
    session = trained(manual)
    before = engine.view(session)
    engine.edit(session, swap(session), "swapped 4 and 9")
    view = engine.view(session)
    assert (view.edits, view.evaluation, view.shown_evaluation) == (1, None, None)
    assert view.generation > before.generation
    assert view.version > before.version
    work_off(executor)
    view = engine.view(session)
    assert view.state.step == 40
    assert view.shown is view.state
    assert view.shown_evaluation is not None
    assert view.shown_evaluation.step == 40
    assert view.shown_evaluation.test_accuracy == accuracy_of(view.state.params)
    assert before.shown_evaluation is not None
    assert view.shown_evaluation.test_accuracy < before.shown_evaluation.test_accuracy - 0.1
    assert view.marks == (Mark(40, "swapped 4 and 9"),)
    assert [e.step for e in view.evaluations] == [e.step for e in before.evaluations]
    engine.look_at(session, 40)
    assert same_bits(engine.view(session).shown, view.state)


def test_undo_brings_back_every_bit_one_edit_at_a_time(manual: Manual) -> None:
    engine, executor, _ = manual
    session = trained(manual)
    engine.configure(session, replace(session.config, momentum=0.9))
    engine.steps(session, 5)
    work_off(executor)
    first = engine.view(session)
    assert first.state.velocity
    engine.edit(session, swap(session), "one")
    second = session.state
    assert not second.velocity  # it was of the old weights
    region = np.zeros(64, np.bool_)
    region[:32] = True
    engine.edit(session, erased(NETWORK, session.state.params, 3, region), "two")
    work_off(executor)
    assert engine.view(session).edits == 2
    engine.undo_edit(session)
    assert same_bits(session.state, second)
    assert [mark.text for mark in engine.view(session).marks][-1] == "one"
    engine.undo_edit(session)
    work_off(executor)
    view = engine.view(session)
    assert view.edits == 0
    assert same_bits(view.state, first.state)
    assert view.state.velocity.keys() == first.state.velocity.keys()
    assert view.marks == first.marks
    assert view.evaluations == first.evaluations
    assert view.shown_evaluation == first.shown_evaluation
    engine.undo_edit(session)  # there is nothing left
    assert same_bits(session.state, first.state)


def test_training_goes_on_from_the_edited_weights_and_ends_the_undo(manual: Manual) -> None:
    engine, executor, _ = manual
    session = trained(manual)
    edited = replace(session.state, params=swap(session), previous=None)
    engine.edit(session, edited.params, "swap")
    work_off(executor)
    engine.steps(session, 3)
    assert engine.view(session).edits == 1
    work_off(executor)
    assert engine.view(session).edits == 0
    dataset = open_dataset("digits")
    samples = Samples(dataset.train_images, dataset.train_labels)
    expected, _ = advance(edited, session.config, samples, Budget(steps=3))
    assert same_bits(session.state, expected)
    engine.undo_edit(session)
    assert same_bits(session.state, expected)


def test_an_edit_while_training_throws_away_the_slice_and_is_measured_first(
    manual: Manual,
) -> None:
    engine, executor, _ = manual
    session = trained(manual)
    engine.start(session)
    params = swap(session)
    engine.edit(session, params, "swap")
    assert len(executor.waiting) == 1  # the slice of the old weights
    executor.run()
    assert session.state.step == 40
    assert session.status is Status.RUNNING
    np.testing.assert_array_equal(session.state.params["W"], params["W"])
    assert measured(session) is None
    executor.run()
    assert measured(session) == accuracy_of(params)
    assert (session.state.step, session.edits != ()) == (40, True)
    executor.run()
    assert session.state.step > 40
    assert session.edits == ()
    engine.look_at(session, 40)
    view = engine.view(session)
    np.testing.assert_array_equal(view.shown.params["W"], params["W"])
    assert view.shown_evaluation is not None
    assert view.shown_evaluation.test_accuracy == accuracy_of(params)


def test_of_edits_in_quick_succession_the_last_is_measured(manual: Manual) -> None:
    engine, executor, _ = manual
    session = trained(manual)
    for other in (1, 2, 3):
        engine.edit(session, swap(session, 0, other), f"swap {other}")
        assert len(executor.waiting) == 1
    executor.run()  # of the first edit, which is history
    assert measured(session) is None
    work_off(executor)
    assert measured(session) == accuracy_of(session.state.params)
    assert engine.view(session).edits == 3


def test_steps_thrown_away_by_an_edit_are_made_after_it(manual: Manual) -> None:
    engine, executor, _ = manual
    session = trained(manual)
    engine.steps(session, 3)
    engine.edit(session, swap(session), "swap")
    work_off(executor)
    assert (session.state.step, session.status) == (43, Status.IDLE)
    assert engine.view(session).marks[-1].step == 40


def test_an_edit_releases_the_pin_and_going_back_clears_the_undo(manual: Manual) -> None:
    engine, executor, _ = manual
    session = trained(manual)
    engine.look_at(session, 8)
    engine.edit(session, swap(session), "swap")
    assert not engine.view(session).pinned
    work_off(executor)
    engine.go_on_from(session, 8)
    view = engine.view(session)
    assert (view.edits, view.state.step) == (0, 8)
    engine.undo_edit(session)
    assert session.state.step == 8


@pytest.mark.parametrize("how", ["reset", "another seed"])
def test_another_run_has_no_edits(manual: Manual, how: str) -> None:
    engine, executor, _ = manual
    session = trained(manual)
    engine.edit(session, swap(session), "swap")
    config = session.config if how == "reset" else replace(session.config, seed=5)
    engine.configure(session, config, restart=True)
    assert engine.view(session).edits == 0
    work_off(executor)  # with the evaluation of the edit
    view = engine.view(session)
    assert view.evaluation is not None
    assert view.evaluation.test_accuracy == accuracy_of(view.state.params)
    assert view.marks == ()


def test_a_stopped_run_can_be_edited_and_goes_on(manual: Manual) -> None:
    engine, executor, _ = manual
    session = trained(manual, 5)
    engine.configure(session, replace(session.config, learning_rate=2.1, l2=1.0))
    engine.start(session)
    work_off(executor)
    assert session.status is Status.STOPPED
    good = session.state.step
    engine.edit(session, swap(session), "swap")
    work_off(executor)
    view = engine.view(session)
    assert (view.status, view.message) == (Status.IDLE, "")
    assert view.evaluation is not None
    assert view.evaluation.step == max(view.snapshot_steps) == good
    engine.undo_edit(session)
    work_off(executor)
    engine.configure(session, replace(session.config, learning_rate=0.1, l2=0.0))
    engine.step(session)
    work_off(executor)
    assert session.state.step == good + 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"W": np.zeros((10, 64))}, "edit-shape"),
        ({"W": np.full((64, 10), np.nan)}, "edit-finite"),
        ({"W": np.full((64, 10), 1e39)}, "edit-finite"),
        ({"b": np.full(10, -np.inf)}, "edit-finite"),
        ({"W2": np.zeros((64, 10))}, "edit-names"),
    ],
)
def test_what_is_no_model_is_refused_and_nothing_changed(
    manual: Manual, change: Params, code: str
) -> None:
    engine, executor, _ = manual
    session = trained(manual)
    before = engine.view(session)
    with pytest.raises(UserError, match="Nothing was changed") as refusal:
        engine.edit(session, session.state.params | change, "wrong")
    assert refusal.value.code == code
    assert engine.view(session).version == before.version
    assert session.state is before.state
    assert not executor.waiting


def test_edited_weights_are_float32_whatever_they_come_as(manual: Manual) -> None:
    engine, _, _ = manual
    session = trained(manual)
    wide = {name: array.astype(np.float64) for name, array in session.state.params.items()}
    engine.edit(session, wide, "the same")
    assert {array.dtype for array in session.state.params.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize(("n_bytes", "n_kept"), [(4, MAX_EDITS), (500_000, 4), (5_000_000, 1)])
def test_what_can_be_undone_is_bounded(n_bytes: int, n_kept: int) -> None:
    edits: tuple[Edit, ...] = ()
    for step in range(30):
        params = {"W": np.zeros(n_bytes // 4, np.float32)}
        edits = with_edit(edits, Edit(TrainingState(params, step=step), Mark(step, "")))
    assert [edit.mark.step for edit in edits] == list(range(30 - n_kept, 30))
    assert bytes_of(edit.before for edit in edits) <= MAX_EDIT_BYTES or n_kept == 1


def test_a_swap_in_a_network_with_a_hidden_layer_keeps_one_copy_of_it(manual: Manual) -> None:
    engine, _, _ = manual
    config = replace(FAST, network="mlp")
    network = build_network(config, 64, 10)
    session = engine.open(config)
    for other in range(1, 10):
        engine.edit(session, swapped(network, session.state.params, 0, other), "swap")
    states = [edit.before for edit in session.edits]
    assert len(states) == 9
    first, last = (sum(p.nbytes for n, p in states[0].params.items() if n[-1] == k) for k in "12")
    assert bytes_of(states) == first + 9 * last
