"""From settings to a network and its first state."""

from __future__ import annotations

import numpy as np

from softmax_core.nn import (
    Network,
    Params,
    ReLU,
    Sigmoid,
    mlp_network,
    normal_params,
    relu_softmax_network,
    scaled_params,
    softmax_network,
    zero_params,
)
from softmax_core.training.config import SMALL_STD, TINY_STD, UNIT_STD, TrainingConfig
from softmax_core.training.shipped import shipped_params
from softmax_core.training.state import TrainingState
from softmax_core.training.taught import check_taught


def build_network(config: TrainingConfig, n_features: int, n_classes: int) -> Network:
    """Describe the network the settings ask for."""
    first, others = config.bias != "none", config.bias == "all"
    if config.network == "softmax":
        return softmax_network(n_features, n_classes, bias=first)
    if config.network == "relu-softmax":
        return relu_softmax_network(n_features, n_classes, bias=first)
    activation = ReLU() if config.activation == "relu" else Sigmoid()
    return mlp_network(n_features, config.hidden_units, n_classes, activation, (first, others))


def first_state(config: TrainingConfig, n_features: int, n_classes: int) -> TrainingState:
    """Make the state before the first step; the same settings give the same bits.

    Raises
    ------
    UserError
        When the settings ask for a trained model and it is none of their network, or for
        taught drawings that are no pictures of this size.
    """
    check_taught(config.taught, n_features, n_classes=n_classes)
    network = build_network(config, n_features, n_classes)
    return TrainingState(params=_initial_params(config, network))


def epoch_order(seed: int, epoch: int, n_samples: int, order: str = "shuffled") -> np.ndarray:
    """Return the order of examples in one epoch, shape (n_samples,)."""
    if order == "file":
        return np.arange(n_samples)
    return np.random.default_rng([seed, epoch]).permutation(n_samples)


def _initial_params(config: TrainingConfig, network: Network) -> Params:
    if config.init == "trained":
        return shipped_params(config, network)
    if config.init == "tiny-normal":
        return _legacy_params(config.seed, network)
    # The third word keeps this stream apart from every epoch's: [seed, epoch]
    # is padded with zeros, so two words alone would repeat epoch 0.
    rng = np.random.default_rng([config.seed, 0, 1])
    if config.init == "zero":
        return zero_params(network, np.float32)
    if config.init == "scaled":
        return scaled_params(network, rng, np.float32)
    std = SMALL_STD if config.init == "small-normal" else UNIT_STD
    params = normal_params(network, std, rng, np.float32)
    return _with_random_biases(params, rng) if config.init == "unit-normal-all" else params


def _with_random_biases(params: Params, rng: np.random.Generator) -> Params:
    return {
        name: array
        if array.ndim == 2
        else rng.normal(0.0, UNIT_STD, array.shape).astype(np.float32)
        for name, array in params.items()
    }


def _legacy_params(seed: int, network: Network) -> Params:
    """Draw small weights as after ``numpy.random.seed(seed)``, in the order of the layers.

    Published notebooks seed that older generator; their starts can be had again with it alone.
    """
    legacy = np.random.RandomState(seed)
    params = zero_params(network, np.float32)
    for layer in network.linear_layers:
        draws = legacy.standard_normal((layer.n_in, layer.n_out))
        params[layer.weight] = (TINY_STD * draws).astype(np.float32)
    return params
