"""Two models before the same pictures: counted one by one, and chance by SciPy's own test."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from softmax_core.data.store import open_dataset
from softmax_core.explain.compared import Compared, coin_chance, compare_on_test
from softmax_core.training import TrainingConfig
from softmax_core.training.start import first_state


@pytest.mark.parametrize(("first", "second"), [(0, 0), (28, 18), (84, 38), (1, 9), (600, 500)])
def test_the_chance_is_that_of_the_exact_sign_test(first: int, second: int) -> None:
    expected = binomtest(first, first + second).pvalue if first + second else 1.0
    assert coin_chance(first, second) == pytest.approx(expected, rel=1e-9)
    assert coin_chance(second, first) == coin_chance(first, second)


def test_a_small_lead_is_noise_and_a_large_one_is_not() -> None:
    assert Compared(1_000, 28, 18).is_noise
    assert not Compared(1_000, 84, 38).is_noise


def test_the_pictures_only_one_reads_right_are_counted_one_by_one() -> None:
    dataset = open_dataset("digits")
    models, right = [], []
    for seed in (1, 2):
        config = TrainingConfig(dataset="digits", seed=seed, init="unit-normal")
        params = first_state(config, 64, 10).params
        logits = dataset.test_images.reshape(-1, 64) / 255 @ params["W"] + params["b"]
        models.append((config, params))
        right.append(logits.argmax(axis=1) == dataset.test_labels)
    found = compare_on_test(*models)
    assert found.n_pictures == len(dataset.test_labels)
    assert found.only_first == int((right[0] & ~right[1]).sum()) > 0
    assert found.only_second == int((right[1] & ~right[0]).sum()) > 0
