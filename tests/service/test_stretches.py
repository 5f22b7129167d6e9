"""What each stretch of a run was trained with, as a small case worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from softmax_core.service.stretches import MAX_STRETCHES, Leg, Stretches
from tests.service.by_hand import FAST

SLOW, QUICK = replace(FAST, learning_rate=0.1), replace(FAST, learning_rate=0.5)


@pytest.fixture
def stretches() -> Stretches:
    """Twenty steps slow, then quick."""
    made = Stretches()
    made.begin(0, SLOW)
    made.begin(10, SLOW)
    made.begin(20, QUICK)
    return made


@pytest.mark.parametrize(
    ("first", "last", "legs"),
    [
        (0, 5, (Leg(SLOW, 5),)),
        (8, 20, (Leg(SLOW, 20),)),
        (8, 21, (Leg(SLOW, 20), Leg(QUICK, 21))),
        (20, 30, (Leg(QUICK, 30),)),
        (25, 30, (Leg(QUICK, 30),)),
    ],
)
def test_a_way_has_a_leg_for_each_stretch_it_crosses(
    stretches: Stretches, first: int, last: int, legs: tuple[Leg, ...]
) -> None:
    assert stretches.legs(first, last) == legs


def test_what_is_made_anew_counts_and_not_what_was_before(stretches: Stretches) -> None:
    stretches.begin(15, QUICK)
    assert stretches.legs(0, 30) == (Leg(SLOW, 15), Leg(QUICK, 30))
    stretches.forget_after(15)
    stretches.begin(15, SLOW)
    assert stretches.legs(0, 30) == (Leg(SLOW, 30),)


def test_where_weights_were_replaced_is_known_until_it_is_forgotten(stretches: Stretches) -> None:
    stretches.replace_at(12)
    stretches.replace_at(12)
    assert stretches.replaced_between(8, 16) == 12
    assert stretches.replaced_between(12, 16) is None  # from the replaced weights themselves
    assert stretches.replaced_between(8, 11) is None
    stretches.restore_at(12)
    assert stretches.replaced_between(8, 16) == 12  # the other one
    stretches.restore_at(12)
    assert stretches.replaced_between(8, 16) is None
    stretches.replace_at(18)
    stretches.forget_after(17)
    assert stretches.replaced_between(0, 30) is None


def test_of_what_is_too_long_ago_nothing_is_known(stretches: Stretches) -> None:
    for i in range(MAX_STRETCHES):
        stretches.begin(100 + i, replace(FAST, learning_rate=0.01 * (i + 1)))
    assert stretches.legs(0, 5) is None
    assert stretches.legs(100, 101) is not None
