"""The figures of a data set, drawn once and kept."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from softmax_core.data.dataset import Dataset
from softmax_core.data.store import open_dataset
from softmax_core.data.summary import class_counts, class_means, rows_by_class
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
    points_figure,
    points_summary,
)

_PER_CLASS: Final = 4
_MOST_COLUMNS: Final = 10


class Picture(NamedTuple):
    """A finished picture and what it shows in one sentence."""

    png: bytes
    summary: str


class DatasetFigures(NamedTuple):
    """What the Data page shows of a data set: one large figure, and some beside it."""

    main: Picture
    beside: tuple[Picture, ...]


@dataclass
class _Turns:
    """Who draws: one thread for each data set and look, the others wait for its pictures."""

    locks: dict[tuple[str, bool], threading.Lock] = field(default_factory=dict)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def lock(self, name: str, dark: bool) -> threading.Lock:
        with self.guard:
            return self.locks.setdefault((name, dark), threading.Lock())


_TURNS: Final = _Turns()


def dataset_figures(name: str, dark: bool) -> DatasetFigures:
    """Draw some pictures of each class, each class's average and the class counts.

    Of points: all to train on, in their plane, and the class counts.

    Raises
    ------
    UserError
        When the data set cannot be had.
    """
    with _TURNS.lock(name, dark):
        return _drawn(name, dark)


@lru_cache(maxsize=16)
def _drawn(name: str, dark: bool) -> DatasetFigures:
    dataset, theme = open_dataset(name), DARK if dark else LIGHT
    counts = _counts(dataset, theme)
    if dataset.info.kind == "points":
        return DatasetFigures(_points(dataset, theme), (counts,))
    return DatasetFigures(_gallery(dataset, theme), (_means(dataset, theme), counts))


def _points(dataset: Dataset, theme: Theme) -> Picture:
    X, labels, names = dataset.train_images, dataset.train_labels, dataset.info.class_names
    figure = points_figure(X, labels, names, theme=theme)
    return Picture(figure_bytes(figure, "png"), points_summary(X, labels, names))


def _gallery(dataset: Dataset, theme: Theme) -> Picture:
    info = dataset.info
    rows = rows_by_class(dataset.train_labels, info.n_classes, _PER_CLASS)
    titles = [info.class_names[label] for label in dataset.train_labels[rows]]
    columns = min(info.n_classes, _MOST_COLUMNS)
    images = dataset.train_images[rows]
    figure = gallery_figure(images, info.image_shape, titles, columns, theme=theme)
    return Picture(figure_bytes(figure, "png"), gallery_summary(titles))


def _means(dataset: Dataset, theme: Theme) -> Picture:
    info = dataset.info
    means = class_means(dataset.train_images, dataset.train_labels, info.n_classes)
    figure = class_means_figure(means, info.image_shape, info.class_names, theme=theme)
    summary = class_means_summary(means, info.class_names)
    return Picture(figure_bytes(figure, "png"), summary)


def _counts(dataset: Dataset, theme: Theme) -> Picture:
    names = dataset.info.class_names
    train = class_counts(dataset.train_labels, len(names))
    test = class_counts(dataset.test_labels, len(names))
    points = dataset.info.kind == "points"
    figure = class_counts_figure(train, test, names, theme=theme, points=points)
    summary = class_counts_summary(train, test, names, points=points)
    return Picture(figure_bytes(figure, "png"), summary)
