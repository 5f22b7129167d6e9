"""One frame of a race as bytes: where every lane is, its curves, and what it reads.

Curves come as running means, thinned to as many points as a chart has room for, so that the
browser draws and computes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.dataset import Dataset
from softmax_core.data.store import open_dataset
from softmax_core.explain import class_weights, read_digit
from softmax_core.figures import DARK, LIGHT, examples_window, lane_means, scaled_weights
from softmax_core.service import LaneView, RaceView
from softmax_core.training.shipped import has_seen_test_set
from softmax_core.training.start import build_network
from ui.live.pack import POLL_MS, Arrays, pack
from ui.live.reading import can_draw, digit_shown, is_pictures
from ui.race.differs import difference_of, difference_title, lane_name
from ui.race.standings import race_sentence, standing_of

_POINTS: Final = 240  # of each curve


def encode_race(view: RaceView, tag: str, *, with_weights: bool) -> bytes:
    """Encode what the view shows; see ``pack`` for the layout.

    Parameters
    ----------
    view : RaceView
        With whole curves.
    tag : str
        By which the browser says that it has this frame.
    with_weights : bool
        Whether the lanes' weights come with it, most of its bytes.
    """
    configs = [lane.config for lane in view.lanes]
    dataset, field = open_dataset(configs[0].dataset), difference_of(configs)
    names = [lane_name(config, field) for config in configs]
    lanes = [_described(lane, name) for lane, name in zip(view.lanes, names, strict=True)]
    arrays: Arrays = {}
    for index, lane in enumerate(view.lanes):
        arrays |= _curves(lane, index, loss_examples(view))
    header = _header(view, dataset, field) | {"tag": tag, "lanes": lanes}
    header["sentence"] = race_sentence(view, names)
    _add_readings(view, dataset, header, arrays)
    if with_weights and is_pictures(dataset):
        _add_weights(view, dataset, lanes, arrays)
    return pack(header, arrays)


def _header(view: RaceView, dataset: Dataset, field: str) -> dict[str, Any]:
    return {
        "version": view.version,
        "generation": view.generation,
        "status": view.status.value,
        "message": view.message,
        "examples_seen": view.examples_seen,
        "examples_target": view.examples_target,
        "n_samples": view.n_samples,
        "differs": field,
        "differs_title": difference_title(field),
        "loss_examples": loss_examples(view),
        "class_names": list(dataset.info.class_names),
        "image_shape": list(dataset.info.image_shape),
        "can_draw": can_draw(dataset),
        "has_drawing": False,
        "lane_colours": {"light": LIGHT.lanes, "dark": DARK.lanes},
        "poll_ms": POLL_MS,
    }


def _described(lane: LaneView, name: str) -> dict[str, Any]:
    """Return a lane's counters; JSON has no infinity, so what is not finite is None.

    One that had to stop has no figures: the newest were measured later than its weights, which
    are those of the last step that could be trusted.
    """
    stop, standing = lane.state.stop, standing_of(lane, name)
    return {
        "name": name,
        "train_loss": _finite(standing.train_loss),
        "test_accuracy": _finite(standing.test_accuracy),
        "step": standing.step,
        "epoch": lane.state.epoch if stop is None else None,
        "epochs": lane.config.epochs,
        "epoch_fraction": lane.epoch_fraction,
        "samples_seen": lane.samples_seen,
        "seconds": lane.seconds,
        "stop": lane.stop_text,
        "has_test": not has_seen_test_set(lane.config),
    }


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def loss_examples(view: RaceView) -> int:
    """Return over how many examples the loss of every lane is averaged."""
    return examples_window([lane.batch_size for lane in view.lanes], view.n_samples)


def _curves(lane: LaneView, index: int, examples: int) -> Arrays:
    curve = lane.curve
    means = lane_means(curve.step, curve.mean, lane.batch_size, examples)
    shown = _thinned(len(curve.step))
    tested = lane_tests(lane)
    return {
        f"step_{index}": ("u4", curve.step[shown]),
        f"seen_{index}": ("u4", curve.samples_seen[shown]),
        f"loss_{index}": ("f4", means[shown]),
        f"test_step_{index}": ("u4", tested.step),
        f"test_seen_{index}": ("u4", tested.seen),
        f"test_{index}": ("f4", tested.accuracy),
    }


class LaneTests(NamedTuple):
    """When a lane was measured, and how it read the test set; arrays of shape (k,)."""

    step: NDArray[np.int64]
    seen: NDArray[np.int64]
    accuracy: NDArray[np.float64]


def lane_tests(lane: LaneView) -> LaneTests:
    """Return a lane's test accuracies, none where it has learned from the test pictures."""
    steps = np.array([each.step for each in lane.evaluations], np.int64)
    tested = np.array([each.test_accuracy for each in lane.evaluations], np.float64)
    if has_seen_test_set(lane.config):
        tested = np.full_like(tested, math.nan)
    return LaneTests(steps, seen_at(steps, lane.batch_size, lane.n_samples), tested)


def seen_at(steps: NDArray[np.int64], batch_size: int, n_samples: int) -> NDArray[np.int64]:
    """Return how many examples were seen after so many steps; an epoch's last batch is smaller."""
    steps_per_epoch = -(-n_samples // batch_size)
    epochs, rest = np.divmod(steps, steps_per_epoch)
    return np.asarray(epochs * n_samples + rest * batch_size)


def _thinned(n_points: int) -> NDArray[np.intp]:
    """Return which points of a curve are drawn: evenly, the first and the last among them."""
    if n_points <= _POINTS:
        return np.arange(n_points)
    return np.unique(np.linspace(0, n_points - 1, _POINTS).round().astype(np.intp))


def _add_readings(view: RaceView, dataset: Dataset, header: dict[str, Any], arrays: Arrays) -> None:
    """Let every lane read what is drawn, or the test picture that was chosen."""
    digit = digit_shown(dataset, view.drawing, view.test_picture)
    if digit is None:
        return
    header["has_drawing"] = True
    arrays["digit"] = ("u1", digit.ravel())
    for lane, described in zip(view.lanes, header["lanes"], strict=True):
        network = _network(lane, dataset)
        reading = read_digit(network, lane.state.params, digit, lane.config.pixels)
        described["prediction"] = reading.prediction
        described["confidence"] = reading.confidence


def _add_weights(
    view: RaceView, dataset: Dataset, lanes: Sequence[dict[str, Any]], arrays: Arrays
) -> None:
    for index, (lane, described) in enumerate(zip(view.lanes, lanes, strict=True)):
        weights = class_weights(_network(lane, dataset), lane.state.params)
        scaled, described["weight_limit"] = scaled_weights(weights)
        arrays[f"weights_{index}"] = ("i1", scaled)


def _network(lane: LaneView, dataset: Dataset) -> Any:
    return build_network(lane.config, dataset.info.n_features, dataset.info.n_classes)
