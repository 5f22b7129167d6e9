"""Settings in the address bar: what is written is read back, for all settings there are."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_core import limits
from softmax_core.data.catalogue import DATASETS
from softmax_core.nn.variants import (
    BIAS_MISTAKES,
    GRADIENT_MISTAKES,
    LOSSES,
    REDUCTIONS,
    RIGHT_GRADIENTS,
    SOFTMAXES,
)
from softmax_core.training import Taught, TrainingConfig
from softmax_core.training.config import (
    ACTIVATIONS,
    BIASES,
    INITIAL_WEIGHTS,
    NETWORKS,
    ORDERS,
    PIXELS,
)
from tests.pages.own_folder import write_own_folder
from ui.address import read_settings, write_settings
from ui.datasets import dataset_names, dataset_title, find_dataset, name_to_save
from ui.speeds import SPEEDS

GRADIENTS = [
    *RIGHT_GRADIENTS,
    *("+".join(names) for n in (1, 2, 3) for names in combinations(GRADIENT_MISTAKES, n)),
]
GRADIENTS = [g for g in GRADIENTS if len(set(g.split("+")) & BIAS_MISTAKES) < 2]
CONFIGS = st.builds(
    TrainingConfig,
    dataset=st.sampled_from(list(DATASETS)),
    network=st.sampled_from(NETWORKS),
    learning_rate=st.floats(limits.MIN_LEARNING_RATE, limits.MAX_LEARNING_RATE),
    batch_size=st.integers(1, limits.MAX_SAMPLES),
    epochs=st.integers(1, limits.MAX_EPOCHS),
    seed=st.integers(0, limits.MAX_SEED),
    init=st.sampled_from([init for init in INITIAL_WEIGHTS if init != "trained"]),
    l2=st.floats(0, limits.MAX_L2),
    momentum=st.floats(0, limits.MAX_MOMENTUM),
    hidden_units=st.integers(limits.MIN_HIDDEN_UNITS, limits.MAX_HIDDEN_UNITS),
    activation=st.sampled_from(ACTIVATIONS),
    bias=st.sampled_from(BIASES),
    gradient=st.sampled_from(GRADIENTS),
    reduction=st.sampled_from(REDUCTIONS),
    softmax=st.sampled_from(SOFTMAXES),
    loss=st.sampled_from(LOSSES),
    pixels=st.sampled_from(PIXELS),
    order=st.sampled_from(ORDERS),
    n_train=st.just(0) | st.integers(limits.MIN_TRAIN_SAMPLES, limits.MAX_SAMPLES),
)


@given(CONFIGS, st.sampled_from(list(SPEEDS)))
def test_settings_come_back_as_they_were(config: TrainingConfig, speed: str) -> None:
    read = read_settings(write_settings(config, speed))
    assert read.notices == []
    assert (read.config, read.speed) == (config, speed)


def test_every_setting_of_a_run_has_its_word_in_the_address() -> None:
    changed = TrainingConfig(
        "digits", "mlp", 0.2, 7, 3, 4, "zero", 0.5, 0.25, 9, "sigmoid", "none", "diagonal"
    )
    teaching: dict[str, Any] = {
        "reduction": "sum",
        "softmax": "naive",
        "loss": "clipped",
        "pixels": "raw",
        "order": "file",
        "n_train": 100,
    }
    query = write_settings(replace(changed, **teaching))
    assert len(query) == len(fields(TrainingConfig)) - 1  # all but the drawings that were added


def test_the_trained_model_is_a_start_where_it_fits() -> None:
    for config in (
        TrainingConfig(init="trained"),
        TrainingConfig("mnist-upright", "mlp", init="trained", learning_rate=0.02),
    ):
        assert read_settings(write_settings(config)) == (config, read_settings({}).speed, [])


@pytest.mark.parametrize(
    "query",
    [{"network": "relu-softmax"}, {"network": "mlp", "hidden": "99"}, {"data": "digits"}],
)
def test_the_trained_model_is_left_out_with_a_sentence_where_it_does_not(
    query: dict[str, str],
) -> None:
    read = read_settings({**query, "init": "trained"})
    assert read.config == read_settings(query).config
    (notice,) = read.notices
    assert "init=trained" in notice


def test_drawings_that_were_added_stay_out_of_the_address() -> None:
    config = TrainingConfig(taught=(Taught(7, bytes(784)),), seed=3)
    assert write_settings(config) == {"seed": "3"}


@pytest.mark.parametrize("plus", ["+", " "])
def test_a_plus_survives_the_address_typed_or_encoded(plus: str) -> None:
    config = TrainingConfig(gradient="true-class+one-bias")
    written = urlencode(write_settings(config))
    assert "+" not in written
    assert read_settings(dict(parse_qsl(written))).config == config
    assert read_settings({"gradient": f"true-class{plus}one-bias"}).config == config


@given(
    st.dictionaries(
        st.sampled_from(["lr", "batch", "gradient", "speed", "l2", "x"]), st.text(max_size=80)
    )
)
def test_any_text_gives_settings_and_at_most_one_sentence_each(query: dict[str, str]) -> None:
    read = read_settings(query)
    assert len(read.notices) <= len(query)
    assert read.speed in SPEEDS
    assert isinstance(read.config, TrainingConfig)


def test_defaults_leave_the_address_empty() -> None:
    assert write_settings(TrainingConfig()) == {}


def test_a_folder_of_ones_own_is_written_by_its_name_and_never_by_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = write_own_folder(tmp_path / "letters", np.array([0, 1, 2, 2], np.uint8))
    monkeypatch.setenv("SOFTMAX_DATA", str(tmp_path))
    assert own in dataset_names()
    assert dataset_title(own) == "letters"
    config = TrainingConfig(dataset=own, learning_rate=0.5)
    assert write_settings(config) == {"data": "letters", "lr": "0.5"}
    assert read_settings({"data": "letters"}).config.dataset == own
    assert name_to_save(own) == "folder:letters"
    assert find_dataset("folder:letters") == own
    assert find_dataset(f"folder:{tmp_path}/letters") is None
    assert find_dataset("folder:mnist-5k") is None
    monkeypatch.delenv("SOFTMAX_DATA")
    assert read_settings({"data": "letters"}).notices
    assert read_settings({"data": own}).notices
