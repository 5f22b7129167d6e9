"""Loss and accuracy of many lanes over the same samples, in one pass over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.training.config import TrainingConfig
from softmax_core.training.evaluate import evaluate
from softmax_core.training.lane_columns import side_by_side_columns
from softmax_core.training.lane_rows import LaneRows
from softmax_core.training.lane_softmax import to_dlogits
from softmax_core.training.layered import network_of
from softmax_core.training.samples import Samples, input_scale
from softmax_core.training.state import TrainingState
from softmax_core.training.threads import one_blas_thread

# As many logits of all lanes together stay in the processor's second cache.
_CHUNK: Final = 250


class LaneEvaluation(NamedTuple):
    """How good the weights of each lane are; arrays of shape (n_lanes,)."""

    loss: NDArray[np.float64]  # mean cross-entropy in nats, without the L2 penalty
    accuracy: NDArray[np.float64]  # share right, in [0, 1]


def evaluate_lanes(
    states: Sequence[TrainingState], configs: Sequence[TrainingConfig], samples: Samples
) -> LaneEvaluation:
    """Evaluate all lanes: softmax regressions in one pass, others one by one.

    Parameters
    ----------
    states, configs : sequences
        One for each lane.
    samples : Samples
        The same for all.

    Returns
    -------
    LaneEvaluation
        As ``evaluate`` finds for each, but for the rounding of float32.
    """
    loss, accuracy = np.empty(len(states)), np.empty(len(states))
    groups: dict[tuple[str, tuple[int, ...]], list[int]] = {}
    for lane, (state, config) in enumerate(zip(states, configs, strict=True)):
        if reads_in_one_pass(config):
            groups.setdefault((config.pixels, state.params["W"].shape), []).append(lane)
        else:
            network = network_of(config, state.params)
            loss[lane], accuracy[lane] = evaluate(network, state.params, samples, config)
    for (pixels, _), lanes in groups.items():
        found = _in_one_pass([states[lane] for lane in lanes], samples, pixels)
        loss[lanes], accuracy[lanes] = found
    return LaneEvaluation(loss, accuracy)


def reads_in_one_pass(config: TrainingConfig) -> bool:
    """Tell whether a lane is evaluated beside others like it, for little more than one alone."""
    return config.network == "softmax" and config.bias != "none" and config.loss != "clipped"


def _in_one_pass(states: Sequence[TrainingState], samples: Samples, pixels: str) -> LaneEvaluation:
    n_lanes, n_samples = len(states), samples.n_samples
    W = side_by_side_columns([state.params for state in states])
    # Rows are taken from every second or seventh picture by copying them all, each time anew.
    images: Any = np.ascontiguousarray(samples.images)
    samples = Samples(images, samples.labels)
    batch = LaneRows(samples, min(_CHUNK, n_samples), input_scale(samples, pixels))
    loss, correct = np.zeros(n_lanes), np.zeros(n_lanes)
    ones = np.ones(n_lanes, np.float32)
    with one_blas_thread(), np.errstate(all="ignore"):
        for start in range(0, n_samples, _CHUNK):
            labels = batch.read(np.arange(start, min(start + _CHUNK, n_samples)))
            Z = W.T @ batch.floats().T
            part = to_dlogits(Z.reshape(-1, n_lanes, len(labels)), labels, ones)
            loss, correct = loss + part[0], correct + part[1]
    return LaneEvaluation(loss / n_samples, correct / n_samples)
