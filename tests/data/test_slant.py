"""Slant removed: a sheared picture comes back, and drawings go the training set's way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from softmax_core.data import derived
from softmax_core.data.catalogue import dataset_info
from softmax_core.data.derived import most_unusual
from softmax_core.data.embedded import load_embedded
from softmax_core.data.ink import ink_to_digit
from softmax_core.data.resample import box_weights, box_weights_of_many
from softmax_core.data.slant import moments, upright, without_slant
from softmax_core.data.store import open_dataset
from softmax_core.data.varied import varied


def slanted_bar(shear: float) -> np.ndarray:
    y, x = np.mgrid[:60, :60]
    bar: np.ndarray = np.clip(4.5 - np.abs(x - 30 - shear * (y - 30)), 0, 1)
    made: np.ndarray = bar * (np.abs(y - 30) < 20)
    return made


@pytest.mark.parametrize("shear", [-0.6, -0.2, 0.0, 0.3, 0.7])
def test_a_sheared_bar_stands_upright_again_and_keeps_its_ink(shear: float) -> None:
    bar = slanted_bar(shear)
    made = without_slant(bar[None])
    found = moments(made)
    assert found.covariance[0] == pytest.approx(0, abs=0.5)
    assert made.sum() == pytest.approx(bar.sum(), rel=0.01)
    assert np.ptp(np.flatnonzero(made[0].sum(axis=0) > 1)) <= 11  # as wide as the bar was


def test_weights_of_many_are_those_of_each() -> None:
    scale, offset = np.array([0.4, 1.0, 2.3]), np.array([3.0, -1.5, 0.2])
    many = box_weights_of_many(9, 28, scale, offset)
    for k in range(3):
        np.testing.assert_allclose(many[k], box_weights(9, 28, scale[k], offset[k]))


def test_a_drawing_is_prepared_exactly_as_the_training_pictures_are() -> None:
    images = load_embedded("mnist-5k").test_images[:50]
    for image, made in zip(images, upright(images), strict=True):
        digit = ink_to_digit(image.reshape(28, 28), upright=True)
        assert digit is not None
        assert np.abs(digit.ravel().astype(int) - made.astype(int)).max() <= 1


def test_a_blank_picture_stays_blank() -> None:
    assert not upright(np.zeros((3, 784), np.uint8)).any()


def test_variations_are_the_same_for_the_same_seed_and_stay_near_the_picture() -> None:
    images = load_embedded("mnist-5k").test_images[:30]
    one, again, other = (varied(images, (28, 28), seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()
    likeness = [np.corrcoef(a, b)[0, 1] for a, b in zip(images, one, strict=True)]
    assert min(likeness) > 0.3
    assert np.median(likeness) > 0.7


def test_the_picture_nearest_to_another_average_is_the_most_unusual() -> None:
    images = np.array([[0, 0], [0, 2], [9, 9], [10, 10], [10, 8], [0, 1]], np.uint8)
    labels = np.array([0, 0, 0, 1, 1, 0], np.uint8)
    assert most_unusual(images, labels, 1).tolist() == [2]


def test_the_set_of_unusual_digits_holds_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    assert dataset_info("mnist-unusual").n_train == 60_000 + 3 * 10_000 + 3 * 3_000
    source, plain = open_dataset("mnist-5k"), open_dataset("mnist-5k-upright")
    info = replace(dataset_info("mnist-unusual"), n_train=4_000 + 3 * 100 + 3 * 20, n_test=1_000)
    monkeypatch.setattr(derived, "dataset_info", lambda _: info)
    monkeypatch.setattr(derived, "_EUROPEAN_EACH", 20)
    made = derived.derive("mnist-unusual", source)
    np.testing.assert_array_equal(made.train_images[:4_000], plain.train_images)
    np.testing.assert_array_equal(made.test_images, plain.test_images)
    np.testing.assert_array_equal(made.train_labels[4_000:4_300].reshape(3, -1).std(axis=0), 0)
    foreign = np.bincount(made.train_labels[4_300:], minlength=10)
    assert foreign.tolist() == [0, 20, 0, 0, 0, 0, 0, 20, 0, 20]
    assert len(np.unique(made.train_images[4_000:], axis=0)) == 360  # no picture twice


def test_the_derived_set_has_the_same_labels_and_says_that_it_is_upright() -> None:
    plain, made = open_dataset("mnist-5k"), open_dataset("mnist-5k-upright")
    assert made.info.upright
    assert not plain.info.upright
    np.testing.assert_array_equal(made.test_labels, plain.test_labels)
    np.testing.assert_array_equal(made.test_images, upright(plain.test_images))
