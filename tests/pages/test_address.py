"""Settings in the address bar: what is written is read back, for all settings there are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_core import limits
from softmax_core.data.catalogue import DATASETS
from softmax_core.data.idx import write_images, write_labels
from softmax_core.training import TrainingConfig
from softmax_core.training.config import ACTIVATIONS, INITIAL_WEIGHTS, NETWORKS
from ui.address import read_settings, write_settings
from ui.datasets import dataset_names, info_of

CONFIGS = st.builds(
    TrainingConfig,
    dataset=st.sampled_from(list(DATASETS)),
    network=st.sampled_from(NETWORKS),
    learning_rate=st.floats(limits.MIN_LEARNING_RATE, limits.MAX_LEARNING_RATE),
    batch_size=st.integers(1, limits.MAX_SAMPLES),
    epochs=st.integers(1, limits.MAX_EPOCHS),
    seed=st.integers(0, limits.MAX_SEED),
    init=st.sampled_from(INITIAL_WEIGHTS),
    l2=st.floats(0, limits.MAX_L2),
    momentum=st.floats(0, limits.MAX_MOMENTUM),
    hidden_units=st.integers(limits.MIN_HIDDEN_UNITS, limits.MAX_HIDDEN_UNITS),
    activation=st.sampled_from(ACTIVATIONS),
)


@given(CONFIGS)
def test_settings_come_back_as_they_were(config: TrainingConfig) -> None:
    read = read_settings(write_settings(config))
    assert read.notices == []
    assert read.config == config


@given(st.dictionaries(st.sampled_from(["lr", "batch", "seed", "l2", "x"]), st.text(max_size=80)))
def test_any_text_gives_settings_and_at_most_one_sentence_each(query: dict[str, str]) -> None:
    read = read_settings(query)
    assert len(read.notices) <= len(query)
    assert isinstance(read.config, TrainingConfig)


def test_defaults_leave_the_address_empty() -> None:
    assert write_settings(TrainingConfig()) == {}


def test_a_folder_of_ones_own_is_written_by_its_name_and_never_by_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    images, labels = np.zeros((4, 5, 6), np.uint8), np.array([0, 1, 2, 2], np.uint8)
    for part in ("train", "t10k"):
        write_images(folder / f"{part}-images-idx3-ubyte", images)
        write_labels(folder / f"{part}-labels-idx1-ubyte", labels)
    monkeypatch.setenv("SOFTMAX_DATA", str(tmp_path))
    own = next(name for name in dataset_names() if name.startswith("folder:"))
    assert info_of(own).image_shape == (5, 6)
    config = TrainingConfig(dataset=own, learning_rate=0.5)
    assert write_settings(config) == {"data": "letters", "lr": "0.5"}
    assert read_settings({"data": "letters"}).config.dataset == own
    monkeypatch.delenv("SOFTMAX_DATA")
    assert read_settings({"data": "letters"}).notices
    assert read_settings({"data": own}).notices
