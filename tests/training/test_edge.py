"""The edge: power iteration against the formula, against other eigenvalues, against training."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.nn.hessian import Hessian, flat, unflat
from softmax_core.training import Budget, Samples, TrainingConfig, advance, first_state
from softmax_core.training.edge import (
    MAX_SAMPLED,
    edge_at_zero,
    edge_on,
    edge_sample,
    has_edge,
    largest_stable_rate,
    measure_edge,
)
from softmax_core.training.layered import network_of
from softmax_core.training.samples import to_inputs

ZERO = TrainingConfig(init="zero")


def digits_8x8() -> Samples:
    dataset = open_dataset("digits")
    return Samples(dataset.train_images, dataset.train_labels)


@pytest.mark.parametrize("bias", [True, False])
def test_at_zero_weights_power_iteration_gives_the_formula(
    small_samples: Samples, bias: bool
) -> None:
    config = replace(ZERO, bias="all" if bias else "none")
    edge = edge_on(small_samples, config, first_state(config, 784, 10).params)
    X = to_inputs(small_samples.images)
    assert edge.converged
    assert edge.rate == pytest.approx(edge_at_zero(X, 10, bias=bias), rel=1e-4)


def test_the_bias_lowers_the_edge_of_digits(small_samples: Samples) -> None:
    X = to_inputs(small_samples.images)
    assert edge_at_zero(X, 10) < 0.99 * edge_at_zero(X, 10, bias=False)


def test_the_formula_holds_for_any_number_of_classes() -> None:
    dataset = open_dataset("blobs")
    samples = Samples(dataset.train_images, dataset.train_labels)
    config = replace(ZERO, dataset="blobs")
    edge = edge_on(samples, config, first_state(config, 2, 3).params)
    assert edge.rate == pytest.approx(edge_at_zero(samples.images, 3), rel=1e-3)
    inputs = np.column_stack([samples.images, np.ones(len(samples.labels))]).astype(np.float64)
    singular = np.linalg.norm(inputs / math.sqrt(len(inputs)), 2)  # the largest
    assert edge.rate == pytest.approx(2 / (singular**2 / 3), rel=1e-3)


def test_two_thousand_digits_spread_over_mnist_have_the_edge_of_one_half(real_data: Path) -> None:
    config = replace(ZERO, dataset="mnist")
    edge = measure_edge(config, first_state(config, 784, 10).params)
    assert edge.n_samples == 1_936  # every 31st
    assert edge.rate == pytest.approx(0.50, abs=0.02)


@pytest.mark.parametrize("network", ["softmax", "relu-softmax", "mlp"])
def test_with_weights_it_is_two_over_the_largest_of_all_eigenvalues(network: str) -> None:
    config = replace(ZERO, network=network, init="unit-normal", hidden_units=4, l2=0.01)
    samples = Samples(digits_8x8().images[:60], digits_8x8().labels[:60])
    params = {
        name: (0.3 * array).astype(np.float64)
        for name, array in first_state(config, 64, 10).params.items()
    }
    hessian = Hessian.at(
        network_of(config, params),
        params,
        to_inputs(samples.images).astype(np.float64),
        samples.labels.astype(np.intp),
        config.l2,
    )
    whole = np.array([hessian.times_vector(row) for row in np.eye(flat(params).size)])
    largest = np.linalg.eigvalsh(whole)[-1]
    assert edge_on(samples, config, params).rate == pytest.approx(2 / largest, rel=0.01)


def distance_after(config: TrainingConfig, samples: Samples, factor: float, steps: int) -> float:
    """How many times as far apart two runs are, which began a little apart."""
    state = first_state(config, 64, 10)
    edge = edge_on(samples, config, state.params)
    config = replace(config, learning_rate=factor * edge.rate)
    direction = unflat(edge.vector * np.float32(1e-2), state.params)
    moved = {name: array + direction[name] for name, array in state.params.items()}
    apart = []
    for params in (state.params, moved):
        end, _ = advance(replace(state, params=params), config, samples, Budget(steps=steps))
        apart.append(flat(end.params))
    return float(np.linalg.norm(apart[1] - apart[0])) / 1e-2


def test_a_disturbance_shrinks_below_the_edge_and_grows_above_it() -> None:
    samples = digits_8x8()
    config = replace(ZERO, dataset="digits", batch_size=len(samples.labels))
    for factor in (0.97, 1.03):
        # One step multiplies it by |1 - rate * eigenvalue| = |1 - 2 * factor|.
        expected = abs(1 - 2 * factor)
        assert distance_after(config, samples, factor, 1) == pytest.approx(expected, rel=0.01)
    assert distance_after(config, samples, 0.97, 1) < 1 < distance_after(config, samples, 1.03, 1)


def largest_root(rate_times_eigenvalue: float, momentum: float) -> float:
    return float(np.abs(np.roots([1, rate_times_eigenvalue - 1 - momentum, momentum])).max())


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9, 0.99])
def test_with_momentum_a_parabola_settles_just_below_the_edge_only(momentum: float) -> None:
    eigenvalue = 3.7
    rate = largest_stable_rate(eigenvalue, momentum)
    ends = {}
    for factor in (0.98, 1.02):
        weight, velocity = 1.0, 0.0
        for _ in range(4_000):
            velocity = momentum * velocity + eigenvalue * weight
            weight -= factor * rate * velocity
            if abs(weight) > 1e6:
                break
        ends[factor] = abs(weight)
        assert (largest_root(factor * rate * eigenvalue, momentum) < 1) == (factor < 1)
    assert ends[0.98] < 1e-3
    assert ends[1.02] > 1e6


def test_momentum_and_the_l2_penalty_move_the_edge(small_samples: Samples) -> None:
    params = first_state(ZERO, 784, 10).params
    plain = edge_on(small_samples, ZERO, params)
    heavy = edge_on(small_samples, replace(ZERO, momentum=0.9), params)
    held = edge_on(small_samples, replace(ZERO, l2=1.0), params)
    assert heavy.rate == pytest.approx(1.9 * plain.rate)
    assert plain.eigenvalue + 0.9 < held.eigenvalue <= plain.eigenvalue + 1.0


def test_a_summed_gradient_has_the_edge_of_the_mean_divided_by_the_batch() -> None:
    params = first_state(replace(ZERO, dataset="digits"), 64, 10).params
    config = replace(ZERO, dataset="digits", batch_size=32)
    mean = measure_edge(config, params)
    assert measure_edge(replace(config, reduction="sum"), params).rate == mean.rate / 32
    whole = replace(config, reduction="sum", batch_size=99_999)
    assert measure_edge(whole, params).rate == mean.rate / 1_437


def test_the_worker_gets_and_gives_plain_values() -> None:
    config = replace(ZERO, dataset="digits")
    state = first_state(config, 64, 10)
    asked = pickle.loads(pickle.dumps((measure_edge, config, state.params)))
    edge = pickle.loads(pickle.dumps(asked[0](*asked[1:])))
    again = measure_edge(config, state.params)
    nothing = np.empty(0)
    assert str(edge._replace(vector=nothing)) == str(again._replace(vector=nothing))
    np.testing.assert_array_equal(edge.vector, again.vector)


def test_a_warm_start_gives_the_same_edge_for_less() -> None:
    samples = digits_8x8()
    config = replace(ZERO, dataset="digits", learning_rate=0.01)
    state, _ = advance(first_state(config, 64, 10), config, samples, Budget(steps=300))
    before = edge_on(samples, config, state.params)
    state, _ = advance(state, config, samples, Budget(steps=1))
    cold = edge_on(samples, config, state.params)
    warm = edge_on(samples, config, state.params, before.vector)
    assert warm.rate == pytest.approx(cold.rate, rel=0.01)
    assert warm.n_products < cold.n_products


def test_a_start_of_another_network_is_not_used(small_samples: Samples) -> None:
    params = first_state(ZERO, 784, 10).params
    for start in (np.ones(3), np.zeros(7_850)):
        assert edge_on(small_samples, ZERO, params, start).converged


def test_where_nothing_curves_upwards_every_rate_is_stable() -> None:
    assert largest_stable_rate(0) == largest_stable_rate(-1) == math.inf
    assert math.isnan(largest_stable_rate(math.nan))
    silent = replace(ZERO, network="relu-softmax")  # at zero weights ReLU passes nothing
    samples = digits_8x8()
    assert edge_on(samples, silent, first_state(silent, 64, 10).params).rate == math.inf


def test_the_sample_is_spread_and_bounded() -> None:
    def of(n: int) -> Samples:
        numbers = np.arange(n) % 251
        return Samples(numbers[:, None].astype(np.uint8), numbers.astype(np.uint8))

    assert len(edge_sample(of(1_999)).labels) == 1_999
    for n in (2_001, 4_000, 60_000):
        part = edge_sample(of(n))
        assert MAX_SAMPLED / 3 <= len(part.labels) <= MAX_SAMPLED
        stride = (int(part.labels[1]) - int(part.labels[0])) % 251
        assert stride % 2 == 1
        assert stride * (len(part.labels) - 1) > 0.95 * (n - stride)


def test_wrong_gradients_have_no_edge() -> None:
    assert has_edge(ZERO)
    assert has_edge(replace(ZERO, gradient="separate-layers", reduction="sum"))
    assert not has_edge(replace(ZERO, gradient="one-bias"))
