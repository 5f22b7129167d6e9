"""The three rules by which ours agrees with a published figure, on cases worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from softmax_core.training.recipes.judge import Row, holds, one_agrees
from softmax_core.training.recipes.recipe import BOUNDS, COVERS, WITHIN, Claim


def claim(rule: str, low: float | None, high: float | None, margin: float = 0.5) -> Claim:
    return Claim("x", "x", "train_loss", 1, low, high, rule, margin, "")


@pytest.mark.parametrize(
    ("published", "agrees"), [(2.5, True), (3.0, True), (4.5, True), (2.4, False), (4.6, False)]
)
def test_a_random_figure_lies_in_our_spread_widened_by_the_margin(
    published: float, agrees: bool
) -> None:
    assert holds(claim(COVERS, published, published), (4.0, 3.0, 3.5)) is agrees


@pytest.mark.parametrize(
    ("values", "agrees"), [((1.5, 3.5), True), ((1.4, 3.0), False), ((2.0, 3.6), False)]
)
def test_every_run_lies_in_the_range_widened_by_the_margin(
    values: tuple[float, ...], agrees: bool
) -> None:
    assert holds(claim(WITHIN, 2.0, 3.0), values) is agrees


def test_every_run_keeps_to_the_bounds_and_a_margin_does_not_help() -> None:
    assert holds(claim(BOUNDS, None, 0.5), (0.1, 0.499))
    assert not holds(claim(BOUNDS, None, 0.5), (0.1, 0.5))
    assert holds(claim(BOUNDS, 0.7, None), (0.71, 1.0))
    assert not holds(claim(BOUNDS, 0.7, None), (0.7, 0.9))


@pytest.mark.parametrize("rule", [COVERS, WITHIN, BOUNDS])
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_no_claim_holds_with_a_value_that_is_not_finite(rule: str, bad: float) -> None:
    assert not holds(claim(rule, 2.0, 2.0, margin=100.0), (2.0, bad))


def test_a_row_without_values_is_not_judged() -> None:
    row = Row(claim(COVERS, 2.0, 2.0), ())
    assert row.passed is None
    assert all(math.isnan(v) for v in (row.minimum, row.middle, row.maximum))
    row = Row(claim(COVERS, 2.0, 2.0), (3.0, 1.0, 1.5, 2.0))
    assert (row.minimum, row.middle, row.maximum, row.passed) == (1.0, 1.75, 3.0, True)


def test_one_run_is_held_to_the_published_figure_and_to_our_others() -> None:
    figure = claim(COVERS, 4.0, 4.0)
    assert one_agrees(figure, 3.5, ())
    assert not one_agrees(figure, 3.4, ())
    assert one_agrees(figure, 1.5, (2.0, 3.0))  # as low as ours, if not as theirs
    assert not one_agrees(figure, 1.4, (2.0, 3.0))
    assert not one_agrees(claim(BOUNDS, None, 0.5), 0.6, (0.7,))


def test_the_rule_for_margins_keeps_99_of_100_runs_and_turns_away_what_is_off() -> None:
    # As the margins were measured: one run against five others of the same kind.
    rng = np.random.default_rng(0)
    margin = 1.9
    kept = [
        holds(claim(COVERS, x, x, margin), rng.normal(size=5).tolist())
        for x in rng.normal(size=4_000)
    ]
    assert 0.98 < np.mean(kept) < 0.998
    off = [
        holds(claim(COVERS, x, x, margin), rng.normal(size=5).tolist())
        for x in rng.normal(6.0, 1.0, size=4_000)
    ]
    assert np.mean(off) < 0.05
