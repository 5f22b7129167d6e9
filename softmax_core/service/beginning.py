"""What a run begins with: its first state and its training set's size."""

from __future__ import annotations

from typing import NamedTuple

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.training import TrainingConfig, TrainingState, first_state
from softmax_core.training.taught import check_taught, n_train_samples
from softmax_core.training.train_part import n_base_samples


class Beginning(NamedTuple):
    """The first state of a run, and how many samples it trains on."""

    state: TrainingState
    n_samples: int  # with the drawings that have joined them
    n_base: int  # without


def beginning_of(config: TrainingConfig) -> Beginning:
    """Return what a run with these settings begins with.

    Raises
    ------
    UserError
        When the data set cannot be had, or a drawing that was added does not fit it.
    """
    dataset = open_dataset(config.dataset)
    info = dataset.info
    check_taught(config.taught, info.n_features, dataset.train_images.dtype, info.n_classes)
    state = first_state(config, info.n_features, info.n_classes)
    n_base = n_base_samples(config, len(dataset.train_labels))
    return Beginning(state, n_train_samples(config, n_base), n_base)


def check_position(state: TrainingState, beginning: Beginning) -> None:
    """Refuse a saved state that lies beyond the end of its data set.

    Raises
    ------
    UserError
        ``load-position``.
    """
    if state.position >= beginning.n_samples:
        raise UserError(
            "load-position",
            f"This run was saved at picture {state.position:,} of an epoch, and its data set "
            f"has {beginning.n_samples:,}: it was trained on other data. Nothing was changed.",
        )
