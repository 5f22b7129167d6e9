"""Runs beside each other: fair by construction, and what their instruments show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.nn import softmax
from softmax_core.training import Budget, Samples, TrainingConfig, advance, evaluate, first_state
from softmax_core.training.lane_check import row_maxima
from softmax_core.training.lanes import run_lanes
from softmax_core.training.layered import network_of
from softmax_core.training.mistakes import MISTAKES, Mistake, find_mistake, n_lane_steps

DATASET = "mnist-5k"
CONFIG = TrainingConfig(dataset=DATASET)


def samples() -> Samples:
    dataset = open_dataset(DATASET)
    return Samples(dataset.train_images, dataset.train_labels)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_both_lanes_begin_alike_and_see_the_same_batches(mistake: Mistake) -> None:
    exact, wrong = run_lanes(find_mistake(mistake.name).lanes(DATASET), 3)
    assert exact.test_loss[0] == pytest.approx(wrong.test_loss[0], rel=1e-3)
    assert exact.records.loss[0] == pytest.approx(wrong.records.loss[0], rel=1e-3)
    np.testing.assert_array_equal(exact.records.samples_seen, wrong.records.samples_seen)


def test_a_lane_is_the_run_that_advance_makes() -> None:
    (lane,) = run_lanes((CONFIG,), 50)
    state, records = advance(first_state(CONFIG, 784, 10), CONFIG, samples(), Budget(steps=50))
    np.testing.assert_array_equal(lane.state.params["W"], state.params["W"])
    np.testing.assert_array_equal(lane.records.loss, records.loss)


def test_a_lane_is_tested_from_step_0_on_to_its_last_step() -> None:
    (lane,) = run_lanes((CONFIG,), 50)
    assert lane.test_step[0] == 0
    assert lane.test_step[-1] == 50
    assert len(lane.test_step) == len(set(lane.test_step)) == len(lane.test_loss)
    dataset = open_dataset(DATASET)
    test_set = Samples(dataset.test_images, dataset.test_labels)
    network = network_of(CONFIG, lane.state.params)
    loss, accuracy = evaluate(network, lane.state.params, test_set)
    assert (lane.test_loss[-1], lane.test_accuracy[-1]) == (loss, accuracy)


def test_few_steps_are_tested_after_each() -> None:
    (lane,) = run_lanes((CONFIG,), 3)
    assert list(lane.test_step) == [0, 1, 2, 3]


def test_a_lane_that_must_stop_leaves_the_other_alone() -> None:
    broken = replace(CONFIG, pixels="raw", softmax="naive")
    good, bad = run_lanes((CONFIG, broken), 10)
    assert len(good.records.step) == 10
    assert bad.state.stop is not None
    assert len(bad.records.step) < 5


def test_dead_classes_are_trained_for_whole_passes() -> None:
    relu, summed = find_mistake("relu"), find_mistake("sum")
    assert n_lane_steps(summed, 60_000) == 300
    assert n_lane_steps(relu, 60_000) >= 2 * 469
    assert n_lane_steps(relu, 4_000) == 300


def test_rows_far_below_the_arrays_maximum_are_lost_and_the_others_not() -> None:
    config = find_mistake("whole-max").lanes(DATASET)[1]
    rows = row_maxima(config)
    assert rows.limit == pytest.approx(103.97, abs=0.01)
    below = rows.largest.max() - rows.largest
    np.testing.assert_array_equal(rows.is_lost, below > rows.limit)
    assert 10 < rows.is_lost.sum() < len(rows.labels) - 10  # some, and not all
    assert rows.stopped_at == 2


def test_a_row_of_its_own_would_never_be_lost() -> None:
    # By hand: [1, 2, 3] beside [1000, 0, 0] is 0 / 0 with the array's maximum, and with its
    # own [e^-2, e^-1, 1] / 1.5032.
    logits = np.array([[1, 2, 3], [1000, 0, 0]], np.float32)
    assert np.exp(logits[0] - logits.max()).sum() == 0
    np.testing.assert_allclose(softmax(logits)[0], [0.0900, 0.2447, 0.6652], atol=1e-4)
