"""How one digit is read: against softmax by hand, and when the numbers overflow."""

from __future__ import annotations

import math

import numpy as np
import pytest

from softmax_core.errors import UserError
from softmax_core.explain import class_weights, predict_samples, read_digit, read_samples
from softmax_core.nn import Params, ReLU, mlp_network, relu_softmax_network, softmax_network


def small_params() -> Params:
    # Two pixels, three classes: pixel 0 speaks for class 0, pixel 1 for class 2.
    W = np.array([[2.0, 0.0, -1.0], [0.0, 0.0, 3.0]], np.float32)
    return {"W": W, "b": np.array([0.0, 0.5, 0.0], np.float32)}


def test_a_reading_worked_by_hand() -> None:
    # Pixels 255 and 0 are the input (1, 0), so the logits are (2, 0.5, -1).
    reading = read_digit(softmax_network(2, 3), small_params(), np.array([255, 0], np.uint8))
    total = math.exp(2) + math.exp(0.5) + math.exp(-1)
    expected = [math.exp(2) / total, math.exp(0.5) / total, math.exp(-1) / total]
    np.testing.assert_allclose(reading.probabilities, expected, rtol=1e-6)
    assert reading.prediction == 0
    assert reading.confidence == pytest.approx(expected[0])


def test_a_digit_may_come_as_a_picture_or_as_a_row() -> None:
    row = np.array([17, 201], np.uint8)
    readings = [
        read_digit(softmax_network(2, 3), small_params(), digit)
        for digit in (row, row[None, :], row[:, None])
    ]
    assert len({reading.probabilities.tobytes() for reading in readings}) == 1


def test_raw_pixels_are_read_as_they_are() -> None:
    digit = np.array([2, 1], np.uint8)  # so that the logits are (4, 0.5, 1)
    reading = read_digit(softmax_network(2, 3), small_params(), digit, "raw")
    total = math.exp(4) + math.exp(0.5) + math.exp(1)
    assert reading.probabilities[0] == pytest.approx(math.exp(4) / total)


def test_predictions_for_many_pictures_are_those_for_each() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (50, 2), np.uint8)
    one_by_one = [read_digit(softmax_network(2, 3), small_params(), p) for p in pictures]
    chosen = predict_samples(softmax_network(2, 3), small_params(), pictures)
    assert list(chosen) == [reading.prediction for reading in one_by_one]
    assert len(set(chosen)) > 1


def test_relu_on_the_logits_takes_the_negative_ones_to_zero() -> None:
    reading = read_digit(relu_softmax_network(2, 3), small_params(), np.array([255, 0], np.uint8))
    total = math.exp(2) + math.exp(0.5) + 1
    assert reading.probabilities[2] == pytest.approx(1 / total)


def test_a_picture_of_another_size_is_refused() -> None:
    with pytest.raises(UserError, match="2"):
        read_digit(softmax_network(2, 3), small_params(), np.zeros((2, 2), np.uint8))


def test_weights_that_overflow_still_give_finite_probabilities() -> None:
    network = mlp_network(4, 3, 2, ReLU())
    params = {name: np.full(s, 3e30, np.float32) for name, s in network.parameter_shapes().items()}
    params["W2"][:, 1] = -3e30
    reading = read_digit(network, params, np.full((2, 2), 255, np.uint8))
    assert reading.prediction == 0
    assert reading.confidence == 1.0
    np.testing.assert_array_equal(reading.probabilities, [1, 0])
    assert np.isfinite(class_weights(network, params)).all()


def test_class_weights_of_one_layer_are_its_own() -> None:
    W = class_weights(softmax_network(2, 3), small_params())
    np.testing.assert_array_equal(W, small_params()["W"])


def test_class_weights_through_a_hidden_layer_are_the_product() -> None:
    network = mlp_network(2, 2, 2, ReLU())
    params = {
        "W1": np.array([[1, 2], [3, 4]], np.float32),
        "b1": np.ones(2, np.float32),
        "W2": np.array([[1, 0], [1, 1]], np.float32),
        "b2": np.ones(2, np.float32),
    }
    np.testing.assert_array_equal(class_weights(network, params), [[3, 2], [7, 4]])


def test_what_is_returned_is_not_the_models_own_array() -> None:
    params = small_params()
    class_weights(softmax_network(2, 3), params)[:] = 0
    np.testing.assert_array_equal(params["W"], small_params()["W"])


def test_many_are_read_as_each_by_itself() -> None:
    network = softmax_network(784, 10)
    rng = np.random.default_rng(3)
    params = {"W": rng.normal(size=(784, 10)).astype(np.float32), "b": np.zeros(10, np.float32)}
    digits = rng.integers(0, 256, (6, 784)).astype(np.uint8)
    together = read_samples(network, params, digits)
    for digit, row in zip(digits, together, strict=True):
        assert np.allclose(read_digit(network, params, digit).probabilities, row, atol=1e-6)
