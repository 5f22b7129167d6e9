"""What a worker draws of a film: a few pictures a call, then the file."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Final, NamedTuple

from softmax_core.data.dataset import Dataset
from softmax_core.data.store import open_dataset
from softmax_core.explain import Bounds, bounds_of, class_weights, decision_regions
from softmax_core.figures import CurveData, PointRegions
from softmax_core.figures.film import Film, FilmMoment, FilmScene
from softmax_core.training import Evaluation, TrainingConfig, TrainingState
from softmax_core.training.start import build_network

CALL_SECONDS: Final = 0.25
FEWEST: Final = 3  # pictures a call
_SIDE: Final = 120  # cells of the plane in a row


class Still(NamedTuple):
    """A moment of the run."""

    step: int
    state: TrainingState
    evaluation: Evaluation | None


@dataclass(frozen=True)
class FilmOrder:
    """Moments still to be drawn, and what is the same for all of them."""

    config: TrainingConfig
    heading: str
    curves: CurveData
    stills: tuple[Still, ...]


def film_stills(order: FilmOrder, seconds: float = CALL_SECONDS) -> tuple[bytes, ...]:
    """Draw the first of the moments as PNGs: as many as the time allows, but a few at least.

    What they have in common is drawn once a call, and takes as long as three of them.
    """
    dataset = open_dataset(order.config.dataset)
    film = Film(_scene(order, dataset))
    began, drawn = time.perf_counter(), list[bytes]()
    for still in order.stills:
        if len(drawn) >= FEWEST and time.perf_counter() - began >= seconds:
            break
        drawn.append(film.still(_moment(order.config, still, dataset)))
    return tuple(drawn)


def _scene(order: FilmOrder, dataset: Dataset) -> FilmScene:
    points = (dataset.test_images, dataset.test_labels) if _is_plane(dataset) else None
    names, shape = dataset.info.class_names, dataset.info.image_shape
    return FilmScene(order.heading, order.curves, names, shape, points)


def _moment(config: TrainingConfig, still: Still, dataset: Dataset) -> FilmMoment:
    network = build_network(config, dataset.info.n_features, dataset.info.n_classes)
    measured = still.evaluation
    loss = math.nan if measured is None else measured.test_loss
    accuracy = math.nan if measured is None else measured.test_accuracy
    if not _is_plane(dataset):
        W = class_weights(network, still.state.params)
        return FilmMoment(still.step, loss, accuracy, W)
    bounds = bounds_of(dataset.train_images, dataset.test_images)
    ground = decision_regions(network, still.state.params, bounds, _SIDE)
    regions = PointRegions(ground.classes, _extent(bounds))
    return FilmMoment(still.step, loss, accuracy, regions)


def _extent(bounds: Bounds) -> tuple[float, float, float, float]:
    return bounds.left, bounds.right, bounds.bottom, bounds.top


def _is_plane(dataset: Dataset) -> bool:
    return dataset.info.kind == "points"
