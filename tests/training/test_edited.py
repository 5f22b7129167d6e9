"""Weights put in place of a state's: taken as they are, or refused in one sentence."""

from __future__ import annotations

import numpy as np
import pytest

from softmax_core.errors import UserError
from softmax_core.nn import Params
from softmax_core.training import Budget, Samples, TrainingConfig, advance
from softmax_core.training.edited import edited
from softmax_core.training.start import first_state

CONFIG = TrainingConfig(momentum=0.9, batch_size=4)


def trained() -> tuple[Samples, Params]:
    rng = np.random.default_rng(3)
    samples = Samples(
        rng.integers(0, 256, (40, 6), np.uint8), rng.integers(0, 3, 40).astype(np.uint8)
    )
    return samples, first_state(CONFIG, 6, 3).params


def test_counts_stay_and_what_belongs_to_the_old_weights_goes() -> None:
    samples, params = trained()
    state, _ = advance(first_state(CONFIG, 6, 3), CONFIG, samples, Budget(steps=7))
    assert state.velocity
    assert state.previous is not None
    after = edited(state, {"b": np.ones(3), "W": params["W"].astype(np.float64)})
    assert (after.step, after.position, after.samples_seen) == (7, 28, 28)
    assert after.start_loss == state.start_loss
    assert (after.velocity, after.previous, after.doubt, after.last_active) == (
        {},
        None,
        None,
        None,
    )
    np.testing.assert_array_equal(after.params["W"], params["W"])
    assert list(after.params) == list(state.params)
    assert {array.dtype for array in after.params.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"W": np.zeros((3, 6))}, r"W has the shape \(3, 6\); the model's is \(6, 3\)\."),
        ({"b": np.zeros(4)}, r"b has the shape \(4,\)"),
        ({"b": np.array([0, np.nan, 0])}, "b holds a value that is not a finite number"),
        ({"W": np.full((6, 3), 1e39)}, "W holds a value"),  # beyond float32
        ({"V": np.zeros(3)}, r"has the weights W, b; these are W, b, V\."),
    ],
)
def test_what_does_not_fit_is_refused(change: Params, sentence: str) -> None:
    state = first_state(CONFIG, 6, 3)
    with pytest.raises(UserError, match=sentence):
        edited(state, state.params | change)
    with pytest.raises(UserError, match="these are none"):
        edited(state, {})
