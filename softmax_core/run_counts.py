"""A saved run's counts: how far it had come, checked against each other."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from softmax_core import limits
from softmax_core.npz import refusal
from softmax_core.training import TrainingState
from softmax_core.training.state import LastActive
from softmax_core.training.taught import MAX_TRAIN_SAMPLES

COUNTS: Final = ("step", "epoch", "position", "samples_seen")
LAST_ACTIVE: Final = "last_active"
LARGEST: Final = 2**53  # whole numbers up to here are the same to all readers of JSON


def counts_of(state: TrainingState) -> dict[str, int]:
    """Return a state's counts by name."""
    return {name: getattr(state, name) for name in COUNTS}


def read_counts(meta: Mapping[str, Any], *, sizes_differ: bool) -> dict[str, Any]:
    """Read and check the counts.

    Parameters
    ----------
    meta : mapping
        The whole text; it has all of ``COUNTS`` and ``start_loss``.
    sizes_differ : bool
        Whether the training set's size may have changed from epoch to epoch.

    Returns
    -------
    dict
        Attributes of a ``TrainingState``.

    Raises
    ------
    UserError
        ``run-counts``.
    """
    counts = {name: meta[name] for name in COUNTS}
    for name, value in counts.items():
        if type(value) is not int or not 0 <= value < LARGEST:  # a bool is an int, too
            raise refusal("run-counts", f"This file's {name} is not a whole number from 0 up.")
    if not (is_of_one_size(**counts) or (sizes_differ and _can_agree(**counts))):
        raise refusal("run-counts", "This file's numbers of steps, epochs and samples disagree.")
    first = meta["start_loss"]
    if first is not None and not (isinstance(first, float) and 0 <= first < math.inf):
        raise refusal("run-counts", "This file's first loss is not a number from 0 up.")
    return {**counts, "start_loss": first, LAST_ACTIVE: _last_active(meta)}


def is_of_one_size(step: int, epoch: int, position: int, samples_seen: int) -> bool:
    """Tell whether there can be a training set with which these counts come about.

    A position beyond the training set would make an empty batch.
    """
    if not epoch <= step <= samples_seen or (step == 0) != (samples_seen == 0):
        return False
    if epoch == 0:
        return samples_seen == position < limits.MAX_SAMPLES
    n_samples, rest = divmod(samples_seen - position, epoch)
    return rest == 0 and position < n_samples <= limits.MAX_SAMPLES


def _last_active(meta: Mapping[str, Any]) -> tuple[LastActive, ...] | None:
    """Read each class's last sign of life: a step and samples, up to the run's own."""
    signs = meta.get(LAST_ACTIVE)
    if signs is None:
        return None
    if not isinstance(signs, list) or not 0 < len(signs) <= limits.MAX_CLASSES:
        raise refusal("run-counts", "This file's signs of life are not one for each class.")
    if not all(_is_sign(sign, (meta["step"], meta["samples_seen"])) for sign in signs):
        raise refusal("run-counts", "This file's signs of life are not steps of its run.")
    return tuple(LastActive(*sign) for sign in signs)


def _is_sign(sign: object, most: tuple[int, int]) -> bool:
    if not isinstance(sign, list) or len(sign) != len(most):
        return False
    return all(type(v) is int and 0 <= v <= bound for v, bound in zip(sign, most, strict=True))


def _can_agree(step: int, epoch: int, position: int, samples_seen: int) -> bool:
    """Tell whether there can be training sets, of another size each epoch, for these counts."""
    if not epoch <= step <= samples_seen or (step == 0) != (samples_seen == 0):
        return False
    rest = samples_seen - position
    return position < MAX_TRAIN_SAMPLES and epoch <= rest <= epoch * MAX_TRAIN_SAMPLES
