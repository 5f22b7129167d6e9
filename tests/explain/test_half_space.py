"""The multiplier against bisection, also from starts outside the bounds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_core.explain.half_space import HalfSpace, smallest_multiplier


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_it_is_the_first_multiplier_that_bisection_finds(seed: int, outside: bool) -> None:
    rng = np.random.default_rng(seed)
    d = rng.normal(size=9) * (rng.random(9) < 0.8)
    base = rng.normal(0.5, 2, 9) if outside else rng.random(9)
    least = float(np.clip(base, 0, 1) @ d + rng.random() * 2)

    def reached(t: float) -> float:
        return float(np.clip(base + t * d, 0, 1) @ d)

    found = smallest_multiplier(HalfSpace(d, least), base, (0, 1))
    if found is None:
        assert reached(1e9) < least + 1e-9
        return
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) >= least else (middle, high)
    assert found == pytest.approx(high, rel=1e-6, abs=1e-9)


def test_who_is_there_already_need_not_move() -> None:
    assert smallest_multiplier(HalfSpace(np.ones(2), 1.0), np.ones(2), (0, 1)) == 0


def test_without_bounds_it_is_a_division() -> None:
    side = HalfSpace(np.array([3.0, 4.0]), 10.0)
    found = smallest_multiplier(side, np.zeros(2), (-math.inf, math.inf))
    assert found == pytest.approx(10 / 25)


def test_a_side_that_no_weight_leads_to_is_never_reached() -> None:
    assert smallest_multiplier(HalfSpace(np.zeros(3), 1.0), np.zeros(3), (0, 1)) is None
