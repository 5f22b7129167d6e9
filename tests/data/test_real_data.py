"""The real MNIST and Fashion-MNIST, where SOFTMAX_DATA names a folder that holds them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest

from softmax_core.data import store
from softmax_core.data.embedded import load_embedded
from softmax_core.data.store import is_available, open_dataset
from tests.real_data import real_folder


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    real_folder("mnist", "fashion-mnist")
    patch = pytest.MonkeyPatch()
    patch.setenv("SOFTMAX_CACHE", str(tmp_path_factory.mktemp("cache")))
    patch.setattr(store, "_SHARED", store._Shared())
    yield
    patch.undo()


def test_mnist_has_the_digits_and_counts_it_is_known_for() -> None:
    assert is_available("mnist")
    mnist = open_dataset("mnist")
    assert mnist.train_images.shape == (60_000, 784)
    assert mnist.test_images.shape == (10_000, 784)
    assert mnist.train_labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert np.bincount(mnist.test_labels)[1] == 1_135


def test_fashion_has_6000_of_each_class() -> None:
    fashion = open_dataset("fashion-mnist")
    assert np.bincount(fashion.train_labels).tolist() == [6_000] * 10
    assert fashion.info.class_names[fashion.train_labels[0]] == "Ankle boot"


def test_the_embedded_sample_is_from_the_training_file_and_none_of_it_from_the_test_file() -> None:
    mnist, sample = open_dataset("mnist"), load_embedded("mnist-5k")
    train = {row.tobytes() for row in mnist.train_images[:6_000]}
    test = {row.tobytes() for row in mnist.test_images}
    rows = [row.tobytes() for row in np.concatenate([sample.train_images, sample.test_images])]
    assert train.issuperset(rows)
    assert test.isdisjoint(rows)


def test_a_second_use_takes_less_than_a_tenth_of_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    open_dataset("mnist")
    times = []
    for _ in range(3):  # the best of three: other programs may be running
        monkeypatch.setattr(store, "_SHARED", store._Shared())
        start = time.perf_counter()
        open_dataset("mnist")
        times.append(time.perf_counter() - start)
    assert min(times) < 0.1
