"""Loss and accuracy of a model over whole sets of pictures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

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
from softmax_core.training.config import TrainingConfig
from softmax_core.training.evaluate_linear import is_linear, measure_linear
from softmax_core.training.layered import network_of
from softmax_core.training.samples import Samples, input_scale
from softmax_core.training.state import TrainingState
from softmax_core.training.taught import TaughtSamples, TrainSet
from softmax_core.training.threads import one_blas_thread

# Small enough for the processor's second cache, large enough that Python's share is small.
_CHUNK: Final = 250


@dataclass(frozen=True)
class Evaluation:
    """How good the weights of one step are.

    Losses are mean cross-entropies in nats without the L2 penalty, so that training
    and test loss compare; accuracies are shares in [0, 1].

    ``class_accuracies``: of each class, the share of its test samples that are read rightly;
    ``nan`` where it has none.
    """

    step: int
    epoch: float
    train_loss: float
    train_accuracy: float
    test_loss: float
    test_accuracy: float
    class_accuracies: tuple[float, ...] = ()


class _Measured(NamedTuple):
    """What one pass over samples finds."""

    loss: float
    right: NDArray[np.bool_]  # (n_samples,)

    @property
    def accuracy(self) -> float:
        return int(np.count_nonzero(self.right)) / len(self.right)


def evaluate_both(
    config: TrainingConfig,
    state: TrainingState,
    train_set: TrainSet,
    test_set: Samples,
    epoch: float,
) -> Evaluation:
    """Return how good a state's weights are on what it learns from and on what was held out.

    Parameters
    ----------
    config : TrainingConfig
    state : TrainingState
    train_set : Samples or TaughtSamples
        All of them or a part.
    test_set : Samples
        Likewise.
    epoch : float
        Whole epochs done, and the share of the present one.
    """
    network = network_of(config, state.params)
    train_loss, train_accuracy = evaluate(network, state.params, train_set, config)
    tested = _measure(network, state.params, test_set, config)
    return Evaluation(
        step=state.step,
        epoch=epoch,
        train_loss=train_loss,
        train_accuracy=train_accuracy,
        test_loss=tested.loss,
        test_accuracy=tested.accuracy,
        class_accuracies=_class_accuracies(test_set.labels, tested.right, network.n_classes),
    )


def evaluate(
    network: Network, params: Params, samples: TrainSet, config: TrainingConfig | None = None
) -> tuple[float, float]:
    """Return (loss, accuracy) over all samples.

    Parameters
    ----------
    network : Network
    params : dict of arrays
    samples : Samples or TaughtSamples
        At least one picture. Each that has joined counts as often as it is trained on.
    config : TrainingConfig, optional
        Tells whether pixels stay raw and the loss is clipped. The naive ways are not followed:
        an instrument must not break with what it measures.
    """
    config = TrainingConfig() if config is None else config
    if not isinstance(samples, TaughtSamples):
        found = _measure(network, params, samples, config)
        return found.loss, found.accuracy
    base = _measure(network, params, samples.base, config)
    joined = _measure(network, params, samples.joined, config)
    share = samples.n_joined / samples.n_samples
    return (
        (1 - share) * base.loss + share * joined.loss,
        (1 - share) * base.accuracy + share * joined.accuracy,
    )


def _measure(
    network: Network, params: Params, samples: Samples, config: TrainingConfig
) -> _Measured:
    scale = input_scale(samples, config.pixels)
    if is_linear(network) and config.loss != "clipped":
        with one_blas_thread(), np.errstate(all="ignore"):
            return _Measured(*measure_linear(network, params, samples, scale))
    n_samples, loss = samples.n_samples, 0.0
    buffer = np.empty((min(_CHUNK, n_samples), samples.n_features), np.float32)
    right = np.empty(n_samples, np.bool_)
    loss_of = _clipped_loss if config.loss == "clipped" else cross_entropy
    with one_blas_thread(), np.errstate(over="ignore"):
        for start in range(0, n_samples, _CHUNK):
            chunk = slice(start, start + _CHUNK)
            images, labels = samples.images[chunk], samples.labels[chunk]
            X = np.multiply(images, np.float32(scale), out=buffer[: len(images)])
            logits = predict_logits(network, params, X)
            loss += loss_of(logits, labels) * len(labels)
            np.equal(predictions(logits), labels, out=right[chunk])
    return _Measured(loss / n_samples, right)


def _class_accuracies(
    labels: NDArray[np.uint8], right: NDArray[np.bool_], n_classes: int
) -> tuple[float, ...]:
    shown = np.bincount(labels, minlength=n_classes).tolist()
    read = np.bincount(labels[right], minlength=n_classes).tolist()
    return tuple(
        hits / count if count else math.nan for hits, count in zip(read, shown, strict=True)
    )


def _clipped_loss(logits: Array, labels: Array) -> float:
    return clipped_cross_entropy(softmax(logits), labels)
