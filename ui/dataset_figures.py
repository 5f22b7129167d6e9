"""The three pictures of a data set, drawn once and kept."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from softmax_core.data.dataset import Dataset
from softmax_core.data.store import open_dataset
from softmax_core.figures import (
    DARK,
    LIGHT,
    Theme,
    class_counts_figure,
    class_counts_summary,
    class_means_figure,
    class_means_summary,
    figure_bytes,
    gallery_figure,
    gallery_summary,
)

_PER_CLASS = 4


class Picture(NamedTuple):
    """A finished picture and what it shows in one sentence."""

    png: bytes
    summary: str


class DatasetFigures(NamedTuple):
    """What the Data page shows of a data set."""

    gallery: Picture
    means: Picture
    counts: Picture


@lru_cache(maxsize=16)
def dataset_figures(name: str, dark: bool) -> DatasetFigures:
    """Draw some pictures of each class, each class's average and the class counts."""
    dataset, theme = open_dataset(name), DARK if dark else LIGHT
    return DatasetFigures(_gallery(dataset, theme), _means(dataset, theme), _counts(dataset, theme))


def _gallery(dataset: Dataset, theme: Theme) -> Picture:
    info = dataset.info
    first = [np.flatnonzero(dataset.train_labels == k)[:_PER_CLASS] for k in range(info.n_classes)]
    # Read class by class down the columns: every row holds one picture of each class.
    rows = np.stack(first, axis=1).ravel()
    titles = [info.class_names[label] for label in dataset.train_labels[rows]]
    images = np.asarray(dataset.train_images[rows])
    columns = min(info.n_classes, 10)
    figure = gallery_figure(images, info.image_shape, titles, columns, theme=theme)
    return Picture(figure_bytes(figure, "png"), gallery_summary(titles))


def _means(dataset: Dataset, theme: Theme) -> Picture:
    info = dataset.info
    labels = dataset.train_labels
    sums = [dataset.train_images[labels == k].mean(axis=0) for k in range(info.n_classes)]
    means = np.stack(sums) / 255
    figure = class_means_figure(means, info.image_shape, info.class_names, theme=theme)
    summary = class_means_summary(means, info.class_names)
    return Picture(figure_bytes(figure, "png"), summary)


def _counts(dataset: Dataset, theme: Theme) -> Picture:
    names = dataset.info.class_names
    train, test = (
        np.bincount(labels, minlength=len(names))
        for labels in (dataset.train_labels, dataset.test_labels)
    )
    figure = class_counts_figure(train, test, names, theme=theme)
    return Picture(figure_bytes(figure, "png"), class_counts_summary(train, test, names))
