"""Drawings that join a run's training data: the run goes on, counted and marked rightly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.service import Session, Status
from softmax_core.training import Budget, Samples, TrainingConfig, advance
from softmax_core.training.start import first_state
from softmax_core.training.taught import Taught, n_train_samples, with_taught
from tests.service.by_hand import FAST, Manual, same_bits, work_off


def drawing(label: int = 7) -> Taught:
    digit = np.zeros((8, 8), np.uint8)
    digit[1, 1:7] = digit[1:7, 5] = 255
    return Taught(label, digit.tobytes())


def trained(manual: Manual, n_steps: int) -> Session:
    session = manual.engine.open(replace(FAST, epochs=3))
    train(manual, session, n_steps)
    return session


def train(manual: Manual, session: Session, n_steps: int) -> None:
    manual.engine.steps(session, n_steps)
    work_off(manual.executor)


def test_a_taught_run_goes_on_with_the_weights_it_has(manual: Manual) -> None:
    engine, executor, _ = manual
    session = trained(manual, 40)
    before = session.state
    config = replace(session.config, taught=(drawing(),))
    engine.configure(session, config)
    n_samples = n_train_samples(config, 1437)
    assert n_samples > 1437
    view = engine.view(session)
    assert (view.n_samples, view.state.step) == (n_samples, 40)
    assert same_bits(view.state, before)
    train(manual, session, 30)
    dataset = open_dataset("digits")
    samples = Samples(dataset.train_images, dataset.train_labels)
    joined = with_taught(samples, config.taught, dataset.info.image_shape)
    expected, _ = advance(before, config, joined, Budget(steps=30))
    assert same_bits(session.state, expected)
    assert engine.view(session).marks == ((40, "drawings 0 → 1"),)
    engine.configure(session, replace(config, taught=()))
    train(manual, session, 1)
    assert engine.view(session).marks[1:] == ((70, "drawings 1 → 0"),)
    assert engine.view(session).n_samples == 1437
    engine.reset(session)
    work_off(executor)
    assert engine.view(session).state.step == 0


def test_epochs_are_counted_in_the_size_they_have(manual: Manual) -> None:
    """45 batches make an epoch of 1,437 pictures; a whole one alone has means."""
    engine, executor, _ = manual
    session = trained(manual, 60)
    engine.configure(session, replace(session.config, taught=(drawing(), drawing(1))))
    engine.start(session)
    work_off(executor)
    view = engine.view(session)
    assert (view.status, view.state.epoch, view.state.position) == (Status.FINISHED, 3, 0)
    per_epoch = -(-view.n_samples // 32)
    assert per_epoch > 45
    assert [means.epoch for means in view.epochs] == [1, 3]  # the second changed in its middle
    assert view.epochs[1].step == view.state.step
    assert view.state.step == view.epochs[0].step + 2 * per_epoch
    losses = view.curve.mean[-per_epoch:]
    last = view.n_samples - 32 * (per_epoch - 1)
    mean = (losses[:-1].sum() * 32 + losses[-1] * last) / view.n_samples
    assert view.epochs[1].loss == pytest.approx(mean, rel=1e-6)
    assert view.evaluations[-1].epoch == 3.0


def test_the_whole_data_set_as_a_batch_takes_the_drawings_with_it(manual: Manual) -> None:
    engine, _, _ = manual
    session = engine.open(replace(FAST, batch_size=1437, taught=(drawing(),)))
    view = engine.view(session)
    assert view.batch_size == view.n_samples > 1437
    assert session.steps_per_epoch == 1
    train(manual, session, 1)
    assert (session.state.epoch, session.state.samples_seen) == (1, view.n_samples)


def test_drawings_taken_out_at_the_end_of_an_epoch_end_it(manual: Manual) -> None:
    engine, executor, _ = manual
    session = engine.open(replace(FAST, taught=tuple(drawing(k) for k in range(10)), epochs=3))
    train(manual, session, 46)
    assert session.state.position > 1437
    engine.configure(session, replace(session.config, taught=()))
    assert engine.view(session).epoch_fraction < 1
    engine.start(session)
    work_off(executor)
    view = engine.view(session)
    assert (view.state.epoch, view.state.step) == (3, 46 + 2 * 45)
    assert [means.epoch for means in view.epochs] == [2, 3]


def test_a_slice_in_flight_is_still_of_the_old_data(manual: Manual) -> None:
    engine, executor, _ = manual
    session = engine.open(replace(FAST, epochs=200))
    work_off(executor)
    engine.start(session)
    engine.configure(session, replace(session.config, taught=(drawing(),)))
    executor.run()
    met = session.state
    executor.run()
    ((step, text),) = engine.view(session).marks
    assert (step, text) == (met.step, "drawings 0 → 1")
    dataset = open_dataset("digits")
    samples = Samples(dataset.train_images, dataset.train_labels)
    alone, _ = advance(first_state(FAST, 64, 10), FAST, samples, Budget(steps=met.step))
    assert same_bits(met, alone)


@pytest.mark.parametrize(
    ("dataset", "taught", "code"),
    [
        ("digits", Taught(10, bytes(64)), "taught-label"),
        ("digits", Taught(1, bytes(784)), "taught-size"),
        ("blobs", Taught(1, bytes(2)), "taught-size"),
    ],
)
def test_a_drawing_that_does_not_fit_is_refused_and_the_run_kept(
    manual: Manual, dataset: str, taught: Taught, code: str
) -> None:
    engine, executor, _ = manual
    session = engine.open(TrainingConfig(dataset=dataset))
    work_off(executor)
    before = engine.view(session)
    with pytest.raises(UserError) as refusal:
        engine.configure(session, replace(session.config, taught=(taught,)))
    assert refusal.value.code == code
    view = engine.view(session)
    assert (view.version, view.config) == (before.version, before.config)
    assert view.n_samples == before.n_samples


def test_going_back_behind_a_lesson_counts_epochs_as_they_are_now(manual: Manual) -> None:
    engine, executor, _ = manual
    session = trained(manual, 32)
    engine.configure(session, replace(session.config, taught=(drawing(),)))
    train(manual, session, 60)
    engine.go_on_from(session, 32)
    engine.start(session)
    work_off(executor)
    view = engine.view(session)
    assert view.marks == ((32, "drawings 0 → 1"),)
    assert [means.epoch for means in view.epochs] == [2, 3]
    assert view.epochs[-1].step == view.state.step
