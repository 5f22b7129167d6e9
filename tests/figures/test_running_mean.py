"""The running mean, against a plain loop over single steps."""

from __future__ import annotations

import numpy as np
import pytest

from softmax_core.figures import running_mean, running_window


def test_a_case_worked_by_hand() -> None:
    # Buckets of 2 steps, a window of 4 steps: each point is the mean of itself and the one before.
    running = running_mean(np.array([2, 4, 6]), np.array([1.0, 3.0, 8.0]), 4)
    assert running.tolist() == [1.0, 2.0, 5.5]


def test_it_is_the_mean_over_the_last_steps_one_by_one() -> None:
    loss = np.random.default_rng(0).gamma(2, size=200)
    expected = [loss[max(0, i - 19) : i + 1].mean() for i in range(200)]
    np.testing.assert_allclose(running_mean(np.arange(1, 201), loss, 20), expected, rtol=1e-12)


def test_buckets_give_the_mean_over_the_steps_they_stand_for() -> None:
    loss = np.random.default_rng(1).gamma(2, size=80)
    buckets = loss.reshape(20, 4).mean(axis=1)
    expected = [loss[max(0, 4 * i - 16) : 4 * i].mean() for i in range(1, 21)]
    running = running_mean(np.arange(4, 84, 4), buckets, 16)
    np.testing.assert_allclose(running, expected, rtol=1e-12)


def test_a_half_full_last_bucket_counts_by_its_width() -> None:
    running = running_mean(np.array([4, 8, 9]), np.array([1.0, 1.0, 6.0]), 20)
    assert running[-1] == pytest.approx((4 * 1 + 4 * 1 + 1 * 6) / 9)


def test_a_curve_from_the_middle_of_a_run_does_not_overweight_its_first_point() -> None:
    running = running_mean(np.array([5_000, 5_001, 5_002]), np.array([9.0, 0.0, 0.0]), 20)
    assert running.tolist() == pytest.approx([9.0, 4.5, 3.0])


def test_what_is_not_finite_is_left_out_and_alone_leaves_a_gap() -> None:
    running = running_mean(np.array([1, 2, 3]), np.array([np.inf, 2.0, np.nan]), 20)
    np.testing.assert_array_equal(running, [np.nan, 2.0, 2.0])


def test_a_huge_spike_does_not_spoil_what_comes_after_its_window() -> None:
    loss = np.array([1e30] + [0.25] * 40)
    assert running_mean(np.arange(1, 42), loss, 20)[-1] == 0.25


def test_points_once_drawn_do_not_move() -> None:
    step, loss = np.arange(1, 101), np.random.default_rng(2).random(100)
    early = running_mean(step[:60], loss[:60], 20)
    np.testing.assert_array_equal(running_mean(step, loss, 20)[:60], early)


def test_an_empty_curve_has_an_empty_mean() -> None:
    assert running_mean(np.empty(0), np.empty(0), 20).shape == (0,)


@pytest.mark.parametrize(("width", "window"), [(1, 20), (4, 20), (8, 32), (64, 256)])
def test_the_window_is_four_buckets_and_never_under_twenty_steps(width: int, window: int) -> None:
    assert running_window(np.arange(1, 30) * width) == window


def test_the_window_of_no_points_is_twenty_steps() -> None:
    assert running_window(np.empty(0)) == 20
