"""Loss and accuracy of a model over whole sets of pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from softmax_core.nn import (
    Array,
    Network,
    Params,
    clipped_cross_entropy,
    cross_entropy,
    predict_logits,
    predictions,
    softmax,
)
from softmax_core.training.accumulator import Accumulator
from softmax_core.training.config import TrainingConfig
from softmax_core.training.layered import network_of
from softmax_core.training.samples import Samples, input_scale
from softmax_core.training.state import TrainingState
from softmax_core.training.threads import one_blas_thread

# Small enough for the processor's second cache, large enough that Python's share is small.
_CHUNK: Final = 250


@dataclass(frozen=True)
class Evaluation:
    """How good the weights of one step are.

    Losses are mean cross-entropies in nats without the L2 penalty, so that training
    and test loss compare; accuracies are shares in [0, 1].
    """

    step: int
    epoch: float
    train_loss: float
    train_accuracy: float
    test_loss: float
    test_accuracy: float


def evaluate_both(
    config: TrainingConfig,
    state: TrainingState,
    train_set: Samples,
    test_set: Samples,
    epoch: float,
) -> Evaluation:
    """Return how good a state's weights are on what it learns from and on what was held out.

    Parameters
    ----------
    config : TrainingConfig
    state : TrainingState
    train_set, test_set : Samples
        All of them or a part.
    epoch : float
        Whole epochs done, and the share of the present one.
    """
    network = network_of(config, state.params)
    train_loss, train_accuracy = evaluate(network, state.params, train_set, config)
    test_loss, test_accuracy = evaluate(network, state.params, test_set, config)
    return Evaluation(state.step, epoch, train_loss, train_accuracy, test_loss, test_accuracy)


def evaluate(
    network: Network, params: Params, samples: Samples, config: TrainingConfig | None = None
) -> tuple[float, float]:
    """Return (loss, accuracy) over all samples.

    Parameters
    ----------
    network : Network
    params : dict of arrays
    samples : Samples
        At least one picture.
    config : TrainingConfig, optional
        Tells whether pixels stay raw and the loss is clipped. The naive ways are not followed:
        an instrument must not break with what it measures.
    """
    n_samples, n_features = samples.images.shape
    config = TrainingConfig() if config is None else config
    buffer = np.empty((min(_CHUNK, n_samples), n_features), np.float32)
    scale = np.float32(input_scale(samples.images, config.pixels))
    loss_of = _clipped_loss if config.loss == "clipped" else cross_entropy
    sums = Accumulator(2)  # loss and correct
    with one_blas_thread(), np.errstate(over="ignore"):
        for start in range(0, n_samples, _CHUNK):
            images = samples.images[start : start + _CHUNK]
            labels = samples.labels[start : start + _CHUNK]
            X = np.multiply(images, scale, out=buffer[: len(images)])
            logits = predict_logits(network, params, X)
            sums.add(
                loss_of(logits, labels) * len(labels),
                int(np.count_nonzero(predictions(logits) == labels)),
            )
    return sums[0] / n_samples, sums[1] / n_samples


def _clipped_loss(logits: Array, labels: Array) -> float:
    return clipped_cross_entropy(softmax(logits), labels)
