"""A nudged test set against pictures shifted by hand, and what a worker needs."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.explain import Nudge, nudged_accuracy, predict_samples
from softmax_core.training import Budget, Samples, TrainingConfig, advance, first_state
from softmax_core.training.layered import network_of

CONFIG = TrainingConfig(learning_rate=0.5)


@pytest.fixture(scope="module")
def params(cache_folder: object) -> dict[str, np.ndarray]:
    dataset = open_dataset(CONFIG.dataset)
    state = first_state(CONFIG, dataset.info.n_features, dataset.info.n_classes)
    samples = Samples(dataset.train_images, dataset.train_labels)
    state, _ = advance(state, CONFIG, samples, Budget(until_step=60))
    return state.params


def accuracy_of(params: dict[str, np.ndarray], images: np.ndarray) -> float:
    labels = open_dataset(CONFIG.dataset).test_labels
    read = predict_samples(network_of(CONFIG, params), params, images)
    return float(np.mean(read == labels))


def test_two_pixels_down_is_what_shifting_by_hand_costs(params: dict[str, np.ndarray]) -> None:
    images = np.asarray(open_dataset(CONFIG.dataset).test_images)
    square = images.reshape(-1, 28, 28)
    shifted = np.zeros_like(square)
    shifted[:, 2:] = square[:, :-2]
    found = nudged_accuracy(CONFIG, params, Nudge(down=2))
    assert found.n_samples == len(images)
    assert found.plain == pytest.approx(accuracy_of(params, images), abs=1e-12)
    assert found.nudged == pytest.approx(
        accuracy_of(params, shifted.reshape(images.shape)), abs=1e-12
    )
    assert found.plain > 0.85
    assert found.nudged < 0.75 * found.plain


def test_no_nudge_costs_nothing(params: dict[str, np.ndarray]) -> None:
    found = nudged_accuracy(CONFIG, params, Nudge())
    assert found.nudged == found.plain


def test_question_and_answer_can_be_sent_to_a_worker(params: dict[str, np.ndarray]) -> None:
    call = pickle.loads(pickle.dumps((nudged_accuracy, (CONFIG, params, Nudge(invert=True)))))
    function, args = call
    assert pickle.loads(pickle.dumps(function(*args))).nudged < 0.5


def test_points_are_refused() -> None:
    config = TrainingConfig(dataset="blobs")
    dataset = open_dataset("blobs")
    state = first_state(config, dataset.info.n_features, dataset.info.n_classes)
    with pytest.raises(UserError, match="Points cannot be nudged"):
        nudged_accuracy(config, state.params, Nudge(down=1))
