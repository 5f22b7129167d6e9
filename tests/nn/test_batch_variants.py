"""Every variant's gradient: the slope of a loss that is named, or wrong in a place that is."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from scipy import special

from softmax_core.errors import UserError
from softmax_core.nn import (
    Array,
    Network,
    Params,
    ReLU,
    Sigmoid,
    Variant,
    batch_loss_and_grads,
    clipped_cross_entropy,
    complex_step_gradient,
    log_softmax,
    loss_and_grads,
    mlp_network,
    numeric_gradient,
    one_hot,
    predict_logits,
    relu_softmax_network,
    softmax,
    softmax_network,
)
from softmax_core.nn.variants import GRADIENT_MISTAKES, LOSSES, REDUCTIONS, SOFTMAXES

NETWORKS = [
    softmax_network(6, 4),
    softmax_network(6, 4, bias=False),
    relu_softmax_network(6, 4),
    relu_softmax_network(6, 4, bias=False),
    mlp_network(6, 5, 4, Sigmoid()),
    mlp_network(6, 5, 4, Sigmoid(), (True, False)),
    mlp_network(6, 5, 4, ReLU(), (False, False)),
]
WITH_BIAS = [NETWORKS[i] for i in (0, 2, 4)]
N = 16
RNG = np.random.default_rng(29)
X = RNG.random((N, 6))
LABELS = RNG.integers(0, 4, N)
Y = one_hot(LABELS, 4, np.float64)
RIGHT = [
    Variant(softmax, loss, gradient, "mean")
    for softmax, loss, gradient in product(SOFTMAXES, LOSSES, ("exact", "separate-layers"))
]
EVERY = [
    Variant(softmax, loss, gradient, reduction)
    for softmax, loss, gradient, reduction in product(
        SOFTMAXES,
        LOSSES,
        ("exact", "separate-layers", *GRADIENT_MISTAKES, "true-class+one-bias"),
        REDUCTIONS,
    )
]


def start(network: Network, dtype: type[np.floating] = np.float64) -> Params:
    """Return parameters, biases included, that leave every ReLU partly at work."""
    rng = np.random.default_rng(17)
    shapes = network.parameter_shapes().items()
    return {name: rng.normal(0, 0.9, shape).astype(dtype) for name, shape in shapes}


def slopes_of_the_mean_loss(network: Network, params: Params) -> Params:
    """Return the derivative of the mean cross-entropy, from its definition alone."""
    movable = {name: values.astype(np.complex128) for name, values in params.items()}

    def slopes(name: str) -> Array:
        def loss(moved: Array) -> complex:
            logits = predict_logits(network, {**movable, name: moved}, X)
            return complex(-log_softmax(logits)[np.arange(N), LABELS].mean())

        return complex_step_gradient(loss, params[name])

    return {name: slopes(name) for name in params}


def close(claimed: Params, expected: Params, times: float = 1.0) -> None:
    assert set(claimed) == set(expected)
    for name, grad in claimed.items():
        assert np.abs(expected[name]).max() > 1e-3, "a gradient of zero would prove nothing"
        np.testing.assert_allclose(grad, times * expected[name], atol=1e-14 * times, err_msg=name)


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_right_gradients_are_the_numeric_slope_of_the_mean_loss(network: Network) -> None:
    params = start(network)
    expected = slopes_of_the_mean_loss(network, params)
    for variant in RIGHT:
        loss, grads, logits = batch_loss_and_grads(network, params, X, LABELS, variant)
        close(grads, expected)
        theirs = special.log_softmax(logits, axis=1)[np.arange(N), LABELS]
        assert loss == pytest.approx(-theirs.mean(), rel=1e-14)


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_summed_gradients_are_the_slope_of_n_times_a_loss_that_stays_a_mean(
    network: Network,
) -> None:
    params = start(network)
    expected = slopes_of_the_mean_loss(network, params)
    for gradient in ("exact", "separate-layers"):
        mean = Variant(gradient=gradient)
        summed = Variant(gradient=gradient, reduction="sum")
        loss, grads, _ = batch_loss_and_grads(network, params, X, LABELS, summed)
        close(grads, expected, times=N)
        assert loss == batch_loss_and_grads(network, params, X, LABELS, mean)[0]


def test_the_published_gradient_does_not_know_of_the_floor_in_the_loss() -> None:
    # Half of the samples are so wrong that their probability lies under the floor.
    network = softmax_network(6, 4)
    params, variant = start(network), Variant(loss="clipped")
    logits = predict_logits(network, params, X)
    labels = np.where(np.arange(N) < 8, logits.argmax(axis=1), logits.argmin(axis=1))
    params = {name: 40 * values for name, values in params.items()}
    probabilities = softmax(predict_logits(network, params, X))
    counted = probabilities[np.arange(N), labels] > 1e-9
    assert 4 < counted.sum() < N - 4

    def clipped(b: Array) -> float:
        logits = predict_logits(network, {**params, "b": b}, X)
        return clipped_cross_entropy(softmax(logits), labels)

    loss, grads, _ = batch_loss_and_grads(network, params, X, labels, variant)
    assert loss == clipped(params["b"])
    dlogits = (probabilities - one_hot(labels, 4, np.float64)) / N
    np.testing.assert_allclose(grads["b"], dlogits.sum(axis=0), atol=1e-15)
    # The slope of what is shown: samples under the floor no longer count.
    numeric = numeric_gradient(clipped, params["b"], eps=1e-5)
    np.testing.assert_allclose(numeric, dlogits[counted].sum(axis=0), atol=1e-9)
    assert np.abs(grads["b"] - numeric).max() > 0.1


def last_names(network: Network) -> tuple[str, str | None]:
    last = network.linear_layers[-1]
    return last.weight, last.bias


def arriving(network: Network, params: Params) -> tuple[Array, Array]:
    """Return what the last linear layer is given forward (its X) and backward (its dout)."""
    logits = predict_logits(network, params, X)
    dout = (softmax(logits) - Y) / N
    if network.kind == "relu-softmax":
        return X, dout * (logits > 0)
    if network.kind == "softmax":
        return X, dout
    hidden = X @ params["W1"] + params.get("b1", 0)
    sigmoid = network.layers[1] == Sigmoid()
    return (special.expit(hidden) if sigmoid else np.maximum(hidden, 0)), dout


def rows_of(k: int) -> list[int]:
    return [i for i in range(N) if LABELS[i] == k]


MISTAKES: dict[str, Callable[[Array, Array], tuple[Array, Array]]] = {
    # What each makes of the last layer's dW and db, by loops over samples or in one line.
    "true-class": lambda H, dout: (
        np.stack([sum(H[i] * dout[i, k] for i in rows_of(k)) for k in range(4)], axis=1),
        dout.sum(axis=0),
    ),
    "one-bias": lambda H, dout: (
        H.T @ dout,
        np.full(4, sum(dout[i, LABELS[i]] for i in range(N)) / 4),
    ),
    "bias-over-classes": lambda H, dout: (H.T @ dout, np.full(4, dout.sum())),
}


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_a_mistake_is_where_it_is_said_to_be_and_nowhere_else(
    network: Network, mistake: str, reduction: str
) -> None:
    params = start(network)
    times = 1 if reduction == "mean" else N
    variant = Variant(gradient=mistake, reduction=reduction)
    loss, grads, _ = batch_loss_and_grads(network, params, X, LABELS, variant)
    right = Variant(reduction=reduction)
    exact_loss, exact, _ = batch_loss_and_grads(network, params, X, LABELS, right)
    assert loss == exact_loss
    weight, bias = last_names(network)
    wrong = {"true-class": weight}.get(mistake, bias)
    for name, grad in grads.items():
        if name != wrong:
            np.testing.assert_array_equal(grad, exact[name], err_msg=name)
    if wrong is None:
        return
    dW, db = MISTAKES[mistake](*arriving(network, params))
    expected = {weight: times * dW, bias: db if mistake == "one-bias" else times * db}[wrong]
    np.testing.assert_allclose(grads[wrong], expected, atol=1e-14 * times)
    size = np.abs(exact[wrong]).max()
    assert np.abs(grads[wrong] - exact[wrong]).max() > 0.1 * size, "no mistake at all"


def test_the_bias_summed_over_classes_too_never_moves() -> None:
    network = softmax_network(6, 4)
    variant = Variant(gradient="bias-over-classes")
    _, grads, _ = batch_loss_and_grads(network, start(network), X, LABELS, variant)
    assert np.abs(grads["b"]).max() < 1e-15
    _, exact, _ = batch_loss_and_grads(network, start(network), X, LABELS)
    assert np.abs(exact["b"]).max() > 0.01


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_the_diagonal_alone_gives_what_its_jacobian_gives(network: Network) -> None:
    params = start(network)
    probabilities = softmax(predict_logits(network, params, X))
    # dL/dp through a matrix of which only the diagonal p (1 - p) is not zero.
    dprobabilities = -Y / probabilities / N
    dlogits = np.stack(
        [np.diag(p * (1 - p)) @ d for p, d in zip(probabilities, dprobabilities, strict=True)]
    )
    variant = Variant(gradient="diagonal")
    _, grads, _ = batch_loss_and_grads(network, params, X, LABELS, variant)
    expected = through_the_layers(network, params, dlogits)
    for name, grad in grads.items():
        np.testing.assert_allclose(grad, expected[name], atol=1e-15, err_msg=name)
    _, exact, _ = batch_loss_and_grads(network, params, X, LABELS)
    for name, grad in grads.items():
        assert np.abs(grad - exact[name]).max() > 0.01, name


def through_the_layers(network: Network, params: Params, dlogits: Array) -> Params:
    """Return the numeric slopes of ``sum(logits * dlogits)``."""
    movable = {name: values.astype(np.complex128) for name, values in params.items()}

    def slopes(name: str) -> Array:
        def handed_on(moved: Array) -> complex:
            logits = predict_logits(network, {**movable, name: moved}, X)
            return complex((logits * dlogits).sum())

        return complex_step_gradient(handed_on, params[name])

    return {name: slopes(name) for name in params}


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_diagonal_and_true_class_agree_in_the_last_weights(network: Network) -> None:
    params, (weight, bias) = start(network), last_names(network)
    ways = [Variant(gradient=name) for name in ("diagonal", "true-class")]
    diagonal, true_class = (
        batch_loss_and_grads(network, params, X, LABELS, way)[1] for way in ways
    )
    np.testing.assert_allclose(diagonal[weight], true_class[weight], rtol=1e-14)
    for name in set(params) - {weight}:
        assert np.abs(diagonal[name] - true_class[name]).max() > 1e-3, name
    assert bias is None or bias in diagonal


def test_the_full_batch_notebook_by_hand() -> None:
    # Logits (0, ln 3) and (0, 0), labels 0 and 1: P - Y = (-3/4, 3/4), (1/2, -1/2).
    network = softmax_network(2, 2)
    params = {"W": np.array([[0.0, np.log(3)], [0.0, 0.0]]), "b": np.zeros(2)}
    inputs, labels = np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([0, 1])
    published = Variant("naive", "clipped", "true-class+one-bias", "sum")
    loss, grads, _ = batch_loss_and_grads(network, params, inputs, labels, published)
    assert loss == pytest.approx(1.5 * np.log(2), rel=1e-15)
    # Only -3/4 (sample 0, class 0) and -1/2 (sample 1, class 1) are left of the errors.
    np.testing.assert_allclose(grads["W"], [[-0.75, 0.0], [-1.5, -1.5]], rtol=1e-14)
    # Their mean over all four entries.
    np.testing.assert_allclose(grads["b"], [-1.25 / 4, -1.25 / 4], rtol=1e-14)


def test_the_sigmoid_notebook_by_hand() -> None:
    # Two inputs of which the second is a constant 1, two sigmoid units, no other bias.
    network = mlp_network(2, 2, 2, Sigmoid(), (False, False))
    ln3 = np.log(3)
    params = {"W1": np.array([[ln3, 0.0], [0.0, -ln3]]), "W2": np.array([[0.0, 4.0], [ln3, 0.0]])}
    inputs, labels = np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([0, 1])
    # H1 = (ln3, -ln3), (0, -ln3); sigmoid(ln3) = 3/4, sigmoid(-ln3) = 1/4.
    hidden = np.array([[0.75, 0.25], [0.5, 0.25]])
    logits = np.array([[ln3 / 4, 3.0], [ln3 / 4, 2.0]])
    # 1 / (1 + exp(z1 - z0)) for two classes.
    p0 = 1 / (1 + np.exp([3 - ln3 / 4, 2 - ln3 / 4]))
    dlogits = np.array([[p0[0] - 1, 1 - p0[0]], [p0[1], -p0[1]]])
    dhidden = np.array([[0 * d[0] + 4 * d[1], ln3 * d[0] + 0 * d[1]] for d in dlogits])
    slopes = np.array([[3 / 16, 3 / 16], [1 / 4, 3 / 16]])  # s (1 - s)
    dW1 = [
        [(dhidden * slopes)[0, 0], (dhidden * slopes)[0, 1]],  # only sample 0 has input 1
        [(dhidden * slopes)[:, 0].sum(), (dhidden * slopes)[:, 1].sum()],
    ]
    variant = Variant("stable", "log-of-probability", "separate-layers", "sum")
    loss, grads, ours = batch_loss_and_grads(network, params, inputs, labels, variant)
    np.testing.assert_allclose(ours, logits, rtol=1e-14)
    assert loss == pytest.approx(-(np.log(p0[0]) + np.log(1 - p0[1])) / 2, rel=1e-14)
    np.testing.assert_allclose(grads["W1"], dW1, rtol=1e-13)
    np.testing.assert_allclose(grads["W2"], hidden.T @ dlogits, rtol=1e-13)


@pytest.mark.parametrize("network", WITH_BIAS, ids=repr)
@pytest.mark.parametrize("variant", EVERY, ids=str)
def test_chunks_add_up_to_the_batch(network: Network, variant: Variant) -> None:
    params = start(network)
    loss, grads, logits = batch_loss_and_grads(network, params, X, LABELS, variant)
    parts = [
        batch_loss_and_grads(network, params, X[rows], LABELS[rows], variant, n_batch=N)
        for rows in (slice(0, 7), slice(7, 8), slice(8, N))
    ]
    assert sum(part[0] for part in parts) == pytest.approx(loss, rel=1e-14)
    np.testing.assert_allclose(np.concatenate([part[2] for part in parts]), logits, rtol=1e-14)
    for name, grad in grads.items():
        total = sum(part[1][name] for part in parts)
        np.testing.assert_allclose(total, grad, atol=1e-14 * N, err_msg=name)


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_plain_variant_is_the_plain_way_bit_for_bit(
    network: Network, dtype: type[np.floating]
) -> None:
    params, inputs = start(network, dtype), X.astype(dtype)
    loss, grads, logits = batch_loss_and_grads(network, params, inputs, LABELS)
    plain_loss, plain_grads, plain_logits = loss_and_grads(network, params, inputs, LABELS)
    assert loss == plain_loss
    np.testing.assert_array_equal(logits, plain_logits)
    for name, grad in plain_grads.items():
        np.testing.assert_array_equal(grads[name], grad)


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_float32_stays_float32_near_the_float64_result_and_nothing_given_is_changed(
    network: Network,
) -> None:
    params, inputs, labels = start(network, np.float32), X.astype(np.float32), LABELS.astype("u1")
    for array in (inputs, labels, *params.values()):
        array.flags.writeable = False
    wide = {name: values.astype(np.float64) for name, values in params.items()}
    for variant in EVERY:
        loss, grads, logits = batch_loss_and_grads(network, params, inputs, labels, variant)
        assert type(loss) is float
        assert {array.dtype for array in (logits, *grads.values())} == {np.dtype(np.float32)}
        _, exact, _ = batch_loss_and_grads(network, wide, inputs.astype(float), labels, variant)
        for name, grad in grads.items():
            assert grad.shape == params[name].shape
            np.testing.assert_allclose(grad, exact[name], atol=3e-5, err_msg=f"{variant} {name}")
            assert grad.flags.writeable
            assert not any(np.shares_memory(grad, array) for array in params.values())


def test_naive_ways_fail_in_float32_and_say_nothing() -> None:
    network = softmax_network(6, 4)
    params = {name: 1000 * values for name, values in start(network, np.float32).items()}
    inputs = X.astype(np.float32)
    loss, grads, _ = batch_loss_and_grads(network, params, inputs, LABELS, Variant("naive"))
    assert np.isfinite(loss)  # it is taken from the logits
    assert np.isnan(grads["W"]).any()
    by_log = Variant(loss="log-of-probability")
    loss, grads, _ = batch_loss_and_grads(network, params, inputs, LABELS, by_log)
    assert loss == np.inf
    assert np.isfinite(grads["W"]).all()
    clipped, _, _ = batch_loss_and_grads(network, params, inputs, LABELS, Variant(loss="clipped"))
    assert clipped <= 9 * np.log(10) + 1e-4


@pytest.mark.parametrize(
    ("variant", "words"),
    [
        (Variant("odd"), "no softmax called 'odd'"),
        (Variant(loss="odd"), "no loss called 'odd'"),
        (Variant(reduction="odd"), "no reduction called 'odd'"),
        (Variant(gradient="odd"), "no gradient called 'odd'"),
        (Variant(gradient="diagonal+exact"), "stand alone"),
        (Variant(gradient="diagonal+diagonal"), "named once"),
        (Variant(gradient="one-bias+bias-over-classes"), "at most one for the bias"),
    ],
)
def test_variants_that_do_not_exist_are_refused(variant: Variant, words: str) -> None:
    network = softmax_network(6, 4)
    with pytest.raises(UserError, match=words) as refusal:
        batch_loss_and_grads(network, start(network), X, LABELS, variant)
    assert refusal.value.code == "config-choice"


def test_batches_that_do_not_fit_are_refused() -> None:
    network = softmax_network(6, 4)
    for labels, words in ((LABELS + 1, "from 0 to 3"), (LABELS[:3], "16 samples but 3 labels")):
        with pytest.raises(UserError, match=words):
            batch_loss_and_grads(network, start(network), X, labels, Variant(loss="clipped"))
