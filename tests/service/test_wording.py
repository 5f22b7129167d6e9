"""Changed settings as marks on the curve: every one that may change in mid-run has a word."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from softmax_core.service.wording import change_of_settings
from softmax_core.training import TrainingConfig
from softmax_core.training.config import START_FIELDS
from softmax_core.training.taught import Taught

BEFORE = TrainingConfig()
AFTER: dict[str, Any] = {
    "learning_rate": 0.5,
    "batch_size": 64,
    "l2": 0.01,
    "momentum": 0.9,
    "gradient": "diagonal",
    "reduction": "sum",
    "softmax": "naive",
    "loss": "clipped",
    "pixels": "raw",
    "order": "file",
    "taught": (Taught(7, bytes(784)),),
}


def test_these_are_all_that_change_how_a_run_goes_on() -> None:
    names = {setting.name for setting in fields(TrainingConfig)}
    assert names - {*START_FIELDS, "epochs"} == set(AFTER)


@pytest.mark.parametrize("name", AFTER)
def test_a_change_is_said_with_both_values(name: str) -> None:
    text = change_of_settings(BEFORE, replace(BEFORE, **{name: AFTER[name]}))
    said = {"loss": "from logits → clipped", "pixels": "0–1 → 0–255", "taught": "0 → 1"}
    values = said.get(name, f"{getattr(BEFORE, name)} → {AFTER[name]}").replace("0.0 ", "0 ")
    assert text.endswith(f" {values}")


def test_what_did_not_change_is_not_mentioned() -> None:
    assert change_of_settings(BEFORE, replace(BEFORE, epochs=3)) == ""
    both = change_of_settings(BEFORE, replace(BEFORE, batch_size=32, softmax="naive"))
    assert both == "batch 128 → 32, softmax stable → naive"


def test_one_drawing_in_place_of_another_is_a_change_too() -> None:
    seven, one = (replace(BEFORE, taught=(Taught(label, bytes(784)),)) for label in (7, 1))
    assert change_of_settings(seven, one) == "other drawings"
    assert change_of_settings(one, BEFORE) == "drawings 1 → 0"
