"""The smallest change flips the prediction, and nothing smaller does."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from softmax_core.errors import UserError
from softmax_core.explain.smallest_change import (
    PIXEL_BOUNDS,
    Change,
    smallest_change,
    smallest_change_to_any,
)
from softmax_core.nn import Params, predict_logits, predictions, softmax_network

PLANE = (-math.inf, math.inf)


def random_case(seed: int, n_features: int, n_classes: int) -> tuple[Params, np.ndarray]:
    rng = np.random.default_rng(seed)
    params = {
        "W": rng.normal(0, 0.5, (n_features, n_classes)).astype(np.float32),
        "b": rng.normal(0, 0.2, n_classes).astype(np.float32),
    }
    x: np.ndarray = rng.random(n_features) * (rng.random(n_features) < 0.4)
    return params, x.astype(np.float32)


def says(params: Params, x: np.ndarray) -> int:
    network = softmax_network(*params["W"].shape)
    return int(predictions(predict_logits(network, params, x[None].astype(np.float32)))[0])


def others_than(present: int, n_classes: int) -> list[int]:
    return [k for k in range(n_classes) if k != present]


def by_scipy(
    params: Params, x: np.ndarray, wanted: int, beaten: list[int], bounds: tuple[float, float]
) -> float:
    """The distance that a general solver finds: sequential quadratic programming (D. Kraft)."""
    W, b = params["W"].astype(float), params["b"].astype(float)
    d = W[:, [wanted]] - W[:, beaten]
    c = b[wanted] - b[beaten]
    start = x.astype(float)
    result = minimize(
        lambda p: ((p - start) ** 2).sum(),
        start,
        jac=lambda p: 2 * (p - start),
        bounds=[(None, None) if math.isinf(bounds[0]) else bounds] * len(x),
        constraints={"type": "ineq", "fun": lambda p: p @ d + c, "jac": lambda _p: d.T},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert result.success, result.message
    return float(np.sqrt(result.fun))


def test_in_the_plane_it_is_the_foot_of_the_perpendicular() -> None:
    # The boundary is 3 x + 4 y = 10; from the origin it is 2 away, at (1.2, 1.6).
    params = {"W": np.array([[0, 3], [0, 4]], np.float32), "b": np.array([10, 0], np.float32)}
    change = smallest_change(softmax_network(2, 2), params, np.zeros(2, np.float32), 1, PLANE)
    np.testing.assert_allclose(change.after, [1.2, 1.6], rtol=1e-5)
    assert change.distance == pytest.approx(2, rel=1e-5)
    assert change.distance > 2
    assert (change.present, change.wanted, change.prediction) == (0, 1, 1)
    assert change.rival is None


def test_pixels_stop_at_their_bounds_and_the_others_go_on() -> None:
    # 3 x + y >= 3.5 from (0, 0): x stops at 1, and y has to bring the last 0.5.
    params = {"W": np.array([[0, 3], [0, 1]], np.float32), "b": np.array([3.5, 0], np.float32)}
    change = smallest_change(softmax_network(2, 2), params, np.zeros(2, np.float32), 1)
    np.testing.assert_allclose(change.after, [1, 0.5], atol=1e-5)
    assert change.distance == pytest.approx(math.sqrt(1.25), rel=1e-5)


@given(st.integers(0, 2**32 - 1), st.sampled_from([(784, 10), (64, 10), (20, 3)]))
@settings(max_examples=60)
def test_it_flips_the_prediction_and_no_smaller_step_along_it_does(
    seed: int, shape: tuple[int, int]
) -> None:
    params, x = random_case(seed, *shape)
    network = softmax_network(*shape)
    present = says(params, x)
    change = smallest_change_to_any(network, params, x)
    assert change.present == present
    assert change.prediction == change.wanted != present
    assert says(params, change.after) == change.wanted
    assert change.after.min() >= 0
    assert change.after.max() <= 1
    step = change.after - change.before
    assert change.distance == pytest.approx(math.sqrt((step**2).sum()))
    # Along the straight way the boundary itself is crossed in front of the end, by a hair.
    d = params["W"][:, change.wanted].astype(float) - params["W"][:, present]
    gap = float(change.before @ d) + float(params["b"][change.wanted]) - params["b"][present]
    crossing = -gap / float(step @ d)
    assert 0 <= crossing < 1
    assert (1 - crossing) * change.distance < 2e-4
    for share in crossing * np.linspace(0, 0.99, 50):
        assert says(params, change.before + share * step) == present


@given(st.integers(0, 2**32 - 1), st.integers(0, 9))
@settings(max_examples=60)
def test_it_reaches_every_class_even_when_a_third_wins_on_the_way(seed: int, wanted: int) -> None:
    params, x = random_case(seed, 64, 10)
    present = says(params, x)
    if wanted == present:
        return
    network = softmax_network(64, 10)
    change = smallest_change(network, params, x, wanted)
    assert change.prediction == wanted
    assert says(params, change.after) == wanted
    assert (change.after >= 0).all()
    assert (change.after <= 1).all()
    assert change.distance >= smallest_change_to_any(network, params, x).distance * (1 - 1e-9)
    step = change.after - change.before
    for share in np.linspace(0, 0.98, 50):
        assert says(params, change.before + share * step) != wanted


@pytest.mark.parametrize("bounds", [PIXEL_BOUNDS, PLANE], ids=["pixels", "plane"])
def test_a_general_solver_finds_nothing_nearer(bounds: tuple[float, float]) -> None:
    with_rival = 0
    for seed in range(30):
        params, x = random_case(seed, 12, 4)
        network, present = softmax_network(12, 4), says(params, x)
        for wanted in others_than(present, 4):
            try:
                change = smallest_change(network, params, x, wanted, bounds)
            except UserError:
                continue
            beaten = others_than(wanted, 4) if change.rival is not None else [present]
            expected = by_scipy(params, x, wanted, beaten, bounds)
            assert change.distance == pytest.approx(expected, rel=1e-3, abs=1e-4)
            # The hair beyond the boundary makes it longer, never shorter.
            assert change.distance >= expected * (1 - 1e-6)
            with_rival += change.rival is not None
        nearest = smallest_change_to_any(network, params, x, bounds)
        all_ways = [by_scipy(params, x, k, [present], bounds) for k in [nearest.wanted]]
        assert nearest.distance == pytest.approx(min(all_ways), rel=1e-3, abs=1e-4)
    assert with_rival >= 5


def test_a_third_class_that_wins_on_the_way_is_named() -> None:
    # On a line of one pixel: class 0 up to 0.2, class 1 to 0.6, class 2 beyond;
    # class 2 beats class 0 from 0.4 on, where class 1 still wins.
    W = np.array([[0, 10, 15]], np.float32)
    params = {"W": W, "b": np.array([0, -2, -5], np.float32)}
    x = np.array([0.1], np.float32)
    change = smallest_change(softmax_network(1, 3), params, x, 2)
    assert (change.rival, change.prediction) == (1, 2)
    assert change.after[0] == pytest.approx(0.6, rel=1e-4)
    nearest = smallest_change_to_any(softmax_network(1, 3), params, x)
    assert (nearest.wanted, nearest.rival) == (1, None)
    assert nearest.after[0] == pytest.approx(0.2, rel=1e-4)


def test_what_no_valid_picture_can_do_is_said() -> None:
    params = {"W": np.array([[0, 1], [0, -1]], np.float32), "b": np.array([1.5, 0], np.float32)}
    network, x = softmax_network(2, 2), np.full(2, 0.5, np.float32)
    with pytest.raises(UserError, match="No picture with pixels from 0 to 1"):
        smallest_change(network, params, x, 1)
    with pytest.raises(UserError, match="No picture"):
        smallest_change_to_any(network, params, x)
    assert smallest_change(network, params, x, 1, PLANE).prediction == 1


def test_a_class_that_beats_each_other_somewhere_but_never_all_is_impossible() -> None:
    # Class 1 is the mean of 0 and 2, less a little: one of them is always above it.
    W = np.array([[-1, 0, 1]], np.float32)
    params = {"W": W, "b": np.array([0, -0.1, 0], np.float32)}
    x = np.array([-0.5], np.float32)
    with pytest.raises(UserError, match="from -1 to 1"):
        smallest_change(softmax_network(1, 3), params, x, 1, (-1, 1))


def test_pixels_without_weight_do_not_move() -> None:
    params = {"W": np.array([[0, 1], [3, 3]], np.float32), "b": np.array([0.5, 0], np.float32)}
    change = smallest_change(softmax_network(2, 2), params, np.zeros(2, np.float32), 1)
    assert change.after[1] == 0
    assert change.after[0] == pytest.approx(0.5, rel=1e-4)


def test_what_makes_no_sense_is_refused() -> None:
    params, x = random_case(0, 6, 3)
    network = softmax_network(6, 3)
    with pytest.raises(UserError, match="already"):
        smallest_change(network, params, x, says(params, x))
    with pytest.raises(UserError, match="3 is not one"):
        smallest_change(network, params, x, 3)
    with pytest.raises(UserError, match="from 0 to 1; these go from 0 to 2"):
        smallest_change_to_any(network, params, np.array([0, 2, 0, 0, 0, 0], np.float32))


def test_nothing_that_was_passed_in_is_changed() -> None:
    params, x = random_case(0, 6, 3)
    for array in (*params.values(), x):
        array.setflags(write=False)
    change: Change = smallest_change_to_any(softmax_network(6, 3), params, x)
    np.testing.assert_array_equal(change.before, x)
