"""A step's batch, found by making its past once more: exactly what the run itself recorded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import log_loss

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.explain.step_batch import StepBatch
from softmax_core.nn import predict_logits
from softmax_core.service import Session
from softmax_core.service.replay import Replay, batch_asked_for, replayed
from softmax_core.training import Budget, TrainingConfig, TrainingState
from softmax_core.training.start import build_network, epoch_order
from softmax_core.training.taught import Taught
from tests.service.by_hand import FAST, Manual, same_bits, trained_inline, work_off

MLP = replace(FAST, network="mlp", hidden_units=16, momentum=0.9)


def trained(manual: Manual, config: TrainingConfig, n_steps: int = 100) -> Session:
    session = manual.engine.open(replace(config, epochs=1_000))
    more(manual, session, n_steps)
    return session


def more(manual: Manual, session: Session, n_steps: int) -> None:
    manual.engine.steps(session, n_steps)
    work_off(manual.executor)


def found(manual: Manual, session: Session, step: int) -> tuple[TrainingState, StepBatch]:
    """Find the state before a step and its batch, from whatever snapshot is before it."""
    start, legs = manual.engine.way_to(session, step, max(step - 2, 0))
    replay = Replay(session.config.dataset, start, legs)
    while replay.state.step < step - 1:
        at = replay.state.step
        replay = replace(replay, state=replayed(replay, step - 1, seconds=0.0))
        assert replay.state.step > at
    return replay.state, batch_asked_for(replay, step)


def recorded(session: Session, step: int) -> float:
    """Return the loss that the curve shows at a step."""
    curve = session.history.curve()
    assert session.history.width == 1
    return float(curve.mean[step - 1])


@pytest.mark.parametrize(
    "config",
    [
        FAST,
        MLP,
        replace(FAST, l2=0.01),
        replace(FAST, network="relu-softmax", init="small-normal"),
        replace(FAST, loss="clipped"),
        replace(FAST, pixels="raw", learning_rate=1e-4),
        replace(FAST, order="file"),
        replace(FAST, batch_size=100_000),
    ],
)
@pytest.mark.parametrize("step", [1, 60, 100])
def test_the_batch_of_a_step_has_the_loss_that_the_curve_has(
    manual: Manual, config: TrainingConfig, step: int
) -> None:
    session = trained(manual, config)
    before, batch = found(manual, session, step)
    assert batch.step == step
    assert np.float32(batch.loss) == np.float32(recorded(session, step))
    assert batch.mean + batch.penalty == pytest.approx(recorded(session, step), rel=2e-5)
    assert batch.adds_up
    assert (batch.penalty > 0) == (config.l2 > 0)
    assert same_bits(before, trained_inline(config, Budget(until_step=step - 1)))


def test_its_pictures_are_those_of_the_batch_and_their_losses_what_scikit_learn_says(
    manual: Manual,
) -> None:
    session = trained(manual, FAST)
    before, batch = found(manual, session, 60)
    dataset = open_dataset("digits")
    n = len(dataset.train_labels)
    rows = epoch_order(FAST.seed, 1, n)[(59 - 45) * 32 : (60 - 45) * 32]  # 45 steps an epoch
    assert batch.n_samples == len(batch.images) == 32
    assert sorted(map(bytes, batch.images)) == sorted(map(bytes, dataset.train_images[rows]))
    assert sorted(batch.labels) == sorted(dataset.train_labels[rows])
    assert (np.diff(batch.losses) <= 0).all()
    X = batch.images.astype(np.float64) / 255
    logits = X @ before.params["W"].astype(np.float64) + before.params["b"]
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    for i in range(32):
        expected = log_loss(batch.labels[i : i + 1], probabilities[i : i + 1], labels=range(10))
        assert batch.losses[i] == pytest.approx(expected, rel=1e-4, abs=1e-6)
    np.testing.assert_array_equal(batch.predictions, logits.argmax(axis=1))
    assert batch.n_right == np.count_nonzero(logits.argmax(axis=1) == batch.labels)


def test_the_loss_of_all_pictures_is_that_before_the_step_and_a_step_earlier(
    manual: Manual,
) -> None:
    session = trained(manual, FAST)
    _, batch = found(manual, session, 65)  # a snapshot of step 64 is there
    dataset = open_dataset("digits")
    X, labels = dataset.train_images.astype(np.float32) / 255, dataset.train_labels
    network = build_network(FAST, 64, 10)
    for step, loss in ((64, batch.train_loss), (63, batch.train_loss_earlier)):
        params = trained_inline(FAST, Budget(until_step=step)).params
        logits = predict_logits(network, params, X).astype(np.float64)
        probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        assert loss == pytest.approx(log_loss(labels, probabilities, labels=range(10)), rel=1e-4)


def test_changes_on_the_way_are_made_again_where_they_were_made(manual: Manual) -> None:
    engine = manual.engine
    session = trained(manual, MLP, 70)
    drawing = Taught(3, bytes(open_dataset("digits").train_images[7]))
    changes = (
        {"learning_rate": 0.3},
        {"batch_size": 50, "momentum": 0.0},
        {"taught": (drawing,)},
        {"l2": 0.01, "taught": ()},
    )
    for change in changes:
        engine.configure(session, replace(session.config, **change))
        more(manual, session, 7)
    for step in (70, 71, 77, 78, 80, 85, 91, 92, 98):
        _, batch = found(manual, session, step)
        assert np.float32(batch.loss) == np.float32(recorded(session, step))
        assert batch.adds_up


def test_of_steps_that_share_a_point_the_one_with_the_highest_loss_is_shown(
    manual: Manual,
) -> None:
    session = trained(manual, FAST)
    losses = session.history.curve().mean
    start, legs = manual.engine.way_to(session, 88, 80)
    state = replayed(Replay("digits", start, legs), 80, seconds=60.0)
    assert state.step == 80
    batch = batch_asked_for(Replay("digits", state, legs), 88)
    assert batch.step == 81 + int(losses[80:88].argmax())
    assert np.float32(batch.loss) == losses[80:88].max()


def test_a_way_over_weights_that_were_put_in_by_hand_is_refused(manual: Manual) -> None:
    engine = manual.engine
    session = trained(manual, FAST, 70)
    params = {name: 0 * array for name, array in session.state.params.items()}
    engine.edit(session, params, "erased")
    work_off(manual.executor)
    more(manual, session, 10)
    start, legs = engine.way_to(session, 72, 70)
    assert start.step == 70
    batch = batch_asked_for(Replay("digits", start, legs), 71)
    assert batch.mean == pytest.approx(np.log(10))  # of weights that are all 0
    with pytest.raises(UserError, match="changed by hand at step 70"):
        engine.way_to(session, 72, 69)
    assert engine.way_to(session, 70, 68).start.step == 64


def test_an_edit_that_was_undone_is_in_nobodys_way(manual: Manual) -> None:
    engine = manual.engine
    session = trained(manual, FAST, 70)
    engine.edit(session, {k: 0 * v for k, v in session.state.params.items()}, "erased")
    work_off(manual.executor)
    engine.undo_edit(session)
    work_off(manual.executor)
    more(manual, session, 10)
    _, batch = found(manual, session, 71)
    assert np.float32(batch.loss) == np.float32(recorded(session, 71))
    assert engine.way_to(session, 72, 69).start.step == 64


def test_a_step_that_is_still_to_come_or_was_given_up_has_no_way(manual: Manual) -> None:
    session = trained(manual, FAST, 70)
    with pytest.raises(UserError, match="step 70"):
        manual.engine.way_to(session, 71, 70)
    manual.engine.go_on_from(session, 64)
    with pytest.raises(UserError, match="not been made yet"):
        manual.engine.way_to(session, 70, 68)
    manual.engine.configure(session, replace(session.config, learning_rate=0.9))
    more(manual, session, 6)
    _, batch = found(manual, session, 70)
    assert np.float32(batch.loss) == np.float32(recorded(session, 70))


def test_a_run_that_was_loaded_has_no_way_to_what_came_before(manual: Manual) -> None:
    session = trained(manual, FAST, 70)
    other = manual.engine.open(FAST)
    manual.engine.load(other, replace(FAST, epochs=1_000), session.state)
    work_off(manual.executor)
    more(manual, other, 5)
    _, batch = found(manual, other, 73)
    assert np.float32(batch.loss) == np.float32(other.history.curve().mean[2])
    with pytest.raises(UserError, match="not known any more"):
        manual.engine.way_to(other, 60, 58)
