"""The lanes of a race in the address: what can be read comes back, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from softmax_core.training import TrainingConfig
from ui.race.address import read_lanes, write_lanes
from ui.race.differs import DIFFERENCES, first_values, lane_configs
from ui.state import RaceSetup

BASE = TrainingConfig(epochs=3)


@pytest.mark.parametrize(
    ("link", "field", "values"),
    [
        ("lr:0.5,0.01", "learning_rate", (0.01, 0.5)),
        ("batch:1,8,4000", "batch_size", (1, 8, 4_000)),
        ("network:softmax,mlp", "network", ("softmax", "mlp")),
        ("examples:100,0", "n_train", (100, 0)),
        ("momentum:0,0.9", "momentum", (0.0, 0.9)),
        ("init:zero,unit-normal", "init", ("zero", "unit-normal")),
        ("l2:0,0.1", "l2", (0.0, 0.1)),
        ("lr:0.1,0.2,0.3,0.5,0.7,1,2,3", "learning_rate", (0.1, 0.2, 0.3, 0.5, 0.7, 1.0)),
        ("lr:0.1,17,nan,0.5,0.5", "learning_rate", (0.1, 0.5)),
    ],
)
def test_what_a_link_says_is_read(link: str, field: str, values: tuple[Any, ...]) -> None:
    assert read_lanes({"race": link}, BASE) == (field, values)


@pytest.mark.parametrize(
    "link",
    ["", "lr", "lr:", "lr:0.5", "lr:0.5,0.5,x", "epochs:1,2", "data:digits,mnist", "x" * 999],
)
def test_what_cannot_be_read_is_passed_over(link: str) -> None:
    assert read_lanes({"race": link}, BASE) is None


@pytest.mark.parametrize("field", DIFFERENCES)
def test_the_usual_lanes_can_be_raced_and_come_back(field: str) -> None:
    setup = RaceSetup(BASE, field, first_values(field, BASE))
    assert 2 <= len(lane_configs(*setup)) <= 6
    assert read_lanes(write_lanes(setup), BASE) == (field, setup.values)
