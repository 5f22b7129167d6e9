"""What a worker evaluates stands for the whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.service.slices import MAX_EVALUATED, evaluated_part
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
