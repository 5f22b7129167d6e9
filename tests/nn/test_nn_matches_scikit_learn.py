"""Twenty SGD steps, ours and scikit-learn's, from the same start on the same batches."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from softmax_core.nn import (
    Array,
    Network,
    Params,
    ReLU,
    Sigmoid,
    loss_and_grads,
    mlp_network,
    predict_logits,
    scaled_params,
    softmax,
    softmax_network,
)

LEARNING_RATE = 0.2
N_CLASSES = 4
RELU, SIGMOID = {"activation": "relu"}, {"activation": "logistic"}
# Our network, and what makes scikit-learn's the same.
PAIRS: list[tuple[Network, dict[str, Any]]] = [
    (softmax_network(30, N_CLASSES), {"hidden_layer_sizes": ()}),
    (mlp_network(30, 100, N_CLASSES, ReLU()), {"hidden_layer_sizes": (100,), **RELU}),
    (mlp_network(30, 100, N_CLASSES, Sigmoid()), {"hidden_layer_sizes": (100,), **SIGMOID}),
]
TOLERANCE = {np.float64: 1e-13, np.float32: 2e-6}


def batches(dtype: type[np.floating]) -> list[tuple[Array, Array]]:
    """Return 20 batches; the fifth has 1 sample, and most lack some class."""
    rng = np.random.default_rng(31)
    sizes = [16, 16, 7, 16, 1] * 4
    return [(rng.random((n, 30)).astype(dtype), rng.integers(0, N_CLASSES, n)) for n in sizes]


def theirs_set_to(params: Params, network: Network, settings: dict[str, Any]) -> Any:
    model = MLPClassifier(
        solver="sgd",
        momentum=0.0,
        nesterovs_momentum=False,
        learning_rate_init=LEARNING_RATE,
        shuffle=False,
        random_state=0,
        **settings,
    )
    X, labels = batches(params[network.linear_layers[0].weight].dtype.type)[0]
    model.partial_fit(X, labels, classes=range(N_CLASSES))  # one step, for its set-up alone
    model.coefs_ = [params[layer.weight].copy() for layer in network.linear_layers]
    model.intercepts_ = [params[str(layer.bias)].copy() for layer in network.linear_layers]
    return model


def one_step(network: Network, params: Params, X: Array, labels: Array, l2: float) -> Params:
    _, grads, _ = loss_and_grads(network, params, X, labels, l2)
    return {name: values - LEARNING_RATE * grads[name] for name, values in params.items()}


@pytest.mark.parametrize(("network", "settings"), PAIRS, ids=str)
@pytest.mark.parametrize("alpha", [0.0, 0.5], ids=["no L2", "with L2"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_twenty_steps_give_the_parameters_and_probabilities_of_scikit_learn(
    network: Network, settings: dict[str, Any], alpha: float, dtype: type[np.floating]
) -> None:
    start = scaled_params(network, np.random.default_rng(1), dtype)
    params, model = start, theirs_set_to(start, network, {**settings, "alpha": alpha})
    for X, labels in batches(dtype):
        # Their penalty is alpha / (2 n) * sum of squares, ours l2 / 2 * sum of squares.
        params = one_step(network, params, X, labels, alpha / len(labels))
        model.partial_fit(X, labels)
    close = partial(np.testing.assert_allclose, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])
    for i, layer in enumerate(network.linear_layers):
        W, b = params[layer.weight], params[str(layer.bias)]
        assert np.abs(W - start[layer.weight]).max() > 0.01, "nothing was learned"
        close(W, model.coefs_[i])
        close(b, model.intercepts_[i])
    X, _ = batches(dtype)[0]
    close(softmax(predict_logits(network, params, X)), model.predict_proba(X))
