"""An evaluation, against scikit-learn's figures and a plain computation in float64."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import log_softmax
from sklearn.metrics import log_loss, recall_score

from softmax_core.nn import predict_logits, softmax
from softmax_core.training import Budget, Samples, TrainingConfig, advance, first_state
from softmax_core.training.evaluate import evaluate, evaluate_both
from softmax_core.training.layered import network_of
from softmax_core.training.samples import to_inputs

NETWORKS = ("softmax", "relu-softmax", "mlp")


@pytest.mark.parametrize("network", NETWORKS)
def test_each_class_s_accuracy_is_its_recall(small_samples: Samples, network: str) -> None:
    config = TrainingConfig(network=network, hidden_units=8)
    train_set = Samples(small_samples.images[:100], small_samples.labels[:100])
    state = first_state(config, 784, 10)
    state, _ = advance(state, config, train_set, Budget(steps=40))
    found = evaluate_both(config, state, train_set, small_samples, 3.0)
    X = to_inputs(small_samples.images).astype(np.float64)
    description = network_of(config, state.params)
    probabilities = softmax(predict_logits(description, state.params, X))
    recall = recall_score(small_samples.labels, probabilities.argmax(axis=1), average=None)
    assert found.class_accuracies == pytest.approx(recall.tolist())
    assert found.test_loss == pytest.approx(log_loss(small_samples.labels, probabilities), rel=1e-5)
    shares = np.bincount(small_samples.labels) / 400
    assert shares @ found.class_accuracies == pytest.approx(found.test_accuracy)
    assert (found.step, found.epoch) == (40, 3.0)


def test_a_class_without_test_pictures_has_no_accuracy(small_samples: Samples) -> None:
    config = TrainingConfig(init="trained")
    state = first_state(config, 784, 10)
    kept = ~np.isin(small_samples.labels, (4, 9))
    test_set = Samples(small_samples.images[kept], small_samples.labels[kept])
    shares = evaluate_both(config, state, small_samples, test_set, 0.0).class_accuracies
    assert [k for k, share in enumerate(shares) if math.isnan(share)] == [4, 9]
    assert all(0 <= share <= 1 for share in shares if not math.isnan(share))


def test_it_is_the_same_evaluation_as_of_the_test_set_alone(small_samples: Samples) -> None:
    config = replace(TrainingConfig(), loss="clipped")
    state = first_state(config, 784, 10)
    both = evaluate_both(config, state, small_samples, small_samples, 0.0)
    network = network_of(config, state.params)
    alone = evaluate(network, state.params, small_samples, config)
    assert alone == (both.test_loss, both.test_accuracy) == (both.train_loss, both.train_accuracy)


@pytest.mark.parametrize("n_samples", [1, 63, 64, 65, 512, 513, 1300])
def test_sets_of_any_size_are_evaluated_to_their_last_sample(
    small_samples: Samples, n_samples: int
) -> None:
    config = TrainingConfig(init="unit-normal-all", seed=3)
    rows = np.arange(n_samples) % 400
    samples = Samples(small_samples.images[rows], small_samples.labels[rows])
    params = first_state(config, 784, 10).params
    X = to_inputs(samples.images).astype(np.float64)
    logits = X @ params["W"].astype(np.float64) + params["b"].astype(np.float64)
    found = evaluate(network_of(config, params), params, samples, config)
    expected = -log_softmax(logits, axis=1)[np.arange(n_samples), samples.labels].mean()
    assert found == pytest.approx((expected, (logits.argmax(axis=1) == samples.labels).mean()))


def test_of_equal_logits_the_first_class_is_read(small_samples: Samples) -> None:
    config = TrainingConfig(init="zero")
    params = first_state(config, 784, 10).params
    loss, accuracy = evaluate(network_of(config, params), params, small_samples, config)
    assert loss == pytest.approx(math.log(10))
    assert accuracy == (small_samples.labels == 0).mean()


@pytest.mark.parametrize("weight", [np.inf, np.nan, 3e38])
def test_weights_beyond_all_bounds_are_evaluated_without_a_warning(
    small_samples: Samples, weight: float
) -> None:
    config = TrainingConfig()
    params = first_state(config, 784, 10).params
    params["W"][300:500] = np.float32(weight)
    loss, accuracy = evaluate(network_of(config, params), params, small_samples, config)
    assert math.isnan(loss)
    assert 0 <= accuracy <= 1
