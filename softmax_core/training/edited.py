"""A state with other weights than training gave it, checked before they are taken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from softmax_core.errors import UserError
from softmax_core.nn import Params
from softmax_core.training.state import TrainingState
from softmax_core.training.train import without_stop


def edited(state: TrainingState, params: Params) -> TrainingState:
    """Return the state with these weights in place of its own, at the same step.

    What belongs to the old weights is left behind: the running sums of momentum, the signs of
    life of each class, and the states to go back to.

    Parameters
    ----------
    state : TrainingState
    params : dict of arrays
        Of the same names and shapes; taken as float32.

    Raises
    ------
    UserError
        When an array is missing, of another shape, or not finite.
    """
    return replace(
        without_stop(state), params=_fitting(params, state.params), velocity={}, last_active=None
    )


def _fitting(params: Params, present: Params) -> Params:
    """Return the weights as training takes them, in the order of the present ones."""
    if params.keys() != present.keys():
        raise UserError(
            "edit-names",
            f"The model has the weights {', '.join(present)}; these are "
            f"{', '.join(params) or 'none'}. Nothing was changed.",
        )
    with np.errstate(over="ignore"):  # what float32 cannot hold is refused below
        taken = {name: np.asarray(params[name], dtype=np.float32) for name in present}
    for name, array in taken.items():
        if array.shape != present[name].shape:
            raise UserError(
                "edit-shape",
                f"{name} has the shape {array.shape}; the model's is {present[name].shape}. "
                "Nothing was changed.",
            )
        if not np.isfinite(array).all():
            raise UserError(
                "edit-finite",
                f"{name} holds a value that is not a finite number. Nothing was changed.",
            )
    return taken
