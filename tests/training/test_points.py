"""A few measurements of a run: in order, bounded, forgotten with the steps they are of."""

from __future__ import annotations

import numpy as np

from softmax_core.training.points import MAX_POINTS, Points


def test_values_stand_in_the_order_of_their_steps_and_one_replaces_that_of_its_step() -> None:
    points = Points()
    for step, value in ((4, 1.0), (16, 3.0), (8, 2.0), (16, 5.0), (0, 0.5)):
        points.add(step, value)
    np.testing.assert_array_equal(points.steps, [0, 4, 8, 16])
    np.testing.assert_array_equal(points.values, [0.5, 1.0, 2.0, 5.0])


def test_there_are_never_too_many_and_the_first_and_the_newest_stay() -> None:
    points = Points()
    for step in range(10 * MAX_POINTS):
        points.add(step, float(step))
        assert len(points.steps) <= MAX_POINTS
        assert (points.steps[0], points.steps[-1]) == (0, step)
    np.testing.assert_array_equal(points.steps, points.values)
    assert len(points.steps) > MAX_POINTS / 3


def test_what_is_later_than_a_step_is_forgotten() -> None:
    points = Points()
    for step in (1, 2, 4, 8):
        points.add(step, float(step))
    points.forget_after(4)
    np.testing.assert_array_equal(points.steps, [1, 2, 4])
    points.forget_after(0)
    assert not len(points.values)
