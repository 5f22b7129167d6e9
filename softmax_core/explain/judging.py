"""A whole data set put before a model, by its name: what a worker is asked for."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.store import open_dataset
from softmax_core.data.summary import class_means
from softmax_core.explain.mistakes import Indices, Verdicts, confident_mistakes, judge
from softmax_core.limits import MAX_LISTED_PICTURES
from softmax_core.nn import Params
from softmax_core.training.config import TrainingConfig
from softmax_core.training.samples import Samples
from softmax_core.training.start import build_network


class JudgedSet(NamedTuple):
    """What a model says of a test set, and what fools it."""

    verdicts: Verdicts
    surest: Indices  # the mistakes the model is surest of, MAX_LISTED_PICTURES at most
    # (n_classes, n_features): the mean of the pictures wrongly read as each class; 0 where none is
    mistaken: NDArray[np.uint8]


def judge_test_set(config: TrainingConfig, params: Params) -> JudgedSet:
    """Ask a model about every picture of its data set's test set.

    Only the settings and the weights travel to whoever computes this; the pictures are
    opened there.

    Parameters
    ----------
    config : TrainingConfig
        Names the data set, and tells how its pixels are read.
    params : dict of arrays

    Raises
    ------
    UserError
        When the data set cannot be had.
    """
    dataset = open_dataset(config.dataset)
    network = build_network(config, dataset.info.n_features, dataset.info.n_classes)
    test_set = Samples(dataset.test_images, dataset.test_labels)
    verdicts = judge(network, params, test_set, config.pixels)
    wrong = verdicts.predictions != verdicts.labels
    images, read_as = test_set.images[wrong], verdicts.predictions[wrong]
    surest = confident_mistakes(verdicts, MAX_LISTED_PICTURES)
    return JudgedSet(verdicts, surest, _means(images, read_as, dataset.info.n_classes))


def average_pictures(dataset_name: str) -> NDArray[np.uint8]:
    """Return the mean training picture of each class as bytes, (n_classes, n_features).

    Parameters
    ----------
    dataset_name : str
        Of a data set of pictures; a class without any has an empty picture.

    Raises
    ------
    UserError
        When the data set cannot be had.
    """
    dataset = open_dataset(dataset_name)
    return _means(dataset.train_images, dataset.train_labels, dataset.info.n_classes)


def _means(images: NDArray[Any], labels: NDArray[np.uint8], n_classes: int) -> NDArray[np.uint8]:
    means = class_means(images, labels, n_classes)
    return np.rint(255 * np.nan_to_num(means)).astype(np.uint8)
