"""Loss and accuracy of a model over whole sets of pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from softmax_core.nn import Network, Params, cross_entropy, predict_logits, predictions
from softmax_core.training.samples import PIXEL_SCALE, Samples
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
    network: Network, state: TrainingState, train_set: Samples, test_set: Samples, epoch: float
) -> Evaluation:
    """Return how good a state's weights are on what it learns from and on what was held out.

    Parameters
    ----------
    network : Network
    state : TrainingState
    train_set, test_set : Samples
        All of them or a part.
    epoch : float
        Whole epochs done, and the share of the present one.
    """
    train_loss, train_accuracy = evaluate(network, state.params, train_set)
    test_loss, test_accuracy = evaluate(network, state.params, test_set)
    return Evaluation(state.step, epoch, train_loss, train_accuracy, test_loss, test_accuracy)


def evaluate(network: Network, params: Params, samples: Samples) -> tuple[float, float]:
    """Return (loss, accuracy) over all samples.

    Parameters
    ----------
    network : Network
    params : dict of arrays
    samples : Samples
        At least one picture.
    """
    n_samples, n_features = samples.images.shape
    buffer = np.empty((min(_CHUNK, n_samples), n_features), np.float32)
    loss, correct = 0.0, 0
    with one_blas_thread(), np.errstate(over="ignore"):
        for start in range(0, n_samples, _CHUNK):
            images = samples.images[start : start + _CHUNK]
            labels = samples.labels[start : start + _CHUNK]
            X = np.multiply(images, np.float32(PIXEL_SCALE), out=buffer[: len(images)])
            logits = predict_logits(network, params, X)
            loss += cross_entropy(logits, labels) * len(labels)
            correct += int(np.count_nonzero(predictions(logits) == labels))
    return loss / n_samples, correct / n_samples
