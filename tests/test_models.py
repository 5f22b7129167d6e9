"""The shipped models: small files, trained by the command they name, as accurate as stated."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from softmax_core.data.catalogue import dataset_info
from softmax_core.data.places import find_source
from softmax_core.data.slant import upright
from softmax_core.explain import predict_samples
from softmax_core.persist import SavedRun, read_run
from softmax_core.training.start import build_network
from tests.real_data import real_folder

ASSETS = Path(__file__).parents[1] / "assets"
MODELS: dict[str, dict[str, Any]] = json.loads((ASSETS / "models.json").read_text("utf-8"))


def shipped(file: str) -> SavedRun:
    data = (ASSETS / file).read_bytes()
    assert len(data) < 400_000
    return read_run(data)


@pytest.mark.parametrize("file", MODELS)
def test_the_command_names_the_settings_that_the_file_holds(file: str) -> None:
    saved, stated = shipped(file), MODELS[file]
    assert f"--dataset {saved.config.dataset} --network {saved.config.network}" in stated["command"]
    assert saved.config.seed == stated["seed"]
    assert saved.state.epoch == saved.config.epochs
    assert not saved.state.velocity
    assert dataset_info(saved.config.dataset).upright


@pytest.mark.parametrize("file", MODELS)
def test_the_stated_accuracy_is_that_on_mnists_own_test_file(file: str) -> None:
    real_folder("mnist")
    source = find_source("mnist")
    assert source is not None
    mnist = source.read()
    saved = shipped(file)
    network = build_network(saved.config, saved.n_features, saved.n_classes)
    read = predict_samples(network, saved.state.params, upright(mnist.test_images))
    assert np.mean(read == mnist.test_labels) == pytest.approx(
        MODELS[file]["test_accuracy"], abs=2e-4
    )
