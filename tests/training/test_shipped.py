"""The shipped models as a start: the very weights of the files, only where they fit."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from softmax_core.data.places import find_source
from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.persist import read_run
from softmax_core.training import TrainingConfig, first_state
from softmax_core.training.shipped import (
    has_seen_test_set,
    shipped_accuracy,
    shipped_fits,
    shipped_params,
)
from softmax_core.training.start import build_network
from tests.real_data import real_folder

ASSETS = Path(__file__).parents[2] / "assets"
FILES = {"softmax": "mnist-softmax.npz", "mlp": "mnist-mlp.npz"}

every_model = pytest.mark.parametrize("network", FILES)


@every_model
def test_a_run_starts_with_the_weights_of_the_file(network: str) -> None:
    saved = read_run((ASSETS / FILES[network]).read_bytes())
    state = first_state(TrainingConfig(network=network, init="trained"), 784, 10)
    assert list(state.params) == list(saved.state.params)
    for name, array in saved.state.params.items():
        np.testing.assert_array_equal(state.params[name], array)
    assert (state.step, state.epoch, state.velocity) == (0, 0, {})


@every_model
def test_who_changes_the_weights_changes_nobody_else_s(network: str) -> None:
    config = TrainingConfig(network=network, init="trained")
    description = build_network(config, 784, 10)
    first = shipped_params(config, description)
    before = {name: array.copy() for name, array in first.items()}
    for name in first:
        first[name] += 1
    for name, array in shipped_params(config, description).items():
        np.testing.assert_array_equal(array, before[name])


@every_model
def test_the_accuracy_is_the_one_stated_beside_the_models(network: str) -> None:
    stated = json.loads((ASSETS / "models.json").read_text("utf-8"))[FILES[network]]
    assert shipped_accuracy(network) == stated["test_accuracy"]


@pytest.mark.parametrize(
    ("settings", "n_features", "n_classes", "fits"),
    [
        ({"network": "softmax"}, 784, 10, True),
        ({"network": "softmax", "hidden_units": 7, "activation": "sigmoid"}, 784, 10, True),
        ({"network": "softmax", "bias": "first"}, 784, 10, True),
        ({"network": "softmax", "bias": "none"}, 784, 10, False),
        ({"network": "softmax"}, 64, 10, False),
        ({"network": "softmax"}, 784, 9, False),
        ({"network": "relu-softmax"}, 784, 10, False),
        ({"network": "mlp"}, 784, 10, True),
        ({"network": "mlp"}, 785, 10, False),
        ({"network": "mlp", "hidden_units": 99}, 784, 10, False),
        ({"network": "mlp", "activation": "sigmoid"}, 784, 10, False),
        ({"network": "mlp", "bias": "first"}, 784, 10, False),
    ],
)
def test_it_fits_exactly_where_a_run_can_start_from_it(
    settings: dict[str, Any], n_features: int, n_classes: int, fits: bool
) -> None:
    config = replace(TrainingConfig(init="trained"), **settings)
    assert shipped_fits(config, n_features, n_classes) is fits
    if fits:
        shapes = build_network(config, n_features, n_classes).parameter_shapes()
        params = first_state(config, n_features, n_classes).params
        assert {name: array.shape for name, array in params.items()} == shapes
    else:
        with pytest.raises(UserError) as refusal:
            first_state(config, n_features, n_classes)
        assert refusal.value.code == "shipped-fit"
        assert f"{n_features:,} inputs in {n_classes} classes" in refusal.value.text


@pytest.mark.parametrize(
    ("dataset", "init", "tested_on", "seen"),
    [
        ("mnist-5k", "trained", None, True),
        ("mnist-5k-upright", "trained", None, True),
        ("mnist-5k", "zero", None, False),
        ("mnist", "trained", None, False),
        ("mnist-upright", "trained", None, False),
        ("mnist-unusual", "trained", None, False),
        ("fashion-mnist", "trained", None, False),
        ("mnist", "zero", "mnist-5k", True),
        ("mnist-unusual", "scaled", "mnist-5k-upright", True),
        ("mnist-5k", "zero", "mnist", False),
        ("mnist-5k", "trained", "mnist-upright", False),
        ("fashion-mnist", "zero", "mnist-5k", False),
    ],
)
def test_which_test_sets_have_been_trained_on(
    dataset: str, init: str, tested_on: str | None, seen: bool
) -> None:
    assert has_seen_test_set(TrainingConfig(dataset, init=init), tested_on) is seen


def test_the_small_sets_are_of_mnists_training_file_and_not_of_its_test_file() -> None:
    real_folder("mnist")
    source = find_source("mnist")
    assert source is not None
    mnist, small = source.read(), open_dataset("mnist-5k")
    trained_on = {picture.tobytes() for picture in np.asarray(mnist.train_images)}
    tested_on = {picture.tobytes() for picture in np.asarray(mnist.test_images)}
    for pictures in (small.train_images, small.test_images):
        rows = {picture.tobytes() for picture in np.asarray(pictures)}
        assert rows <= trained_on
        assert not rows & tested_on


def test_a_missing_model_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from softmax_core.training import shipped

    shipped._shipped.cache_clear()
    monkeypatch.setattr(shipped, "_ASSETS", tmp_path)
    with pytest.raises(UserError, match=r"mnist-mlp\.npz .* cannot be read") as refusal:
        first_state(TrainingConfig(network="mlp", init="trained"), 784, 10)
    assert refusal.value.code == "shipped-file"
    (tmp_path / "mnist-mlp.npz").write_bytes((ASSETS / "mnist-mlp.npz").read_bytes()[:-40])
    with pytest.raises(UserError, match="cannot be read"):
        first_state(TrainingConfig(network="mlp", init="trained"), 784, 10)
    monkeypatch.undo()
    assert shipped_fits(TrainingConfig(network="mlp"), 784, 10)  # a failure is not remembered
