"""Decision regions: where a model changes its mind, against lines worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.explain import Bounds, bounds_of, decision_regions, predict_samples
from softmax_core.explain.regions import MAX_SIDE, grid_points
from softmax_core.nn import Params, softmax_network

UNIT = Bounds(-1.0, 1.0, -1.0, 1.0)


def corner_params() -> Params:
    # Class 0 wants x small, class 1 x large, class 2 y large: all three meet in the origin.
    W = np.array([[-1.0, 1.0, 0.0], [0.0, 0.0, 1.0]], np.float32)
    return {"W": W, "b": np.zeros(3, np.float32)}


def test_regions_meet_on_the_lines_where_two_logits_are_equal() -> None:
    regions = decision_regions(softmax_network(2, 3), corner_params(), UNIT, 8)
    for (x, y), chosen in zip(grid_points(UNIT, 8), regions.classes.ravel(), strict=True):
        logits = [-x, x, y]
        assert logits[chosen] == max(logits)
    assert regions.classes[0, 3] == regions.classes[0, 4] == 2  # the first row is the top
    assert list(regions.classes[-1]) == [0] * 4 + [1] * 4


def test_the_confidence_is_the_softmax_of_the_logits() -> None:
    regions = decision_regions(softmax_network(2, 3), corner_params(), UNIT, 2)
    x, y = grid_points(UNIT, 2)[3]  # the lower right one
    assert (x, y) == (0.5, -0.5)
    expected = np.exp(0.5) / (np.exp(-0.5) + np.exp(0.5) + np.exp(-0.5))
    assert regions.confidence[1, 1] == pytest.approx(expected)


def test_the_grid_lies_in_the_middles_of_its_cells() -> None:
    grid = grid_points(Bounds(0.0, 4.0, 10.0, 12.0), 2)
    np.testing.assert_allclose(grid, [[1, 11.5], [3, 11.5], [1, 10.5], [3, 10.5]])


def test_bounds_hold_every_point_and_a_margin() -> None:
    bounds = bounds_of(np.array([[0.0, 5.0]]), np.array([[10.0, 5.0]]))
    assert bounds.left == pytest.approx(-0.6)
    assert bounds.right == pytest.approx(10.6)
    assert bounds.bottom < 5 < bounds.top


def test_on_the_blobs_each_class_gets_its_own_ground() -> None:
    # An independent fit: each class pulls towards its mean (the nearest-mean classifier).
    dataset = open_dataset("blobs")
    points, labels = np.asarray(dataset.train_images), dataset.train_labels
    means = np.array([points[labels == k].mean(axis=0) for k in range(3)])
    params = {
        "W": means.T.astype(np.float32),
        "b": (-(means**2).sum(axis=1) / 2).astype(np.float32),
    }
    network = softmax_network(2, 3)
    bounds = bounds_of(points)
    regions = decision_regions(network, params, bounds, 64)
    assert set(regions.classes.ravel()) == {0, 1, 2}
    nearest = ((points[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    np.testing.assert_array_equal(predict_samples(network, params, points), nearest)


def test_weights_that_overflow_still_give_finite_regions() -> None:
    params = {"W": np.full((2, 3), 3e38, np.float32), "b": np.zeros(3, np.float32)}
    params["W"][:, 1] = np.inf
    regions = decision_regions(softmax_network(2, 3), params, UNIT, 5)
    assert np.isfinite(regions.confidence).all()


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(UserError, match="1 to 512"):
        decision_regions(softmax_network(2, 3), corner_params(), UNIT, MAX_SIDE + 1)
    params = {"W": np.zeros((3, 2), np.float32), "b": np.zeros(2, np.float32)}
    with pytest.raises(UserError, match="2"):
        decision_regions(softmax_network(3, 2), params, UNIT, 4)
