"""What a worker evaluates stands for the whole, and what it sends back is worth its way."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.service.slices import MAX_EVALUATED, SliceOrder, evaluated_part, run_slice
from softmax_core.training import Budget, Samples, TrainingConfig, advance, evaluate, first_state
from softmax_core.training.start import build_network


@pytest.mark.parametrize("n", [1, 4_000, MAX_EVALUATED, MAX_EVALUATED + 1, 60_000, 100_000])
def test_the_part_is_bounded_and_takes_even_and_odd_pictures_alike(n: int) -> None:
    samples = Samples(np.zeros((n, 1), np.uint8), np.arange(n).astype(np.uint8) % 2)
    part = evaluated_part(samples)
    assert len(part.labels) == len(part.images) <= MAX_EVALUATED
    assert abs(int(part.labels.sum()) - len(part.labels) / 2) <= 0.5


def test_the_part_of_mnist_is_as_hard_as_the_whole(real_data: Path) -> None:
    assert (real_data / "mnist").is_dir()
    dataset = open_dataset("mnist")
    whole = Samples(dataset.train_images, dataset.train_labels)
    config = TrainingConfig(dataset="mnist")
    state, _ = advance(first_state(config, 784, 10), config, whole, Budget(until_epoch=1))
    network = build_network(config, 784, 10)
    of_whole = evaluate(network, state.params, whole)
    of_part = evaluate(network, state.params, evaluated_part(whole))
    np.testing.assert_allclose(of_part, of_whole, atol=0.012)


DIGITS = TrainingConfig(dataset="digits", network="mlp", batch_size=32)
LONG = 600.0  # seconds: the slices below end by their steps


def pickled(thing: object) -> int:
    return len(pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL))


def test_states_come_along_at_powers_of_two_at_the_end_and_when_asked_for() -> None:
    order = SliceOrder(DIGITS, first_state(DIGITS, 64, 10), LONG, steps=200)
    evaluated = [1, 2, 4, 8, 16, 32, 45, 64, 90, 128, 135, 180]
    for snapshot, steps in [(True, [1, 2, 4, 8, 16, 32, 64, 128, 180]), (False, None)]:
        result = run_slice(replace(order, snapshot=snapshot))
        assert [evaluation.step for evaluation in result.evaluations] == evaluated
        sent = [state.step for _, state in result.evaluated]
        assert sent == (steps or [1, 2, 4, 8, 16, 32, 64, 128])
        assert all(pair[0] in result.evaluations for pair in result.evaluated)
        assert all(evaluation.step == state.step for evaluation, state in result.evaluated)
    at_end = run_slice(replace(order, steps=201, snapshot=False, evaluate_at_end=True))
    assert [state.step for _, state in at_end.evaluated][-1] == 201


def test_the_state_at_the_end_is_sent_once_and_kept_once() -> None:
    state = run_slice(SliceOrder(DIGITS, first_state(DIGITS, 64, 10), LONG, steps=130)).state
    order = SliceOrder(DIGITS, state, LONG, steps=3)
    without = run_slice(order)
    measured = run_slice(replace(order, evaluate_at_end=True))
    assert without.evaluated == ()
    assert pickled(measured) < pickled(without) + 2_000
    arrived = pickle.loads(pickle.dumps(measured))
    ((_, snapshot),) = arrived.evaluated
    assert snapshot.params["W1"] is arrived.state.params["W1"]
    assert snapshot.previous is None
    assert arrived.state.previous is not None
