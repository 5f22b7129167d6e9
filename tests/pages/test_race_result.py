"""Who has won, in words: by how much, whether that may be chance, and who had bet on it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from softmax_core.explain.compared import Compared
from softmax_core.training import TrainingConfig
from ui.race.differs import difference_of, lane_name, lane_title
from ui.race.result import bets_told, lead_told
from ui.race.standings import Standing, ranked


def standing(name: str, accuracy: float, *, stopped: bool = False) -> Standing:
    return Standing(name, 96, 0.4, accuracy, stopped)


def test_a_lead_is_told_with_what_it_is_worth() -> None:
    first, second = standing("Learning rate 0.5", 0.87), standing("0.1", 0.86)
    assert lead_told(first, second, Compared(1_000, 28, 18)) == (
        "Learning rate 0.5 wins with 87.0 %, 1.0 points ahead of 0.1. Of 1,000 test pictures 28 "
        "are read right by the first alone, 18 by the second alone: within the noise, other test "
        "pictures could turn it around."
    )
    told = lead_told(first, standing("0.1", 0.774), Compared(1_000, 120, 24))
    assert "9.6 points ahead" in told
    assert told.endswith("more than chance.")


def test_lanes_that_end_level_are_said_to() -> None:
    told = lead_told(standing("0.5", 0.87), standing("0.1", 0.87), Compared(1_000, 9, 9))
    assert told.startswith("0.5 and 0.1 end level at 87.0 %.")
    assert "noise" in told


@pytest.mark.parametrize(
    ("tally", "told"),
    [
        ({}, ""),
        ({"0.1": 4}, "None of 4 bets was on it."),
        ({"0.1": 1, "0.5": 3}, "3 of 4 bets were on it."),
        ({"0.5": 5}, "All 5 bets were on it."),
    ],
)
def test_the_bets_are_counted(tally: dict[str, int], told: str) -> None:
    order = ranked([standing("0.1", 0.86), standing("0.5", 0.87), standing("5", math.nan)])
    assert [each.name for each in order] == ["0.5", "0.1"]
    assert bets_told(order, tally) == told


def test_bets_on_any_of_the_level_lanes_are_right() -> None:
    order = ranked([standing("0.1", 0.87), standing("0.5", 0.87), standing("5", 0.5)])
    assert bets_told(order, {"0.1": 1, "0.5": 2, "5": 3}) == "3 of 6 bets were on it."


@pytest.mark.parametrize(
    ("field", "value", "name", "title"),
    [
        ("learning_rate", 0.5, "0.5", "Learning rate 0.5"),
        ("batch_size", 64, "64", "Batch size 64"),
        ("batch_size", 4_000, "full", "Batch size full"),
        ("n_train", 2_000, "2,000", "2,000 pictures"),
        ("n_train", 0, "all 4,000", "All 4,000 pictures"),
        ("network", "mlp", "One hidden layer", "One hidden layer"),
        ("init", "zero", "all zero", "Initial weights all zero"),
        ("momentum", 0.9, "0.9", "Momentum 0.9"),
    ],
)
def test_a_lane_has_a_short_name_and_one_to_begin_a_sentence_with(
    field: str, value: Any, name: str, title: str
) -> None:
    config = replace(TrainingConfig(), **{field: value})
    assert (lane_name(config, field), lane_title(config, field)) == (name, title)


def test_what_lanes_differ_in_is_found_from_their_settings() -> None:
    assert difference_of([TrainingConfig(), TrainingConfig(momentum=0.9)]) == "momentum"
    assert difference_of([TrainingConfig()]) == "learning_rate"
