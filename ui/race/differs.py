"""The one thing in which the lanes of a race differ: what it may be, and what a lane is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, Final

from softmax_core.data.store import open_dataset
from softmax_core.limits import MAX_LANES
from softmax_core.training import TrainingConfig
from softmax_core.training.config import NETWORKS
from ui.learning_rate import LEARNING_RATES
from ui.settings import L2_PENALTIES
from ui.trained_model import initial_weights_for
from ui.words import _, network_title, plain_number

DIFFERENCES: Final = (
    "learning_rate",
    "batch_size",
    "init",
    "momentum",
    "l2",
    "network",
    "n_train",
)
_MOMENTA: Final = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99)
_SIZES: Final = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000)
# What a class sees most in: one lane too timid, one right, one bold, one beyond the edge.
_FIRST: Final = {
    "learning_rate": (0.01, 0.1, 0.5, 5.0),
    "batch_size": (8, 64, 512),
    "init": ("zero", "small-normal", "unit-normal"),
    "momentum": (0.0, 0.5, 0.9),
    "l2": (0.0, 0.001, 0.01, 0.1),
    "network": NETWORKS,
    "n_train": (100, 500, 2_000, 0),
}


def difference_title(field: str) -> str:
    """Return what the page calls what differs."""
    return {
        "learning_rate": _("Learning rate"),
        "batch_size": _("Batch size"),
        "init": _("Initial weights"),
        "momentum": _("Momentum"),
        "l2": _("L2 penalty"),
        "network": _("Network"),
        "n_train": _("Data set size"),
    }[field]


def fairness(field: str) -> str:
    """Say what all lanes share, and so what the curves may be read as."""
    return {
        "learning_rate": _(
            "All lanes have the same first weights and see the same batches: what differs in "
            "the curves comes from the learning rate alone."
        ),
        "batch_size": _(
            "All lanes have the same first weights and see the same pictures in the same order, "
            "cut into batches of different size. Compare them at the same number of examples."
        ),
        "init": _(
            "All lanes see the same batches: what differs in the curves comes from the first "
            "weights alone."
        ),
        "momentum": _(
            "All lanes have the same first weights and see the same batches: what differs in "
            "the curves comes from momentum alone, the share of the last step that is kept."
        ),
        "l2": _(
            "All lanes have the same first weights and see the same batches: what differs in "
            "the curves comes from the L2 penalty alone, which holds weights small."
        ),
        "network": _(
            "All lanes see the same batches: what differs in the curves comes from what stands "
            "between the pixels and the probabilities."
        ),
        "n_train": _(
            "All lanes have the same first weights; each learns from the first so many of the "
            "same training pictures. The test pictures are the same for all."
        ),
    }[field]


def choices_of(field: str, base: TrainingConfig) -> list[Any]:
    """Return the values that lanes may have, in the order in which lanes stand."""
    n_samples = open_dataset(base.dataset).info.n_train
    own = getattr(base, field)
    if field == "learning_rate":
        return sorted({*LEARNING_RATES, own})
    if field == "batch_size":
        powers = [1 << i for i in range(n_samples.bit_length()) if 1 << i < n_samples]
        return sorted({*powers, min(own, n_samples), n_samples})
    if field == "n_train":
        return [*(size for size in _SIZES if size < n_samples), 0]
    if field == "init":
        return list(initial_weights_for(base))
    if field == "network":
        return list(NETWORKS)
    return sorted({*(_MOMENTA if field == "momentum" else L2_PENALTIES), own})


def first_values(field: str, base: TrainingConfig) -> tuple[Any, ...]:
    """Return the values a new race begins with; where few of the usual fit, the first choices."""
    choices = choices_of(field, base)
    usual = tuple(value for value in _FIRST[field] if value in choices)
    return usual if len(usual) > 1 else tuple(choices[:MAX_LANES])


def lane_configs(
    base: TrainingConfig, field: str, values: Sequence[Any]
) -> tuple[TrainingConfig, ...]:
    """Return the settings of each lane.

    Raises
    ------
    UserError
        When a value is out of its range.
    """
    return tuple(replace(base, **{field: value}) for value in values)


def difference_of(configs: Sequence[TrainingConfig]) -> str:
    """Return the field in which settings differ."""
    first = configs[0]
    differing = (
        field.name
        for field in fields(first)
        if any(getattr(config, field.name) != getattr(first, field.name) for config in configs)
    )
    return next(differing, DIFFERENCES[0])


def lane_name(config: TrainingConfig, field: str) -> str:
    """Return what a lane is called: the value it does not share, short enough for a curve's end."""
    return value_title(field, getattr(config, field), open_dataset(config.dataset).info.n_train)


def lane_title(config: TrainingConfig, field: str) -> str:
    """Return what a lane is called where a sentence begins with it."""
    name = lane_name(config, field)
    if field == "network":
        return name
    if field == "n_train":
        name = _("{n} pictures").format(n=name)
        return name[:1].upper() + name[1:]
    return _("{what} {value}").format(what=difference_title(field), value=name)


def value_title(field: str, value: Any, n_samples: int) -> str:
    """Return what a value is called.

    Parameters
    ----------
    field : str
    value : object
    n_samples : int
        Size of the whole training set.
    """
    if field == "batch_size":
        return _("full") if value >= n_samples else f"{value:,}"
    if field == "n_train":
        return _("all {n:,}").format(n=n_samples) if not value else f"{value:,}"
    if field == "init":
        return _init_name(value)
    if field == "network":
        return network_title(value)
    return plain_number(value)


def _init_name(init: str) -> str:
    return {
        "zero": _("all zero"),
        "small-normal": _("random 0.01"),
        "unit-normal": _("random 1"),
        "scaled": _("random, scaled"),
        "unit-normal-all": _("random 1, biases too"),
        "tiny-normal": _("random 0.001"),
        "trained": _("trained model"),
    }[init]
