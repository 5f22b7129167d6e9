"""Every value a setting can have has a name on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import pytest

from softmax_core.nn.variants import (
    GRADIENT_MISTAKES,
    LOSSES,
    REDUCTIONS,
    RIGHT_GRADIENTS,
    SOFTMAXES,
)
from softmax_core.training import TrainingConfig
from softmax_core.training.config import (
    ACTIVATIONS,
    BIASES,
    INITIAL_WEIGHTS,
    NETWORKS,
    ORDERS,
    PIXELS,
)
from ui import words
from ui.speeds import SPEEDS
from ui.unusual import unusual_settings

TITLES: list[tuple[Callable[[str], str], tuple[str, ...]]] = [
    (words.network_title, NETWORKS),
    (words.initial_weights_title, INITIAL_WEIGHTS),
    (words.activation_title, ACTIVATIONS),
    (words.bias_title, BIASES),
    (words.gradient_title, (*RIGHT_GRADIENTS, *GRADIENT_MISTAKES)),
    (words.reduction_title, REDUCTIONS),
    (words.softmax_title, SOFTMAXES),
    (words.loss_title, LOSSES),
    (words.pixels_title, PIXELS),
    (words.order_title, ORDERS),
    (words.speed_title, tuple(SPEEDS)),
    (words.setting_title, tuple(setting.name for setting in fields(TrainingConfig))),
]


@pytest.mark.parametrize(("title", "values"), TITLES)
def test_each_value_has_a_name_of_its_own(
    title: Callable[[str], str], values: tuple[str, ...]
) -> None:
    assert len({title(value) for value in values}) == len(values)


def test_usual_settings_need_no_words_and_each_other_one_has_some() -> None:
    assert unusual_settings(TrainingConfig()) == []
    assert unusual_settings(TrainingConfig(learning_rate=3.0, network="mlp")) == []
    assert unusual_settings(TrainingConfig(bias="none", pixels="raw")) == [
        "pixels 0 to 255",
        "no bias",
    ]
    config = TrainingConfig(
        gradient="diagonal", reduction="sum", softmax="naive", loss="clipped", order="file"
    )
    assert len(unusual_settings(config)) == 5


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1e-5, "0.00001"), (0.1, "0.1"), (0.0, "0"), (10.0, "10"), (0.015, "0.015")],
)
def test_small_numbers_are_written_as_one_types_them(value: float, shown: str) -> None:
    assert words.plain_number(value) == shown
