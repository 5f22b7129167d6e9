"""Whole networks: a case by hand, gradients against the loss, shapes and refusals."""

from __future__ import annotations

import numpy as np
import pytest

from softmax_core.errors import UserError
from softmax_core.nn import (
    Array,
    Layer,
    Linear,
    Network,
    Params,
    ReLU,
    Sigmoid,
    backward,
    cross_entropy,
    cross_entropy_grad,
    forward,
    loss_and_grads,
    mlp_network,
    normal_params,
    numeric_gradient,
    predict_logits,
    relu_softmax_network,
    softmax_network,
    zero_params,
)

DEEP = Network(
    "deep",
    (Linear(6, 5, "W1", None), Sigmoid(), Linear(5, 4, "W2", "b2"), ReLU(), Linear(4, 4)),
)
NETWORKS = [
    softmax_network(6, 4),
    relu_softmax_network(6, 4),
    mlp_network(6, 5, 4, ReLU()),
    mlp_network(6, 5, 4, Sigmoid()),
    DEEP,
]
LABELS = np.array([0, 1, 2, 3, 3, 0, 2, 1])
CASES = {
    "plain": (LABELS, 0.0),
    "with L2": (LABELS, 0.3),
    "missing classes": (np.array([1, 3, 3, 1, 1, 1, 3, 3]), 0.0),
    "a batch of one": (LABELS[2:3], 0.05),
}


def start(network: Network) -> tuple[Params, Array]:
    """Return parameters, biases included, and 8 samples that stay away from all kinks."""
    rng = np.random.default_rng(17)
    shapes = network.parameter_shapes().items()
    params = {name: rng.normal(0, 0.7, shape) for name, shape in shapes}
    X = rng.uniform(0, 1, (400, network.n_features))
    distance = np.full(len(X), np.inf)
    out = X
    for layer in network.layers:
        if isinstance(layer, ReLU):
            distance = np.minimum(distance, np.abs(out).min(axis=1))
        out = layer.forward(params, out)[0]
    return params, X[distance > 0.01][:8]


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
@pytest.mark.parametrize("case", CASES)
def test_gradients_equal_the_numeric_derivatives_of_the_loss(network: Network, case: str) -> None:
    labels, l2 = CASES[case]
    params, X = start(network)
    X = X[: len(labels)]
    assert len(X) == len(labels)
    _, grads, _ = loss_and_grads(network, params, X, labels, l2)
    assert {name: grad.shape for name, grad in grads.items()} == network.parameter_shapes()
    for name, analytic in grads.items():

        def loss_of(values: Array, name: str = name) -> float:
            return loss_and_grads(network, {**params, name: values}, X, labels, l2)[0]

        numeric = numeric_gradient(loss_of, params[name])
        size = max(np.linalg.norm(analytic), np.linalg.norm(numeric))
        assert size > 1e-4, "a gradient of zero would prove nothing"
        assert np.linalg.norm(analytic - numeric) / size < 1e-8


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_backward_gives_the_gradient_of_the_inputs_too(network: Network) -> None:
    params, X = start(network)
    logits, caches = forward(network, params, X)
    dX, grads = backward(network, params, caches, cross_entropy_grad(logits, LABELS))
    numeric = numeric_gradient(
        lambda values: cross_entropy(predict_logits(network, params, values), LABELS), X
    )
    assert np.linalg.norm(dX - numeric) / np.linalg.norm(dX) < 1e-8
    _, same_grads, _ = loss_and_grads(network, params, X, LABELS)
    assert set(grads) == set(same_grads)
    for name, grad in grads.items():
        np.testing.assert_array_equal(grad, same_grads[name])


def test_softmax_regression_by_hand() -> None:
    # Logits (0, ln 3) and (0, 0): probabilities (1/4, 3/4) and (1/2, 1/2). With labels
    # 0 and 1 the losses are ln 4 and ln 2, and dlogits = (-3/8, 3/8), (1/4, -1/4).
    ln3 = np.log(3)
    params = {"W": np.array([[0.0, ln3], [0.0, 0.0]]), "b": np.zeros(2)}
    X, labels = np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([0, 1])
    loss, grads, logits = loss_and_grads(softmax_network(2, 2), params, X, labels, l2=0.1)
    np.testing.assert_allclose(logits, [[0, ln3], [0, 0]])
    # The only weight that is not 0 costs 0.1 / 2 * ln3 ** 2.
    assert loss == pytest.approx(1.5 * np.log(2) + 0.05 * ln3**2, rel=1e-15)
    # dW[1, 0] = 2 * (-3/8) + 1 * 1/4; the L2 part adds 0.1 * ln3 to dW[0, 1].
    dW = np.array([[-0.375, 0.375 + 0.1 * ln3], [-0.5, 0.5]])
    np.testing.assert_allclose(grads["W"], dW, rtol=1e-14)
    np.testing.assert_allclose(grads["b"], [-0.125, 0.125], rtol=1e-14)


def test_a_hidden_layer_by_hand() -> None:
    # Hidden units max(1, 0) = 1 and max(-1, 0) = 0; logits (0, ln 3) as above.
    ln3 = np.log(3)
    params = {
        "W1": np.array([[1.0, -1.0]]),
        "b1": np.zeros(2),
        "W2": np.array([[0.0, ln3], [5.0, 7.0]]),
        "b2": np.zeros(2),
    }
    network = mlp_network(1, 2, 2, ReLU())
    loss, grads, _ = loss_and_grads(network, params, np.array([[1.0]]), np.array([0]))
    assert loss == pytest.approx(np.log(4), rel=1e-15)
    np.testing.assert_allclose(grads["W2"], [[-0.75, 0.75], [0.0, 0.0]], rtol=1e-14)
    # 3/4 * ln3 arrives at unit 1; the 3/4 * (7 - 5) for unit 2 is stopped by its ReLU.
    arriving = np.array([0.75 * ln3, 0.0])
    np.testing.assert_allclose(grads["W1"], [arriving], rtol=1e-14)
    np.testing.assert_allclose(grads["b1"], arriving, rtol=1e-14)


def test_l2_counts_every_weight_and_no_bias() -> None:
    params, X = start(DEEP)
    plain, plain_grads, _ = loss_and_grads(DEEP, params, X, LABELS)
    loss, grads, _ = loss_and_grads(DEEP, params, X, LABELS, l2=0.5)
    squares = sum(float((params[name] ** 2).sum()) for name in ("W1", "W2", "W"))
    assert loss - plain == pytest.approx(0.25 * squares, rel=1e-12)
    for name in ("W1", "W2", "W"):
        np.testing.assert_allclose(grads[name] - plain_grads[name], 0.5 * params[name], atol=1e-15)
    for name in ("b2", "b"):
        np.testing.assert_array_equal(grads[name], plain_grads[name])


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gradients_and_logits_keep_the_dtype(network: Network, dtype: type[np.floating]) -> None:
    params, X = start(network)
    typed = {name: values.astype(dtype) for name, values in params.items()}
    for l2 in (0.0, 0.1):
        loss, grads, logits = loss_and_grads(network, typed, X.astype(dtype), LABELS, l2)
        assert {array.dtype for array in (logits, *grads.values())} == {np.dtype(dtype)}
        assert type(loss) is float


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_a_step_changes_neither_parameters_nor_inputs(network: Network) -> None:
    params, X = start(network)
    for array in (X, *params.values()):
        array.flags.writeable = False
    loss_and_grads(network, params, X, LABELS, 0.1)


def test_relu_softmax_cannot_leave_zero_parameters() -> None:
    network = relu_softmax_network(6, 4)
    _, X = start(network)
    _, grads, _ = loss_and_grads(network, zero_params(network, np.float64), X, LABELS)
    assert not any(grad.any() for grad in grads.values())


def test_a_network_knows_its_shapes() -> None:
    network = mlp_network(784, 32, 10, ReLU())
    assert (network.n_features, network.n_classes) == (784, 10)
    shapes = {"W1": (784, 32), "b1": (32,), "W2": (32, 10), "b2": (10,)}
    assert network.parameter_shapes() == shapes
    assert softmax_network(784, 10).parameter_shapes() == {"W": (784, 10), "b": (10,)}
    assert DEEP.parameter_shapes() == {
        "W1": (6, 5),
        "W2": (5, 4),
        "b2": (4,),
        "W": (4, 4),
        "b": (4,),
    }


def test_a_network_can_be_read_and_compared() -> None:
    network = mlp_network(784, 32, 10, ReLU())
    assert repr(network) == "Network(mlp: 784 -> Linear 32 -> ReLU -> Linear 10)"
    assert network == mlp_network(784, 32, 10, ReLU())
    assert network != mlp_network(784, 32, 10, Sigmoid())
    assert repr(softmax_network(784, 10)) == "Network(softmax: 784 -> Linear 10)"


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ((), "begin with a linear layer"),
        ((ReLU(), Linear(4, 3)), "begin with a linear layer"),
        ((Linear(4, 3), ReLU(), Linear(2, 2, "V", "c")), "3 outputs cannot feed one with 2 inputs"),
        ((Linear(4, 3), Linear(3, 2)), "name of its own: W, b, W, b"),
    ],
)
def test_layers_that_do_not_fit_are_refused(layers: tuple[Layer, ...], words: str) -> None:
    with pytest.raises(UserError, match=words) as refusal:
        Network("odd", layers)
    assert refusal.value.code == "network-layers"


@pytest.mark.parametrize(
    ("X", "words"),
    [
        (np.zeros((2, 5)), r"\(n_samples, 6\); these have \(2, 5\)"),
        (np.zeros(6), r"these have \(6,\)"),
        (np.zeros((2, 6), np.uint8), "these are uint8. Divide pixels by 255"),
    ],
)
def test_inputs_that_do_not_fit_are_refused(X: Array, words: str) -> None:
    network = softmax_network(6, 4)
    params = normal_params(network, 0.1, np.random.default_rng(0))
    with pytest.raises(UserError, match=words):
        predict_logits(network, params, X)
