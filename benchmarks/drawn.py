"""What the drawing benchmark compares: preparations of drawings, and models that read them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.ink import (
    Ink,
    centre_by_box,
    crop_to_ink,
    ink_strength,
    ink_to_digit,
    naive_digit,
    to_bytes,
)
from softmax_core.data.store import open_dataset
from softmax_core.explain import predict_samples
from softmax_core.persist import read_run
from softmax_core.training import Budget, Samples, TrainingConfig, advance, first_state
from softmax_core.training.start import build_network

ASSETS: Final = Path(__file__).parents[1] / "assets"

# By preparation, the data set that a model of it is trained on.
PREPARATIONS: Final = {
    "naive": "mnist",
    "centred box": "mnist",
    "centre of mass": "mnist",
    "slant removed": "mnist-upright",
}

Digits = NDArray[np.uint8]  # (n, n_features)
Model = Callable[[Digits], NDArray[np.intp]]  # pictures -> classes


def prepared(inks: list[Ink], preparation: str, image_shape: tuple[int, int] = (28, 28)) -> Digits:
    """Make drawings into pictures by one of the preparations; no ink makes a blank picture."""
    made = [_digit(ink, preparation, image_shape) for ink in inks]
    blank = np.zeros(image_shape, np.uint8)
    return np.array([(blank if digit is None else digit).ravel() for digit in made])


def trained(dataset_name: str, network: str, seed: int, epochs: int = 10) -> Model:
    """Train a network with plain settings on a data set as it is."""
    init, rate = ("zero", 0.1) if network == "softmax" else ("scaled", 0.2)
    config = TrainingConfig(dataset_name, network, rate, epochs=epochs, init=init, seed=seed)
    dataset = open_dataset(dataset_name)
    n_features, n_classes = dataset.info.n_features, dataset.info.n_classes
    samples = Samples(dataset.train_images, dataset.train_labels)
    state = first_state(config, n_features, n_classes)
    state, _ = advance(state, config, samples, Budget(until_epoch=epochs))
    shape = build_network(config, n_features, n_classes)
    return lambda digits: predict_samples(shape, state.params, digits)


def shipped(network: str) -> Model:
    """Read the model of a network that comes with the app."""
    saved = read_run((ASSETS / f"mnist-{network}.npz").read_bytes())
    shape = build_network(saved.config, saved.n_features, saved.n_classes)
    return lambda digits: predict_samples(shape, saved.state.params, digits)


def _digit(ink: Ink, preparation: str, image_shape: tuple[int, int]) -> NDArray[np.uint8] | None:
    if preparation == "naive":
        return naive_digit(ink, image_shape)
    if preparation == "centred box":
        box = crop_to_ink(ink_strength(ink))
        return None if box is None else to_bytes(centre_by_box(box, image_shape))
    return ink_to_digit(ink, image_shape, upright=preparation == "slant removed")
