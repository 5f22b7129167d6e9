"""The smoothed losses of lanes: as many examples for each, and no bend where a window fills."""

from __future__ import annotations

import numpy as np
import pytest

from softmax_core.figures import examples_window, lane_means


def test_it_is_the_mean_over_the_last_quarter_and_then_over_the_window_step_by_step() -> None:
    loss = np.random.default_rng(0).gamma(2, size=200)
    expected = [loss[k - min(20, -(-k // 4)) : k].mean() for k in range(1, 201)]
    np.testing.assert_allclose(
        lane_means(np.arange(1, 201), loss, 128, 2_560), expected, rtol=1e-12
    )


@pytest.mark.parametrize("batch_size", [1, 10, 50])
def test_every_lane_is_averaged_over_as_many_examples(batch_size: int) -> None:
    n_steps = 6_000 // batch_size
    step, loss = np.arange(1, n_steps + 1), np.zeros(n_steps)
    loss[-100 // batch_size :] = 1.0  # the last 100 examples
    assert lane_means(step, loss, batch_size, 400)[-1] == pytest.approx(100 / 400)


def test_a_straight_curve_is_bent_nowhere() -> None:
    step = np.arange(1, 401)
    slopes = np.diff(lane_means(step, 5 - 0.01 * step, 128, 2_560))
    assert np.abs(slopes[8:] + 0.01).max() <= 0.0051  # half a step where a window grows by one
    assert np.abs(slopes[90:] + 0.01).max() < 1e-9


def test_the_window_is_twenty_of_the_smallest_batches_or_a_sixteenth_of_an_epoch() -> None:
    assert examples_window([128, 128], 4_000) == 2_560
    assert examples_window([1, 64, 4_000], 4_000) == 250
    assert examples_window([8, 512], 60_000) == 3_750


def test_a_batch_larger_than_the_window_and_a_curve_without_points() -> None:
    assert lane_means(np.array([1, 2]), np.array([3.0, 1.0]), 4_000, 250).tolist() == [3.0, 1.0]
    assert len(lane_means(np.array([]), np.array([]), 4_000, 250)) == 0
