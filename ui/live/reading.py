"""What the model on screen makes of what is in front of it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.dataset import Dataset
from softmax_core.data.ink import ink_to_digit
from softmax_core.data.store import open_dataset
from softmax_core.explain import Reading, read_digit
from softmax_core.limits import INK_SIDE
from softmax_core.nn import Network
from softmax_core.service import View
from softmax_core.training.start import build_network


class Scored(NamedTuple):
    """A digit and how it was read."""

    digit: NDArray[np.uint8]  # image_shape
    reading: Reading


def can_draw(dataset: Dataset) -> bool:
    """Tell whether people can draw this data set's classes by hand."""
    return is_pictures(dataset) and all(name.isdigit() for name in dataset.info.class_names)


def is_pictures(dataset: Dataset) -> bool:
    """Tell whether its samples are pictures, which can be shown and read one by one."""
    return dataset.info.kind == "pictures"


def network_of(view: View, dataset: Dataset) -> Network:
    """Describe the network whose weights the view holds."""
    n_features = dataset.train_images.shape[1]
    return build_network(view.config, n_features, len(dataset.info.class_names))


def score(view: View) -> Scored | None:
    """Read the drawing or the chosen test picture; None when there is neither."""
    dataset = open_dataset(view.config.dataset)
    digit = digit_shown(dataset, view.drawing, view.test_picture)
    if digit is None:
        return None
    network = network_of(view, dataset)
    return Scored(digit, read_digit(network, view.shown.params, digit, view.shown_config.pixels))


def digit_shown(
    dataset: Dataset, drawing: NDArray[np.uint8] | None, test_picture: int | None
) -> NDArray[np.uint8] | None:
    """Return the test picture that was chosen, or the drawing as models see it, or None."""
    shape = dataset.info.image_shape
    if not is_pictures(dataset):
        return None
    if test_picture is not None:
        index = min(test_picture, len(dataset.test_images) - 1)
        return np.asarray(dataset.test_images[index]).reshape(shape)
    if drawing is None or not can_draw(dataset):
        return None
    return _prepared(drawing.tobytes(), shape, dataset.info.upright)


@lru_cache(maxsize=512)
def _prepared(ink: bytes, shape: tuple[int, int], upright: bool) -> NDArray[np.uint8] | None:
    """Prepare a drawing once, however often the moving weights score it again."""
    square = np.frombuffer(ink, np.uint8).reshape(INK_SIDE, INK_SIDE)
    return ink_to_digit(square, shape, upright)
