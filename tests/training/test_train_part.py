"""A run that learns from a part of the training set is the run on a data set of that size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from softmax_core.data.catalogue import DATASETS
from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.persist import read_run, write_run
from softmax_core.training import TrainingConfig, first_state
from softmax_core.training.train_part import base_samples, n_base_samples

EMBEDDED = ("mnist-5k", "digits", "mnist-5k-upright", "blobs")


@pytest.mark.parametrize(("n_train", "expected"), [(0, 800), (10, 10), (800, 800), (801, 800)])
def test_it_is_the_first_so_many_or_all(n_train: int, expected: int) -> None:
    dataset = open_dataset("blobs")
    config = TrainingConfig(dataset="blobs", n_train=n_train)
    samples = base_samples(config, dataset)
    assert samples.n_samples == n_base_samples(config, 800) == expected
    np.testing.assert_array_equal(samples.images, dataset.train_images[:expected])
    np.testing.assert_array_equal(samples.labels, dataset.train_labels[:expected])
    assert np.shares_memory(samples.images, dataset.train_images)


@pytest.mark.parametrize("name", EMBEDDED)
def test_a_small_part_has_about_as_many_of_each_class(name: str) -> None:
    samples = base_samples(TrainingConfig(dataset=name, n_train=300), open_dataset(name))
    n_classes = DATASETS[name].n_classes
    counts = np.bincount(samples.labels, minlength=n_classes)
    assert counts.min() > 0.6 * 300 / n_classes
    assert counts.max() < 1.5 * 300 / n_classes


def test_too_small_a_part_is_refused() -> None:
    for n_train in (-1, 9, 100_001):
        with pytest.raises(UserError, match="from 10 to 100,000"):
            TrainingConfig(n_train=n_train)


def test_another_part_is_another_start() -> None:
    config = TrainingConfig()
    assert not config.same_start(replace(config, n_train=100))


def test_a_saved_run_keeps_it_and_is_as_it_always_was_without() -> None:
    config = TrainingConfig(dataset="digits", n_train=100)
    state = first_state(config, 64, 10)
    saved = write_run(config, state)
    assert read_run(saved).config == config
    assert b"n_train" not in write_run(replace(config, n_train=0), state)
