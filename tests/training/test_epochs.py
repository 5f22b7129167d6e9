"""Means over the batches of an epoch, as a plain loop over the same batches finds them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from softmax_core.nn import accuracy, cross_entropy, cross_entropy_grad
from softmax_core.training import (
    Budget,
    History,
    Samples,
    Taught,
    TrainingConfig,
    advance,
    first_state,
    with_taught,
)
from softmax_core.training.accumulator import Accumulator
from softmax_core.training.history import MAX_EVALUATIONS
from softmax_core.training.start import epoch_order


def test_an_accumulator_adds_each_figure_by_itself() -> None:
    sums = Accumulator(3)
    sums.add(1, 2.5, 10)
    sums.add(0.5, 0, 20)
    assert [sums[i] for i in range(3)] == [1.5, 2.5, 30]
    sums.reset()
    assert [sums[i] for i in range(3)] == [0, 0, 0]
    for values in [(1, 2), (1, 2, 3, 4), (1,)]:
        with pytest.raises(ValueError, match=f"3 sums and {len(values)} values"):
            sums.add(*values)
    assert [sums[i] for i in range(3)] == [0, 0, 0]


def test_an_epochs_means_are_those_of_a_plain_loop_over_its_batches(
    small_samples: Samples,
) -> None:
    config = TrainingConfig(batch_size=96, learning_rate=0.3)  # 400 = 4 * 96 + 16
    state = first_state(config, 784, 10)
    W, b = (state.params[name].astype(np.float64) for name in ("W", "b"))
    expected = []
    for epoch in range(2):
        order, total, correct = epoch_order(0, epoch, 400), 0.0, 0.0
        for begin in range(0, 400, 96):
            rows = order[begin : begin + 96]
            X, labels = small_samples.images[rows] / 255, small_samples.labels[rows]
            logits = X @ W + b
            total += cross_entropy(logits, labels) * len(rows)
            correct += accuracy(logits, labels) * len(rows)
            dlogits = cross_entropy_grad(logits, labels)
            W, b = W - 0.3 * X.T @ dlogits, b - 0.3 * dlogits.sum(axis=0)
        expected.append((epoch + 1, 5 * (epoch + 1), total / 400, correct / 400))
    _, records = advance(state, config, small_samples, Budget(until_epoch=2))
    history = History(400)
    history.add(records)
    np.testing.assert_allclose(history.epochs, expected, rtol=1e-5)


def test_an_epoch_in_which_the_training_set_grew_has_no_means_and_the_next_has(
    small_samples: Samples,
) -> None:
    config = TrainingConfig(batch_size=96)
    first = first_state(config, 784, 10)
    middle, before = advance(first, config, small_samples, Budget(steps=7))
    taught = replace(config, taught=(Taught(3, small_samples.images[0].tobytes()),))
    train_set = with_taught(small_samples, taught.taught, (28, 28))
    _, after = advance(middle, taught, train_set, Budget(until_epoch=4))
    history = History(400)
    history.add(before)
    history.resize(409, middle)
    history.add(after)
    assert [means.epoch for means in history.epochs] == [1, 3, 4]
    assert [means.step for means in history.epochs] == [5, 15, 20]
    for means in history.epochs[1:]:
        of_epoch = slice(means.step - 5 - 7, means.step - 7)
        sizes = after.batch_size[of_epoch]
        assert sizes.sum() == 409
        assert means.loss == pytest.approx(float(after.loss[of_epoch] @ sizes) / 409, rel=1e-6)


def test_an_epoch_that_a_smaller_set_ends_has_no_means_and_the_next_has(
    small_samples: Samples,
) -> None:
    taught = TrainingConfig(batch_size=51, taught=(Taught(3, small_samples.images[0].tobytes()),))
    train_set = with_taught(small_samples, taught.taught, (28, 28))
    state, before = advance(first_state(taught, 784, 10), taught, train_set, Budget(steps=8))
    plain = replace(taught, taught=())
    _, after = advance(state, plain, small_samples, Budget(until_epoch=2))
    history = History(409)
    history.add(before)
    history.resize(400, state)
    history.add(after)
    assert [(means.epoch, means.step) for means in history.epochs] == [(2, 16)]


@settings(max_examples=20)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_cutting_a_run_changes_no_mean(small_samples: Samples, cuts: list[int]) -> None:
    config = TrainingConfig(batch_size=150)
    whole, cut = History(400), History(400)
    first = first_state(config, 784, 10)
    whole.add(advance(first, config, small_samples, Budget(steps=sum(cuts)))[1])
    state = first
    for steps in cuts:
        state, records = advance(state, config, small_samples, Budget(steps=steps))
        cut.add(records)
    assert len(cut.epochs) == state.epoch
    np.testing.assert_allclose(
        np.reshape(cut.epochs, (-1, 4)), np.reshape(whole.epochs, (-1, 4)), rtol=1e-12
    )


def test_an_epoch_whose_beginning_is_unknown_or_was_undone_has_no_means(
    small_samples: Samples,
) -> None:
    config = TrainingConfig(batch_size=100)
    first = first_state(config, 784, 10)
    middle, early = advance(first, config, small_samples, Budget(steps=2))
    _, late = advance(middle, config, small_samples, Budget(steps=6))
    history = History(400)
    history.add(late)
    assert [means.epoch for means in history.epochs] == [2]
    undone = History(400)
    undone.add(early)
    undone.add(late)
    undone.forget_after(6)
    assert [means.epoch for means in undone.epochs] == [1]


def test_what_was_undone_reaches_no_later_mean(small_samples: Samples) -> None:
    # Of the epoch that is undone as many pictures were seen as before the step gone back to:
    # old and new ones would add up to a whole epoch.
    config = TrainingConfig(batch_size=100)
    first = first_state(config, 784, 10)
    middle, early = advance(first, config, small_samples, Budget(steps=2))
    other = TrainingConfig(batch_size=100, learning_rate=5.0)
    _, undone = advance(middle, other, small_samples, Budget(steps=4))
    again, late = advance(middle, config, small_samples, Budget(until_epoch=1))
    _, later = advance(again, config, small_samples, Budget(until_epoch=2))
    history, plain = History(400), History(400)
    for records in (early, undone):
        history.add(records)
    history.forget_after(2)
    for records in (late, later):
        history.add(records)
    for records in (early, late, later):
        plain.add(records)
    assert history.epochs == plain.epochs[1:]


def test_going_back_to_where_an_epoch_begins_keeps_its_means(small_samples: Samples) -> None:
    config = TrainingConfig(batch_size=100)
    begun, early = advance(first_state(config, 784, 10), config, small_samples, Budget(steps=4))
    _, late = advance(begun, config, small_samples, Budget(steps=4))
    history, plain = History(400), History(400)
    for records in (early, type(late)._make(column[:3] for column in late)):
        history.add(records)
    history.forget_after(4)
    history.add(late)
    for records in (early, late):
        plain.add(records)
    history.forget_after(8)  # nothing is later: nothing is forgotten
    assert history.epochs == plain.epochs
    assert len(plain.epochs) == 2


def test_epochs_are_bounded_and_the_newest_stays(small_samples: Samples) -> None:
    config = TrainingConfig(batch_size=400)
    _, records = advance(
        first_state(config, 784, 10), config, small_samples, Budget(steps=MAX_EVALUATIONS + 9)
    )
    history = History(400)
    for step in range(len(records.step)):
        history.add(type(records)._make(column[step : step + 1] for column in records))
    assert len(history.epochs) <= MAX_EVALUATIONS
    assert history.epochs[-1].epoch == MAX_EVALUATIONS + 9
