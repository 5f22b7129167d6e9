"""The contrast is the difference of logits; the strokes that decided are as few as can be."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from softmax_core.errors import UserError
from softmax_core.explain.contrast import PLACES, connected, contrast_of, decision_of, place_of
from softmax_core.explain.ledger import evidence_ledger
from softmax_core.nn import predict_logits, relu_softmax_network, softmax_network


def random_case(
    seed: int, n_features: int = 784, dtype: type[np.floating[Any]] = np.float32
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    rng = np.random.default_rng(seed)
    params: dict[str, np.ndarray] = {
        "W": rng.normal(0, 0.3, (n_features, 10)).astype(dtype),
        "b": rng.normal(0, 1, 10).astype(dtype),
    }
    x: np.ndarray = (rng.random(n_features) * (rng.random(n_features) < 0.3)).astype(dtype)
    return params, x


@given(st.integers(0, 2**32 - 1), st.integers(0, 9), st.integers(1, 9))
def test_the_contrast_equals_the_difference_of_logits(seed: int, a: int, step: int) -> None:
    b = (a + step) % 10
    for dtype in (np.float32, np.float64):
        params, x = random_case(seed, 100, dtype)
        contrast = contrast_of(softmax_network(100, 10), params, x, (a, b))
        logits = predict_logits(softmax_network(100, 10), params, x[None])[0].astype(np.float64)
        bound = (
            210 * float(np.finfo(dtype).eps) * (float(np.abs(params["W"][:, [a, b]]).sum()) + 10.0)
        )
        assert contrast.difference == logits[a] - logits[b]
        assert contrast.total == pytest.approx(contrast.difference, rel=0, abs=bound)
        sums = evidence_ledger(softmax_network(100, 10), params, x).sums
        assert contrast.total == pytest.approx(sums[a] - sums[b], rel=0, abs=1e-13)
        assert contrast.products.sum() + contrast.bias == pytest.approx(contrast.total, abs=1e-12)
        assert contrast.ink_for + contrast.ink_against + contrast.bias == pytest.approx(
            contrast.total, abs=1e-12
        )


def test_why_b_and_not_a_is_the_negative_of_why_a_and_not_b() -> None:
    params, x = random_case(1)
    one, other = (
        contrast_of(softmax_network(784, 10), params, x, pair) for pair in [(4, 9), (9, 4)]
    )
    np.testing.assert_array_equal(one.products, -other.products)
    assert (one.total, one.bias, one.ink_for) == (-other.total, -other.bias, -other.ink_against)


def test_with_relu_the_contrast_is_that_of_the_logits_before_it() -> None:
    params = {"W": np.array([[3, -2]], np.float32), "b": np.zeros(2, np.float32)}
    network = relu_softmax_network(1, 2)
    assert contrast_of(network, params, np.ones(1, np.float32), (0, 1)).total == 5


def test_a_case_worked_by_hand() -> None:
    params = {
        "W": np.array([[5, 0], [1, 0], [0, 9], [0, 0], [0, 0], [2, 0], [1, 0], [1, 0], [4, 2]]),
        "b": np.zeros(2),
    }
    network = softmax_network(9, 2)
    contrast = contrast_of(network, params, np.ones(9), (0, 1))
    assert contrast.products.tolist() == [5, 1, -9, 0, 0, 2, 1, 1, 2]
    assert (contrast.ink_for, contrast.ink_against, contrast.total) == (12, -9, 3)
    decision = decision_of(contrast, (3, 3), 0.75)  # 9 of 12: the 5 and both 2
    assert decision.mask.tolist() == [
        [True, False, False],
        [False, False, True],
        [False, False, True],
    ]
    assert decision.share == 0.75
    assert [(region.evidence, region.place) for region in decision.regions] == [
        (5, "upper left"),
        (4, "lower right"),
    ]


@given(st.lists(st.integers(-5, 5), min_size=6, max_size=6), st.sampled_from([0.1, 0.5, 0.8, 1]))
def test_no_smaller_set_of_pixels_holds_as_much(products: list[int], share: float) -> None:
    W = np.zeros((6, 2))
    W[:, 0] = products
    network = softmax_network(6, 2, bias=False)
    contrast = contrast_of(network, {"W": W}, np.ones(6), (0, 1))
    decision = decision_of(contrast, (2, 3), share)
    wanted = share * sum(p for p in products if p > 0)
    n_pixels = int(decision.mask.sum())
    assert sum(np.array(products)[decision.mask.ravel()]) >= wanted - 1e-12
    for fewer in combinations(products, max(n_pixels - 1, 0)):
        assert sum(fewer) < wanted - 1e-12 or n_pixels == 0
    assert sum(region.evidence for region in decision.regions) == pytest.approx(
        contrast.ink_for * decision.share
    )


@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_regions_are_those_of_scipy(seed: int, share: float) -> None:
    mask = np.random.default_rng(seed).random((9, 7)) < share
    labelled, n_groups = ndimage.label(mask, structure=np.ones((3, 3)))
    groups = connected(mask)
    assert len(groups) == n_groups
    expected = {(labelled == number).tobytes() for number in range(1, n_groups + 1)}
    assert {group.tobytes() for group in groups} == expected


def test_every_place_has_its_name_within_the_digit() -> None:
    ink = np.zeros((28, 28), bool)
    ink[4:24, 8:20] = True  # thirds end at 10.7 and 17.3 down, 12 and 16 across
    for row, names in zip((4, 14, 23), PLACES, strict=True):
        for column, name in zip((8, 14, 19), names, strict=True):
            weights = np.zeros((28, 28))
            weights[row, column] = 2.0
            assert place_of(weights, ink) == name


def test_without_evidence_nothing_decided() -> None:
    params = {"W": np.array([[-1.0, 0], [0, 2]])}
    network = softmax_network(2, 2, bias=False)
    decision = decision_of(contrast_of(network, params, np.ones(2), (0, 1)), (1, 2))
    assert not decision.mask.any()
    assert (decision.share, decision.regions) == (0.0, ())


def test_what_cannot_be_compared_is_refused() -> None:
    params, x = random_case(0)
    network = softmax_network(784, 10)
    with pytest.raises(UserError, match="different"):
        contrast_of(network, params, x, (4, 4))
    with pytest.raises(UserError, match="10 is not one"):
        contrast_of(network, params, x, (4, 10))
    with pytest.raises(UserError, match="64 values; this has 784"):
        decision_of(contrast_of(network, params, x, (4, 9)), (8, 8))
