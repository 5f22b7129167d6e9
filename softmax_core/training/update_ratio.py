"""How far one update moves the weights, as a share of their own length."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from softmax_core.nn import Params
from softmax_core.training.state import TrainingState


class UpdateRatio(NamedTuple):
    """The last update: ``|new - old| / |old|`` with Euclidean norms."""

    step: int
    whole: float  # all parameters as one
    by_name: dict[str, float]  # each of them by itself; inf for what was all zero


def update_ratio(state: TrainingState) -> UpdateRatio | None:
    """Return how far the last step moved the parameters; None before the first step.

    Around 0.001 is ordinary once training is under way; near 1 every step overwrites
    what the steps before have learned.

    Parameters
    ----------
    state : TrainingState
        It carries the state one step behind with it. Where it does not, as in a loaded run,
        there is nothing to compare with.
    """
    before = state.previous
    if before is None or before.step != state.step - 1:
        return None
    by_name = {
        name: _ratio({name: array}, {name: before.params[name]})
        for name, array in state.params.items()
    }
    return UpdateRatio(state.step, _ratio(state.params, before.params), by_name)


def _ratio(after: Params, before: Params) -> float:
    moved = sum(
        float(np.sum(np.square(after[name] - old), dtype=np.float64))
        for name, old in before.items()
    )
    length = sum(float(np.sum(np.square(old), dtype=np.float64)) for old in before.values())
    if not length:
        return float("inf") if moved else 0.0
    return float(np.sqrt(moved / length))
