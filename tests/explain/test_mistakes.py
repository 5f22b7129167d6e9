"""Confusion against scikit-learn, and the surest mistakes by plain sorting."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix as sklearn_confusion

from softmax_core.explain.mistakes import (
    Verdicts,
    cell_indices,
    class_accuracies,
    confident_mistakes,
    confusion_of,
    judge,
)
from softmax_core.explain.reading import read_digit
from softmax_core.nn import Network, Params, softmax_network
from softmax_core.training import Samples, evaluate


@pytest.fixture(scope="module")
def case() -> tuple[Network, Params, Samples]:
    """2,300 pictures: more than two chunks."""
    rng = np.random.default_rng(0)
    network = softmax_network(16, 5)
    params = {
        n: rng.normal(size=s).astype(np.float32) for n, s in network.parameter_shapes().items()
    }
    images = rng.integers(0, 256, (2_300, 16), np.uint8)
    return network, params, Samples(images, rng.integers(0, 5, 2_300).astype(np.uint8))


def test_every_verdict_is_that_of_the_picture_alone(case: tuple[Network, Params, Samples]) -> None:
    network, params, test_set = case
    verdicts = judge(network, params, test_set)
    for index in (0, 999, 1_000, 2_299):
        reading = read_digit(network, params, test_set.images[index])
        label = test_set.labels[index]
        assert verdicts.predictions[index] == reading.prediction
        assert verdicts.confidences[index] == pytest.approx(reading.confidence, rel=1e-5)
        assert verdicts.label_probabilities[index] == pytest.approx(
            float(reading.probabilities[label]), rel=1e-5
        )


def test_raw_pixels_are_read_as_they_are(case: tuple[Network, Params, Samples]) -> None:
    network, params, test_set = case
    raw = judge(network, {"W": params["W"] / 255, "b": params["b"]}, test_set, "raw")
    scaled = judge(network, params, test_set)
    np.testing.assert_allclose(raw.confidences, scaled.confidences, rtol=1e-4)


def test_the_confusion_matrix_is_that_of_scikit_learn(
    case: tuple[Network, Params, Samples],
) -> None:
    network, params, test_set = case
    verdicts = judge(network, params, test_set)
    confusion = confusion_of(verdicts, 5)
    labels, predictions = verdicts.labels, verdicts.predictions
    np.testing.assert_array_equal(confusion.counts, sklearn_confusion(labels, predictions))
    np.testing.assert_allclose(
        confusion.rates, sklearn_confusion(labels, predictions, normalize="true")
    )
    accuracy = evaluate(network, params, test_set)[1]
    assert confusion.counts.trace() / confusion.counts.sum() == pytest.approx(accuracy)
    shares = confusion.counts.sum(axis=1) / len(labels)
    assert class_accuracies(confusion) @ shares == pytest.approx(accuracy)


def hand_verdicts() -> Verdicts:
    labels = np.array([0, 0, 1, 1, 1, 2], np.uint8)
    predictions = np.array([0, 1, 0, 1, 0, 1], np.uint8)
    confidences = np.array([0.9, 0.6, 0.7, 0.8, 0.99, 0.6], np.float32)
    return Verdicts(labels, predictions, confidences, 1 - confidences)


def test_a_case_worked_by_hand() -> None:
    confusion = confusion_of(hand_verdicts(), 4)
    assert confusion.counts.tolist() == [[1, 1, 0, 0], [2, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]]
    assert confusion.rates[1].tolist() == [2 / 3, 1 / 3, 0, 0]
    np.testing.assert_array_equal(class_accuracies(confusion), [0.5, 1 / 3, 0, np.nan])


def test_the_surest_mistakes_come_first_and_of_equals_the_first() -> None:
    assert confident_mistakes(hand_verdicts(), 10).tolist() == [4, 2, 1, 5]
    assert confident_mistakes(hand_verdicts(), 2).tolist() == [4, 2]
    assert confident_mistakes(hand_verdicts(), 0).tolist() == []


def test_each_cell_opens_the_pictures_it_counts(case: tuple[Network, Params, Samples]) -> None:
    assert cell_indices(hand_verdicts(), 1, 0).tolist() == [4, 2]
    verdicts = judge(*case)
    counts = confusion_of(verdicts, 5).counts
    cells = [[cell_indices(verdicts, i, j) for j in range(5)] for i in range(5)]
    assert [[len(cell) for cell in row] for row in cells] == counts.tolist()
    opened = np.concatenate([cell for row in cells for cell in row])
    assert sorted(opened) == list(range(2_300))


def test_a_model_gone_astray_is_judged_without_a_warning(
    case: tuple[Network, Params, Samples],
) -> None:
    network, _params, test_set = case
    wild = {"W": np.full((16, 5), 3e38, np.float32), "b": np.full(5, np.nan, np.float32)}
    verdicts = judge(network, wild, test_set)
    assert np.isfinite(verdicts.confidences).all()
    assert np.isfinite(verdicts.label_probabilities).all()
