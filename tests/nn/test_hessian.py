"""Curvature: against the derivative of the gradient, whole Hessians, and NumPy's eigenvalues."""

from __future__ import annotations

import numpy as np
import pytest

from softmax_core.nn import (
    Array,
    Network,
    Params,
    ReLU,
    Sigmoid,
    backward,
    cross_entropy_grad,
    forward,
    loss_and_grads,
    mlp_network,
    normal_params,
    relu_softmax_network,
    softmax,
    softmax_network,
    zero_params,
)
from softmax_core.nn.hessian import Hessian, flat, largest_eigenvalue, unflat

NETWORKS = {
    "softmax": softmax_network(4, 3),
    "softmax without a bias": softmax_network(4, 3, bias=False),
    "relu-softmax": relu_softmax_network(4, 3),
    "mlp with relu": mlp_network(4, 5, 3, ReLU()),
    "mlp with sigmoid": mlp_network(4, 5, 3, Sigmoid()),
    "mlp with one bias": mlp_network(4, 5, 3, Sigmoid(), (True, False)),
}
H_STEP = 1e-30


def problem(network: Network, n: int = 7) -> tuple[Params, Array, Array]:
    rng = np.random.default_rng(5)
    params = normal_params(network, 0.7, rng, np.float64)
    params = {
        name: array if array.ndim == 2 else rng.normal(0, 0.3, array.shape)
        for name, array in params.items()
    }
    return params, rng.random((n, 4)), rng.integers(0, 3, n)


def gradient(network: Network, params: Params, X: Array, labels: Array, l2: float) -> Array:
    """The gradient as one row; of complex parameters too."""
    logits, caches = forward(network, params, X)
    _, grads = backward(network, params, caches, cross_entropy_grad(logits, labels))
    for layer in network.linear_layers:
        grads[layer.weight] = grads[layer.weight] + l2 * params[layer.weight]
    return np.concatenate([grads[name].ravel() for name in params])


def complex_step_product(
    network: Network, params: Params, batch: tuple[Array, Array], v: Array, l2: float
) -> Array:
    moved = {name: params[name] + 1j * H_STEP * part for name, part in unflat(v, params).items()}
    return gradient(network, moved, batch[0].astype(complex), batch[1], l2).imag / H_STEP


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_a_product_is_the_complex_step_derivative_of_the_gradient(name: str, l2: float) -> None:
    network = NETWORKS[name]
    params, X, labels = problem(network)
    hessian = Hessian.at(network, params, X, labels, l2)
    rng = np.random.default_rng(1)
    for _ in range(5):
        v = rng.normal(size=flat(params).size)
        expected = complex_step_product(network, params, (X, labels), v, l2)
        np.testing.assert_allclose(hessian.times_vector(v), expected, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_columns_make_the_numeric_hessian_of_the_loss(name: str) -> None:
    network = NETWORKS[name]
    params, X, labels = problem(network)
    point = flat(params)
    n, eps = len(point), 1e-4
    steps = eps * np.eye(n)

    def loss_at(place: Array) -> float:
        return loss_and_grads(network, unflat(place, params), X, labels, 0.1)[0]

    numeric = np.empty((n, n))
    for i in range(n):
        for j in range(i, n):
            corners = [
                sign * loss_at(point + a * steps[i] + b * steps[j])
                for a, b, sign in ((1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1))
            ]
            numeric[i, j] = numeric[j, i] = sum(corners) / (4 * eps**2)
    hessian = Hessian.at(network, params, X, labels, 0.1)
    exact = np.array([hessian.times_vector(row) for row in np.eye(n)])
    np.testing.assert_allclose(exact, exact.T, atol=1e-14)
    np.testing.assert_allclose(exact, numeric, atol=1e-6)


@pytest.mark.parametrize("name", NETWORKS)
def test_power_iteration_finds_what_numpy_finds_in_the_whole_matrix(name: str) -> None:
    network = NETWORKS[name]
    params, X, labels = problem(network, 40)
    hessian = Hessian.at(network, params, X, labels)
    start = np.random.default_rng(0).normal(size=flat(params).size)
    whole = np.array([hessian.times_vector(row) for row in np.eye(len(start))])
    found = largest_eigenvalue(hessian.times_vector, start, tolerance=1e-10, max_steps=5_000)
    assert found.converged
    assert found.value == pytest.approx(np.linalg.eigvalsh(whole)[-1], rel=1e-6)
    assert np.linalg.norm(found.vector) == pytest.approx(1)


def test_the_largest_is_found_although_a_negative_one_has_the_larger_magnitude() -> None:
    H = np.diag([3.0, -5.0, 1.0])
    found = largest_eigenvalue(lambda v: H @ v, np.ones(3), tolerance=1e-12, max_steps=1_000)
    assert found.value == pytest.approx(3, rel=1e-9)
    np.testing.assert_allclose(np.abs(found.vector), [1, 0, 0], atol=1e-4)


def test_where_all_is_negative_the_one_nearest_to_zero_is_the_largest() -> None:
    H = np.diag([-1.0, -2.0, -4.0])
    found = largest_eigenvalue(lambda v: H @ v, np.ones(3), tolerance=1e-12, max_steps=1_000)
    assert found.value == pytest.approx(-1, rel=1e-9)


def test_an_eigenvalue_lies_within_the_residual_even_when_stopped_early() -> None:
    rng = np.random.default_rng(3)
    root = rng.normal(size=(20, 20))
    H = root @ root.T
    eigenvalues = np.linalg.eigvalsh(H)
    for max_steps in (1, 2, 4, 8):
        found = largest_eigenvalue(lambda v: H @ v, rng.normal(size=20), max_steps=max_steps)
        assert not found.converged
        assert found.steps == max_steps
        assert np.abs(eigenvalues - found.value).min() <= found.residual


def test_a_warm_start_needs_fewer_products() -> None:
    rng = np.random.default_rng(4)
    Q, _ = np.linalg.qr(rng.normal(size=(50, 50)))
    H = Q @ np.diag(np.linspace(0.1, 1, 50)) @ Q.T
    cold = largest_eigenvalue(lambda v: H @ v, rng.normal(size=50), max_steps=2_000)
    warm = largest_eigenvalue(lambda v: 1.02 * H @ v, cold.vector, max_steps=2_000)
    assert warm.converged
    assert warm.steps < cold.steps / 3
    assert warm.value == pytest.approx(1.02 * cold.value, rel=1e-2)


def test_a_flat_loss_has_the_eigenvalue_zero() -> None:
    found = largest_eigenvalue(lambda v: 0 * v, np.ones(3))
    assert (found.value, found.converged) == (0, True)


def test_what_is_not_finite_ends_at_once_and_does_not_converge() -> None:
    found = largest_eigenvalue(lambda v: v * np.inf, np.ones(3))
    assert (found.steps, found.converged) == (1, False)


def test_two_pixels_and_two_classes_by_hand() -> None:
    """One sample x = (1, 0.5) at zero weights: p = (1/2, 1/2), so H = 1/4 [[1,-1],[-1,1]] x xx'."""
    network = softmax_network(2, 2, bias=False)
    params = zero_params(network, np.float64)
    x = np.array([[1.0, 0.5]])
    hessian = Hessian.at(network, params, x, np.array([1]))
    v = {"W": np.array([[1.0, 0.0], [0.0, 0.0]])}  # moves only pixel 0's weight for class 0
    np.testing.assert_allclose(hessian.times(v)["W"], [[0.25, -0.25], [0.125, -0.125]])


def test_the_closed_form_of_softmax_regression_holds_on_random_weights() -> None:
    network = softmax_network(4, 3)
    params, X, labels = problem(network, 20)
    inputs = np.column_stack([X, np.ones(len(X))])
    P = softmax(X @ params["W"] + params["b"])
    blocks = [
        np.kron(np.outer(x, x), np.diag(p) - np.outer(p, p)) for x, p in zip(inputs, P, strict=True)
    ]
    whole = np.mean(blocks, axis=0)  # parameters in the order W row by row, then b
    hessian = Hessian.at(network, params, X, labels)
    v = np.random.default_rng(2).normal(size=len(whole))
    np.testing.assert_allclose(hessian.times_vector(v), whole @ v, rtol=1e-12, atol=1e-15)


def test_parameters_become_one_row_and_parameters_again() -> None:
    params, _, _ = problem(NETWORKS["mlp with relu"])
    again = unflat(flat(params), params)
    assert list(again) == list(params)
    for name, array in params.items():
        np.testing.assert_array_equal(again[name], array)
