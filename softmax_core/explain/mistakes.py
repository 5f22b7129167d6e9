"""What a model gets wrong: what is taken for what, and which mistakes it is surest of."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn import (
    Network,
    Params,
    confusion_matrix,
    predict_logits,
    predictions,
    softmax,
)
from softmax_core.training.samples import Samples, to_inputs

# Pictures at once: as many as where accuracies are measured, so that the logits are the same bits.
_CHUNK: Final = 250
Indices = NDArray[np.intp]


class Verdicts(NamedTuple):
    """What a model says of every picture of a set."""

    labels: NDArray[np.uint8]  # (n_samples,) what they are
    predictions: NDArray[np.uint8]  # (n_samples,)
    confidences: NDArray[np.float32]  # (n_samples,) the predictions' probabilities
    label_probabilities: NDArray[np.float32]  # (n_samples,) the true classes' probabilities


class Confusion(NamedTuple):
    """What was taken for what; entry [i, j]: of true class i, predicted as class j."""

    counts: NDArray[np.intp]  # (n_classes, n_classes)
    rates: NDArray[np.float64]  # counts over the pictures of class i; nan where it has none


def judge(network: Network, params: Params, test_set: Samples, pixels: str = "scaled") -> Verdicts:
    """Ask the model about every picture of a set, chunk by chunk.

    Parameters
    ----------
    network : Network
    params : dict of arrays
    test_set : Samples
    pixels : str
        As in ``read_digit``.

    Returns
    -------
    Verdicts
        Of finite numbers, also while a run goes astray: what has no value counts as 0.
    """
    n_samples = len(test_set.labels)
    read_as = np.empty(n_samples, np.uint8)
    confidences, label_probabilities = np.empty((2, n_samples), np.float32)
    for start in range(0, n_samples, _CHUNK):
        part = slice(start, start + _CHUNK)
        with np.errstate(over="ignore", invalid="ignore"):
            logits = predict_logits(network, params, to_inputs(test_set.images[part], pixels))
            probabilities = softmax(np.nan_to_num(logits))
        rows = np.arange(len(probabilities))
        # Of the logits, as accuracy is counted: two probabilities may round to the same number.
        read_as[part] = predictions(logits)
        confidences[part] = probabilities[rows, read_as[part]]
        label_probabilities[part] = probabilities[rows, test_set.labels[part]]
    return Verdicts(test_set.labels, read_as, confidences, label_probabilities)


def confusion_of(verdicts: Verdicts, n_classes: int) -> Confusion:
    """Count what was taken for what, and as shares of each true class.

    Parameters
    ----------
    verdicts : Verdicts
    n_classes : int
    """
    counts = confusion_matrix(verdicts.labels, verdicts.predictions, n_classes)
    totals = counts.sum(axis=1, keepdims=True)
    rates = np.full(counts.shape, np.nan)
    np.divide(counts, totals, out=rates, where=totals > 0)
    return Confusion(counts, rates)


def class_accuracies(confusion: Confusion) -> NDArray[np.float64]:
    """Return the share of each class that is read right, (n_classes,); nan where it has none."""
    return confusion.rates.diagonal().copy()


def confident_mistakes(verdicts: Verdicts, n_most: int) -> Indices:
    """Return the indices of the mistakes the model is surest of, the surest first.

    Parameters
    ----------
    verdicts : Verdicts
    n_most : int
        How many at most; there may be fewer mistakes.
    """
    (wrong,) = np.nonzero(verdicts.predictions != verdicts.labels)
    order = np.argsort(-verdicts.confidences[wrong], kind="stable")
    return wrong[order[: max(n_most, 0)]]


def cell_indices(verdicts: Verdicts, true: int, predicted: int) -> Indices:
    """Return the indices behind one cell of the confusion matrix, the surest reading first."""
    (cell,) = np.nonzero((verdicts.labels == true) & (verdicts.predictions == predicted))
    return cell[np.argsort(-verdicts.confidences[cell], kind="stable")]
