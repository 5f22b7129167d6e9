"""Settings are checked when they are made, with the value in the sentence."""

from __future__ import annotations

from typing import Any

import pytest

from softmax_core.errors import UserError
from softmax_core.training import TrainingConfig


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("learning_rate", 0.0, "nothing is learned"),
        ("learning_rate", -0.1, "climbs the hill"),
        ("learning_rate", float("nan"), "nan"),
        ("learning_rate", float("inf"), "inf"),
        ("learning_rate", 1e308, "1e+308"),
        ("learning_rate", 10**400, "100000"),
        ("learning_rate", "0.1", "'0.1'"),
        ("learning_rate", True, "True"),
        ("batch_size", 0, "is 0"),
        ("batch_size", -5, "is -5"),
        ("batch_size", 1.5, "is 1.5"),
        ("batch_size", 10**9, "1000000000"),
        ("epochs", 0, "is 0"),
        ("epochs", 1_001, "from 1 to 1,000"),
        ("seed", -1, "is -1"),
        ("seed", 2**32, "4,294,967,295"),
        ("l2", -0.5, "-0.5"),
        ("l2", float("nan"), "nan"),
        ("momentum", 1.0, "between 0 and 0.99"),
        ("hidden_units", 0, "is 0"),
        ("network", "resnet", "'resnet'"),
        ("init", "", "''"),
        ("activation", "tanh", "'tanh'"),
        ("order", "random", "shuffled, file"),
    ],
)
def test_a_bad_setting_is_refused_with_its_value(setting: str, value: Any, words: str) -> None:
    with pytest.raises(UserError) as refused:
        TrainingConfig(**{setting: value})
    assert words in refused.value.text


@pytest.mark.parametrize(
    ("setting", "value", "same"),
    [
        ("learning_rate", 0.5, True),
        ("batch_size", 1, True),
        ("momentum", 0.9, True),
        ("l2", 0.1, True),
        ("epochs", 3, True),
        ("seed", 7, False),
        ("network", "mlp", False),
        ("init", "zero", False),
        ("dataset", "digits", False),
    ],
)
def test_only_some_settings_ask_for_a_new_start(setting: str, value: Any, same: bool) -> None:
    changed = TrainingConfig(**{setting: value})
    assert TrainingConfig().same_start(changed) is same
