"""A test set judged by its name: the same accuracy as where accuracies are measured."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.explain import confusion_of, read_digit
from softmax_core.explain.judging import average_pictures, judge_test_set
from softmax_core.nn import Params
from softmax_core.training import Budget, Samples, TrainingConfig, advance, evaluate, first_state
from softmax_core.training.start import build_network


def trained(config: TrainingConfig, steps: int) -> Params:
    dataset = open_dataset(config.dataset)
    samples = Samples(dataset.train_images, dataset.train_labels)
    state = first_state(config, dataset.info.n_features, dataset.info.n_classes)
    return advance(state, config, samples, Budget(until_step=steps))[0].params


@pytest.mark.parametrize(
    ("config", "steps"),
    [
        (TrainingConfig(), 0),
        (TrainingConfig(init="zero"), 0),
        (TrainingConfig(), 7),
        (TrainingConfig(network="mlp", hidden_units=20), 40),
        (TrainingConfig(pixels="raw", learning_rate=1e-4), 20),
        (TrainingConfig(dataset="digits"), 30),
    ],
)
def test_the_diagonal_is_the_accuracy_that_is_measured(config: TrainingConfig, steps: int) -> None:
    params = trained(config, steps)
    dataset = open_dataset(config.dataset)
    info = dataset.info
    judged = judge_test_set(config, params)
    counts = confusion_of(judged.verdicts, info.n_classes).counts
    assert counts.sum() == info.n_test
    test_set = Samples(dataset.test_images, dataset.test_labels)
    network = build_network(config, info.n_features, info.n_classes)
    assert counts.trace() / info.n_test == evaluate(network, params, test_set, config)[1]


def test_what_is_wrongly_taken_for_a_class_is_averaged_and_a_class_without_any_is_empty() -> None:
    config = TrainingConfig()
    params = trained(config, 60)
    dataset = open_dataset(config.dataset)
    judged = judge_test_set(config, params)
    assert judged.mistaken.shape == (10, 784)
    network = build_network(config, 784, 10)
    wrong: list[list[np.ndarray]] = [[] for _ in range(10)]
    for image, label in zip(dataset.test_images[:1000], dataset.test_labels[:1000], strict=True):
        prediction = read_digit(network, params, image).prediction
        if prediction != label:
            wrong[prediction].append(np.asarray(image, np.float64))
    for k, pictures in enumerate(wrong):
        mean = np.mean(pictures, axis=0) if pictures else np.zeros(784)
        assert np.abs(judged.mistaken[k] - mean).max() <= 0.5 + 1e-9
    perfect = np.full(10, -1e3, np.float32)
    perfect[3] = 0  # whatever it sees, it says 3
    always = {"W": np.zeros((784, 10), np.float32), "b": perfect}
    mistaken = judge_test_set(config, always).mistaken
    assert mistaken[3].any()
    assert not np.delete(mistaken, 3, axis=0).any()


def test_averages_are_the_means_of_the_training_pictures() -> None:
    dataset = open_dataset("mnist-5k")
    means = average_pictures("mnist-5k")
    eights = np.asarray(dataset.train_images)[np.asarray(dataset.train_labels) == 8]
    assert np.abs(means[8] - eights.astype(np.float64).mean(axis=0)).max() <= 0.5 + 1e-9


def test_what_goes_to_a_worker_and_back_is_small() -> None:
    config = TrainingConfig()
    params = trained(config, 1)
    assert len(pickle.dumps((judge_test_set, (config, params)))) < 40_000
    assert len(pickle.dumps(judge_test_set(config, params))) < 40_000
