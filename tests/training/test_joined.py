"""W and b as one array: nothing is lost, and what is no weight never moves."""

from __future__ import annotations

import numpy as np
import pytest

from softmax_core.training import TrainingConfig, first_state
from softmax_core.training.joined import JoinedLayer, aligned, width_of
from softmax_core.training.start import build_network

N_IN, N_OUT = 30, 10


@pytest.mark.parametrize(("n_in", "width"), [(2, 16), (15, 16), (16, 32), (64, 80), (784, 800)])
def test_there_is_room_for_the_bias_and_zeros_up_to_sixteen(n_in: int, width: int) -> None:
    assert width_of(n_in) == width


@pytest.mark.parametrize("shape", [(1,), (10, 800), (128, 800), (7, 3)])
def test_arrays_begin_at_a_cache_line(shape: tuple[int, ...]) -> None:
    array = aligned(shape)
    assert array.ctypes.data % 64 == 0
    assert array.shape == shape
    assert array.flags.c_contiguous
    assert not array.any()


@pytest.mark.parametrize("outputs_first", [True, False])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_steps_are_those_of_w_and_b_apart(outputs_first: bool, momentum: float) -> None:
    config = TrainingConfig(init="unit-normal-all")
    state = first_state(config, N_IN, N_OUT)
    (linear,) = build_network(config, N_IN, N_OUT).linear_layers
    layer = JoinedLayer(linear, state, outputs_first=outputs_first)
    own = {name: array.astype(np.float64) for name, array in layer.params().items()}
    moving = {name: np.zeros_like(array) for name, array in own.items()}
    rng = np.random.default_rng(0)
    for _ in range(3):
        dW, db = rng.normal(size=(N_IN, N_OUT)), rng.normal(size=N_OUT)
        joined = np.vstack([dW, db, np.zeros((width_of(N_IN) - N_IN - 1, N_OUT))])
        layer.dW[...] = joined.T if outputs_first else joined
        before = layer.params()
        assert layer.squares() == pytest.approx((joined**2).sum(), rel=1e-5)
        penalty = layer.decay(0.01)
        assert penalty == pytest.approx(0.005 * (own["W"] ** 2).sum(), rel=1e-5)
        layer.update(0.5, momentum)
        for name, gradient in (("W", dW + 0.01 * own["W"]), ("b", db)):
            moving[name] = momentum * moving[name] + gradient
            own[name] = own[name] - 0.5 * moving[name]
            np.testing.assert_allclose(layer.params()[name], own[name], rtol=1e-4, atol=1e-5)
            np.testing.assert_array_equal(layer.params_before()[name], before[name])
    assert bool(layer.velocity()) == bool(momentum)
    if momentum:
        np.testing.assert_allclose(layer.velocity()["W"], moving["W"], rtol=1e-4, atol=1e-5)
    padding = layer.W[:, N_IN + 1 :] if outputs_first else layer.W[N_IN + 1 :]
    assert padding.size
    assert not padding.any()
