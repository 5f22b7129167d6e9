"""The trained models that come with the app, as a start for a run."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from softmax_core.errors import UserError
from softmax_core.nn import Network, Params
from softmax_core.npz import read_archive
from softmax_core.training.config import TrainingConfig

_ASSETS: Final = Path(__file__).resolve().parents[2] / "assets"
_FACTS: Final = "models.json"
_FILES: Final = {"softmax": "mnist-softmax.npz", "mlp": "mnist-mlp.npz"}
_OF_WEIGHTS: Final = "params/"
_OF_HIDDEN: Final = ("hidden_units", "activation", "bias")  # a file leaves out a bias in all layers

# Whose pictures come from MNIST's training file, on which the shipped models were trained:
# to learn from, and those held out of it.
_FROM_TRAINING_FILE: Final = ("mnist", "mnist-upright", "mnist-unusual")
_HELD_OUT_OF_IT: Final = ("mnist-5k", "mnist-5k-upright")


class _Shipped(NamedTuple):
    settings: dict[str, Any]  # of the run that trained it
    params: Params
    accuracy: float


def shipped_params(config: TrainingConfig, network: Network) -> Params:
    """Return the weights of the shipped model of a network; new arrays, the caller's.

    Raises
    ------
    UserError
        ``shipped-fit`` when there is none of this network, ``shipped-file`` when it cannot
        be read.
    """
    if not shipped_fits(config, network.n_features, network.n_classes):
        raise UserError("shipped-fit", _why_not(config, network))
    params = _shipped(config.network).params
    return {name: params[name].copy() for name in network.parameter_shapes()}


def shipped_fits(config: TrainingConfig, n_features: int, n_classes: int) -> bool:
    """Tell whether a run with these settings can start from a shipped model.

    There is one of softmax regression and one with a hidden layer, both for pictures of
    28 x 28 pixels in 10 classes.

    Raises
    ------
    UserError
        ``shipped-file``, as ``shipped_params``.
    """
    if config.network not in _FILES:
        return False
    model = _shipped(config.network)
    matrices = [array for array in model.params.values() if array.ndim == 2]
    if (n_features, n_classes) != (matrices[0].shape[0], matrices[-1].shape[1]):
        return False
    if config.network == "softmax":
        return config.bias != "none"
    return all(getattr(config, name) == model.settings.get(name, "all") for name in _OF_HIDDEN)


def shipped_accuracy(network: str) -> float:
    """Return the share of MNIST's own test file that a shipped model reads rightly.

    Parameters
    ----------
    network : str
        ``softmax`` or ``mlp``.
    """
    return _shipped(network).accuracy


def has_seen_test_set(config: TrainingConfig, tested_on: str | None = None) -> bool:
    """Tell whether a run's weights were trained on the pictures it is tested on.

    The 5,000 digits are from MNIST's training file, and so are the 1,000 held out of them.
    The test pictures of the full data sets are MNIST's own test file, which no model has seen.

    Parameters
    ----------
    config : TrainingConfig
    tested_on : str or None
        Name of the data set, where it is not the run's own.
    """
    saw = config.init == "trained" or config.dataset in _FROM_TRAINING_FILE
    return saw and (tested_on or config.dataset) in _HELD_OUT_OF_IT


@lru_cache(maxsize=len(_FILES))
def _shipped(network: str) -> _Shipped:
    name = _FILES[network]
    try:
        archive = read_archive((_ASSETS / name).read_bytes())
        settings = json.loads(archive.meta)["config"]
        accuracy = json.loads((_ASSETS / _FACTS).read_text("utf-8"))[name]["test_accuracy"]
    except (OSError, ValueError, KeyError) as error:  # ValueError: UserError is one
        raise UserError(
            "shipped-file",
            f"The trained model {name} in the app's folder assets cannot be read. Put the app's "
            "own files there again; everything else works without it.",
        ) from error
    params = {part.removeprefix(_OF_WEIGHTS): array for part, array in archive.arrays.items()}
    return _Shipped(settings, params, float(accuracy))


def _why_not(config: TrainingConfig, network: Network) -> str:
    n_hidden = _shipped("mlp").settings["hidden_units"]
    asked = f"{config.network} with biases: {config.bias}"
    if config.network == "mlp":
        asked = f"{config.hidden_units} {config.activation} units with biases: {config.bias}"
    return (
        "The trained models read 784 pixels in 10 classes, with softmax regression or with one "
        f"hidden layer of {n_hidden} relu units, all with biases; these settings ask for "
        f"{network.n_features:,} inputs in {network.n_classes} classes, {asked}. Choose such a "
        "network and data set, or other initial weights."
    )
