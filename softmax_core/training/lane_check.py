"""The gradient check of a lane: what it claims, against the slope of the loss itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.store import open_dataset
from softmax_core.nn import BlockCheck, Params, check_blocks, culprits, predict_logits
from softmax_core.nn.blockcheck import WRONG
from softmax_core.nn.teaching import whole_max_softmax
from softmax_core.training.config import TrainingConfig
from softmax_core.training.lanes import run_lanes
from softmax_core.training.layered import network_of
from softmax_core.training.samples import to_inputs

# As many as a batch of the lanes: a forgotten division by it shows as this very factor.
PICTURES: Final = 128
ENTRIES: Final = 50  # of each block, at most
_CONFIDENT: Final = 2
_BREAKS_WITHIN: Final = 5
# Half of float32's smallest number is 0: exp(-103.97) and all below.
_UNDERFLOW: Final = float(150 * np.log(2))


@dataclass(frozen=True)
class LaneCheck:
    """What the check found.

    Attributes
    ----------
    blocks : tuple of BlockCheck
        The logits, then every parameter.
    culprits : tuple of str
        Names of the blocks whose own rule is wrong.
    n_pictures : int
        The batch it was made on.
    """

    blocks: tuple[BlockCheck, ...]
    culprits: tuple[str, ...]
    n_pictures: int

    def agrees(self, block: BlockCheck) -> bool:
        """Tell whether what a block claims is the slope of the loss."""
        return block.error <= WRONG


@dataclass(frozen=True)
class RowMaxima:
    """What subtracting the whole array's maximum does to each row of a batch.

    Attributes
    ----------
    labels : ndarray of int of shape (n_samples,)
    largest : ndarray of float of shape (n_samples,)
        Each row's largest logit.
    is_lost : ndarray of bool of shape (n_samples,)
        Rows whose exponentials all became 0, so that their probabilities are 0 / 0.
    limit : float
        So far below the maximum an exponential is 0.
    stopped_at : int or None
        The step at which training on such pixels was stopped.
    """

    labels: NDArray[np.intp]
    largest: NDArray[np.float32]
    is_lost: NDArray[np.bool_]
    limit: float
    stopped_at: int | None


def check_lane(config: TrainingConfig, params: Params) -> LaneCheck:
    """Hold a lane's gradient against the numeric one, block by block.

    Raises
    ------
    UserError
        When the data set cannot be had.
    """
    X, labels = _batch(config)
    network = network_of(config, params)
    blocks = check_blocks(network, params, X, labels, config.variant, entries=ENTRIES)
    return LaneCheck(blocks, culprits(blocks), len(labels))


def row_maxima(config: TrainingConfig) -> RowMaxima:
    """Subtract the whole array's maximum from the logits of digits with raw pixels.

    The weights are those after ``_CONFIDENT`` steps with ``config``: later, hardly a row
    would be left.

    Raises
    ------
    UserError
        When the data set cannot be had.
    """
    (lane,) = run_lanes((config,), _CONFIDENT)
    raw = replace(config, pixels="raw")
    X, labels = _batch(raw)
    logits = predict_logits(network_of(config, lane.state.params), lane.state.params, X)
    with np.errstate(invalid="ignore"):
        is_lost = np.asarray(np.isnan(whole_max_softmax(logits)).any(axis=1))
    (broken,) = run_lanes((raw,), _BREAKS_WITHIN)
    stop = broken.state.stop
    return RowMaxima(
        labels, logits.max(axis=1), is_lost, _UNDERFLOW, None if stop is None else stop.step
    )


def _batch(config: TrainingConfig) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Return pictures spread over the training set."""
    dataset = open_dataset(config.dataset)
    stride = max(1, len(dataset.train_labels) // PICTURES) | 1
    rows = slice(0, stride * PICTURES, stride)
    X = to_inputs(dataset.train_images[rows], config.pixels)
    return X, dataset.train_labels[rows].astype(np.intp)
