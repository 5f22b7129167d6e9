"""Noise: the gradients against those of training, the spread against every batch there is."""

from __future__ import annotations

import pickle
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.nn import Array, Params, loss_and_grads
from softmax_core.training import Budget, Samples, TrainingConfig, advance, first_state
from softmax_core.training.layered import network_of
from softmax_core.training.noise import (
    BATCH_SIZES,
    N_BATCHES,
    _batch_gradients,
    _whole,
    measure_noise,
    noise_on,
)
from softmax_core.training.samples import to_inputs

CONFIGS = {
    "softmax": TrainingConfig(dataset="digits", init="unit-normal"),
    "no bias": TrainingConfig(dataset="digits", init="unit-normal", bias="none"),
    "relu-softmax": TrainingConfig(dataset="digits", network="relu-softmax", init="unit-normal"),
    "mlp": TrainingConfig(dataset="digits", network="mlp", hidden_units=7, init="scaled", l2=0.1),
    "sigmoid": TrainingConfig(
        dataset="digits", network="mlp", hidden_units=7, init="scaled", activation="sigmoid"
    ),
}


def some_digits(n: int) -> Samples:
    dataset = open_dataset("digits")
    return Samples(dataset.train_images[:n], dataset.train_labels[:n])


def gradient(config: TrainingConfig, params: Params, samples: Samples, rows: Array) -> Array:
    X, labels = to_inputs(samples.images[rows]), samples.labels[rows].astype(np.intp)
    _, grads, _ = loss_and_grads(network_of(config, params), params, X, labels, config.l2)
    return np.concatenate([grads[name].ravel() for name in params]).astype(np.float64)


@pytest.mark.parametrize("name", CONFIGS)
def test_the_gradients_of_many_batches_at_once_are_those_of_each(name: str) -> None:
    config, samples = CONFIGS[name], some_digits(200)
    params = first_state(config, 64, 10).params
    rows = np.random.default_rng(0).permutation(200).reshape(20, 10)
    network = network_of(config, params)
    found = _batch_gradients(network, params, samples, rows, config)
    expected = [gradient(config, params, samples, row) for row in rows]
    np.testing.assert_allclose(found, expected, atol=2e-6)


@pytest.mark.parametrize("name", CONFIGS)
def test_the_variance_is_that_of_all_single_gradients(name: str) -> None:
    config, samples = CONFIGS[name], some_digits(90)
    params = first_state(config, 64, 10).params
    singles = np.array([gradient(config, params, samples, np.array([i])) for i in range(90)])
    whole = _whole(network_of(config, params), params, samples, config)
    mean = np.concatenate([whole.gradient[key].ravel() for key in params])
    np.testing.assert_allclose(mean, singles.mean(axis=0), atol=1e-6)
    variance = np.square(singles - singles.mean(axis=0)).sum(axis=1).mean()
    assert whole.variance == pytest.approx(variance, rel=1e-5)


def test_the_expectation_is_the_mean_over_every_batch_that_can_be_drawn() -> None:
    """All 45 batches of 8 out of 10, each as likely as the others: no chance is left."""
    config, samples = CONFIGS["softmax"], some_digits(10)
    params = first_state(config, 64, 10).params
    noise = noise_on(samples, config, params, np.random.default_rng(0))
    full = gradient(config, params, samples, np.arange(10))
    for size in noise.sizes[:2]:
        batches = combinations(range(10), size.batch_size)
        distances = [
            np.linalg.norm(gradient(config, params, samples, np.array(rows)) - full)
            for rows in batches
        ]
        exact = np.sqrt(np.mean(np.square(distances))) / np.linalg.norm(full)
        assert size.expected == pytest.approx(exact, rel=1e-5)


def test_what_is_drawn_spreads_as_expected_and_turns_to_the_full_gradient(
    small_samples: Samples,
) -> None:
    config = TrainingConfig()
    state, _ = advance(first_state(config, 784, 10), config, small_samples, Budget(steps=5))
    noise = noise_on(small_samples, config, state.params, np.random.default_rng(1))
    assert [size.batch_size for size in noise.sizes] == [*BATCH_SIZES, 400]
    for size in noise.sizes[:-1]:
        assert size.angles.shape == size.spreads.shape == (N_BATCHES,)
        assert size.spread == pytest.approx(size.expected, rel=0.2)
    means = [float(size.angles.mean()) for size in noise.sizes]
    assert means == sorted(means, reverse=True)
    whole = noise.sizes[-1]
    assert (whole.angles[0], whole.spreads[0], whole.expected) == (0, 0, 0)
    one, eight = noise.sizes[:2]
    assert one.expected == pytest.approx(noise.sample_spread)
    assert one.expected / eight.expected == pytest.approx(np.sqrt(8 * 399 / 392))


def test_no_picture_comes_twice_in_a_batch() -> None:
    """With repetitions a batch of nearly all would be far from all; without, it is close."""
    config, samples = CONFIGS["softmax"], some_digits(257)
    params = first_state(config, 64, 10).params
    noise = noise_on(samples, config, params, np.random.default_rng(0))
    large = noise.sizes[-2]
    assert large.batch_size == 256
    assert large.spreads.max() < noise.sample_spread * 2 / 256 * 4  # one picture is missing


def test_the_worker_gets_and_gives_plain_values_and_the_seed_decides() -> None:
    config = TrainingConfig(dataset="digits")
    params = first_state(config, 64, 10).params
    function, *arguments = pickle.loads(pickle.dumps((measure_noise, config, params, 3)))
    noise = pickle.loads(pickle.dumps(function(*arguments)))
    for seed, same in ((3, True), (4, False)):
        again = measure_noise(config, params, seed)
        assert np.array_equal(noise.sizes[0].angles, again.sizes[0].angles) is same


def test_a_gradient_of_nothing_has_no_direction() -> None:
    config = replace(CONFIGS["relu-softmax"], init="zero")
    noise = noise_on(
        some_digits(50), config, first_state(config, 64, 10).params, np.random.default_rng(0)
    )
    assert noise.full_norm == 0
    assert np.isnan(noise.sizes[0].angles).all()
    assert np.isnan(noise.sizes[0].expected)
