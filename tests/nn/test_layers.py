"""Each layer alone: its values by hand, its gradients against numeric derivatives."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from scipy import special

from softmax_core.errors import UserError
from softmax_core.nn import (
    Array,
    Layer,
    Linear,
    Params,
    ReLU,
    Sigmoid,
    complex_step_gradient,
    numeric_gradient,
)

RNG = np.random.default_rng(11)
# Every entry is at least 0.1 away from the kink of ReLU.
X = RNG.choice([-1.0, 1.0], (6, 4)) * RNG.uniform(0.1, 2.0, (6, 4))
PARAMS: Params = {"W": RNG.normal(size=(4, 3)), "b": RNG.normal(size=3)}
LAYERS = [Linear(4, 3), Linear(4, 3, bias=None), ReLU(), Sigmoid()]


def relative_error(a: Array, n: Array) -> float:
    return float(np.linalg.norm(a - n) / max(np.linalg.norm(a), np.linalg.norm(n)))


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
@pytest.mark.parametrize("n_samples", [1, 6])
def test_gradients_equal_the_numeric_derivatives(layer: Layer, n_samples: int) -> None:
    # L = sum(out * dout) is a loss whose gradient with respect to out is dout.
    inputs = X[:n_samples]
    out, cache = layer.forward(PARAMS, inputs)
    dout = np.random.default_rng(2).normal(size=out.shape)
    dX, grads = layer.backward(PARAMS, cache, dout)

    def loss(values: Array, name: str) -> Array:
        moved = layer.forward({**PARAMS, name: values}, values if name == "X" else inputs)[0]
        total: Array = (moved * dout).sum()
        return total

    def real_loss(values: Array, name: str) -> float:
        return float(loss(values, name))

    def complex_loss(values: Array, name: str) -> complex:
        return complex(loss(values, name))

    for name, analytic in {"X": dX, **grads}.items():
        at = inputs if name == "X" else PARAMS[name]
        numeric = numeric_gradient(partial(real_loss, name=name), at)
        assert relative_error(analytic, numeric) < 1e-9

        # X @ W decides the dtype of out, so a complex b alone would not fit into it.
        if name != "b":
            exact = complex_step_gradient(partial(complex_loss, name=name), at)
            assert relative_error(analytic, exact) < 1e-14


def test_linear_by_hand() -> None:
    layer = Linear(2, 2)
    params = {"W": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": np.array([10.0, 20.0])}
    inputs = np.array([[1.0, 0.0], [1.0, 2.0]])
    out, cache = layer.forward(params, inputs)
    # Second row: 1 * (1, 2) + 2 * (3, 4) + (10, 20)
    np.testing.assert_array_equal(out, [[11, 22], [17, 30]])
    dX, grads = layer.backward(params, cache, np.array([[1.0, 0.0], [0.0, 1.0]]))
    # dX: the first column of W as a row, then the second
    np.testing.assert_array_equal(dX, [[1, 3], [2, 4]])
    # dW[j, k]: sample k alone reaches column k, with the factor X[k, j]
    np.testing.assert_array_equal(grads["W"], [[1, 1], [0, 2]])
    np.testing.assert_array_equal(grads["b"], [1, 1])


def test_a_linear_layer_without_bias_has_no_gradient_of_one() -> None:
    layer = Linear(4, 3, weight="V", bias=None)
    out, cache = layer.forward({"V": PARAMS["W"]}, X)
    np.testing.assert_array_equal(out, X @ PARAMS["W"])
    _, grads = layer.backward({"V": PARAMS["W"]}, cache, out)
    assert set(grads) == {"V"}


def test_relu_passes_nothing_at_and_below_zero() -> None:
    out, cache = ReLU().forward({}, np.array([[-1.0, 0.0, 2.0]]))
    dX, grads = ReLU().backward({}, cache, np.array([[5.0, 6.0, 7.0]]))
    np.testing.assert_array_equal(out, [[0, 0, 2]])
    np.testing.assert_array_equal(dX, [[0, 0, 7]])
    assert grads == {}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_equals_scipy_at_any_size_without_a_warning(dtype: type[np.floating]) -> None:
    ends = [-1e37, -800.0, -90.0, -0.0, 0.0, 90.0, 800.0, 1e37]
    inputs = np.array([[*ends, *np.linspace(-30, 30, 61)]], dtype)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        out, cache = Sigmoid().forward({}, inputs)
        dX, _ = Sigmoid().backward({}, cache, np.ones_like(inputs))
    # In double precision: SciPy's float32 version already is 0 at -90.
    expected = special.expit(inputs.astype(np.float64))
    limits = np.finfo(dtype)
    np.testing.assert_allclose(out, expected, rtol=4 * float(limits.eps), atol=float(limits.tiny))
    assert np.isfinite(dX).all()


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_forward_and_backward_keep_the_dtype(layer: Layer, dtype: type[np.floating]) -> None:
    params = {name: values.astype(dtype) for name, values in PARAMS.items()}
    out, cache = layer.forward(params, X.astype(dtype))
    dX, grads = layer.backward(params, cache, out)
    assert {array.dtype for array in (out, dX, *grads.values())} == {np.dtype(dtype)}


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_forward_and_backward_change_nothing_they_are_given(layer: Layer) -> None:
    given = [array.copy() for array in (X, *PARAMS.values())]
    for array in given:
        array.flags.writeable = False
    params = dict(zip(PARAMS, given[1:], strict=True))
    out, cache = layer.forward(params, given[0])
    cache.flags.writeable = False
    out.flags.writeable = False
    layer.backward(params, cache, out)


def test_layers_are_equal_if_they_say_the_same() -> None:
    assert Linear(4, 3) == Linear(4, 3)
    assert Linear(4, 3) != Linear(4, 3, bias=None)
    assert len({ReLU(), ReLU(), Sigmoid()}) == 2


def test_a_linear_layer_of_no_width_is_refused() -> None:
    with pytest.raises(UserError, match="asked for were 4 and 0"):
        Linear(4, 0)
