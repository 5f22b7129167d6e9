"""Which value of a batch first left the finite numbers, and which setting let it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn import Fault, Params, find_fault
from softmax_core.training.batches import BatchBuffer
from softmax_core.training.config import TrainingConfig
from softmax_core.training.layered import network_of
from softmax_core.training.samples import input_scale
from softmax_core.training.taught import TrainSet

_CHUNK: Final = 2_048
_LOWER_RATE: Final = "The steps are too big: lower the learning rate"


def diagnose(
    params: Params, config: TrainingConfig, samples: TrainSet, rows: NDArray[np.int64]
) -> Fault | None:
    """Compute these rows' loss and gradient again and look at every array on the way.

    Returns
    -------
    Fault or None
        Its row counts within the batch; None when all is finite.
    """
    network = network_of(config, params)
    buffer = BatchBuffer(samples, min(len(rows), _CHUNK))
    scale = np.float32(input_scale(samples, config.pixels))
    for start in range(0, len(rows), _CHUNK):
        X, labels = buffer.fill(rows[start : start + _CHUNK])
        X *= scale
        fault = find_fault(network, params, X, labels, config.variant)
        if fault is not None:
            return replace(fault, row=None if fault.row is None else fault.row + start)
    return None


def cure(config: TrainingConfig) -> str:
    """Return what to change so that the run can go on, as a clause."""
    cures = []
    if config.softmax != "stable":
        cures.append("use the softmax that subtracts each row's largest logit first")
    if config.loss == "log-of-probability":
        cures.append("compute the loss from the logits (log-sum-exp)")
    if config.pixels == "raw":
        cures.append("divide the pixels by 255")
    if config.reduction == "sum":
        cures.append("average the gradient over the batch or lower the learning rate")
    if not cures:
        return _LOWER_RATE
    text = ", ".join(cures[:-1]) + " and " + cures[-1] if len(cures) > 1 else cures[0]
    return text[0].upper() + text[1:]
