"""Everything that decides a run, checked when it is made."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Final

from softmax_core import limits
from softmax_core.errors import UserError
from softmax_core.nn.variants import Variant
from softmax_core.training.taught import Taught

NETWORKS: Final = ("softmax", "relu-softmax", "mlp")
INITIAL_WEIGHTS: Final = (
    "zero",
    "small-normal",
    "unit-normal",
    "scaled",
    "unit-normal-all",
    "tiny-normal",
    "trained",
)
ACTIVATIONS: Final = ("relu", "sigmoid")
BIASES: Final = ("all", "first", "none")
PIXELS: Final = ("scaled", "raw")
ORDERS: Final = ("shuffled", "file")

_LONGEST_SHOWN: Final = 40  # characters of a value in a sentence
SMALL_STD: Final = 0.01
TINY_STD: Final = 0.001
UNIT_STD: Final = 1.0

# What a new start depends on; all the rest may change while a run goes on.
START_FIELDS: Final = (
    *("dataset", "n_train", "network", "bias", "seed", "init", "hidden_units", "activation"),
)


@dataclass(frozen=True)
class TrainingConfig:
    """The settings of one run. The same settings always give the same weights.

    Attributes
    ----------
    dataset : str
        Name in the catalogue, or ``folder:PATH``.
    network : str
        One of ``NETWORKS``.
    learning_rate : float
        Step size, between ``limits.MIN_LEARNING_RATE`` and ``MAX_LEARNING_RATE``.
    batch_size : int
        Samples per update, at least 1; as many as are learned from, or more, means all of
        the training set, taught drawings with it.
    epochs : int
        How many passes over the training set a run makes.
    seed : int
        Decides the initial weights and every epoch's order of examples.
    init : str
        One of ``INITIAL_WEIGHTS``: zero, normal with standard deviation 0.01,
        normal with 1, normal scaled to the layer's inputs (He et al., 2015), normal
        with 1 for the biases too, normal with 0.001 from NumPy's legacy generator, or
        ``trained``: the weights of the model of this network that comes with the app.
    l2 : float
        Weight of the penalty ``l2 / 2 * sum(W ** 2)`` (biases are free).
    momentum : float
        Share of the last update's direction that is kept, 0 for plain SGD.
    hidden_units, activation
        Size of the hidden layer and its function (``mlp`` only).
    bias : str
        One of ``BIASES``: which layers have one.
    gradient : str
        ``exact``, ``separate-layers``, or names of ``GRADIENT_MISTAKES`` joined by ``+``.
    reduction : str
        Whether the gradient is the mean over the batch or the sum; the loss is a mean.
    softmax, loss : str
        How probabilities and the loss are computed; all but the first are teaching variants.
    pixels : str
        Whether pixels are scaled to [0, 1] or left raw, 0 to 255.
    order : str
        One of ``ORDERS``: each epoch shuffled, or every one as the data set's file has them.
    n_train : int
        Learn from the first so many training samples alone; 0, or more than there are, for all.
    taught : tuple of Taught
        Drawings that have joined the training set, ``limits.MAX_TAUGHT`` at most. They may
        change in the middle of an epoch: see ``advance``.

    Raises
    ------
    UserError
        When a value is out of its range; the sentence names the value.
    """

    dataset: str = "mnist-5k"
    network: str = "softmax"
    learning_rate: float = 0.1
    batch_size: int = 128
    epochs: int = 20
    seed: int = 0
    init: str = "small-normal"
    l2: float = 0.0
    momentum: float = 0.0
    hidden_units: int = 100
    activation: str = "relu"
    bias: str = "all"
    gradient: str = "exact"
    reduction: str = "mean"
    softmax: str = "stable"
    loss: str = "log-sum-exp"
    pixels: str = "scaled"
    order: str = "shuffled"
    n_train: int = 0
    taught: tuple[Taught, ...] = ()

    def __post_init__(self) -> None:
        _check_dataset(self.dataset)
        _check_choice("network", self.network, NETWORKS)
        _check_choice("initial weights", self.init, INITIAL_WEIGHTS)
        _check_choice("activation", self.activation, ACTIVATIONS)
        _check_choice("bias", self.bias, BIASES)
        _check_choice("kind of pixels", self.pixels, PIXELS)
        _check_choice("order", self.order, ORDERS)
        self.variant.check()
        _check_learning_rate(self.learning_rate)
        _check_whole("batch size", self.batch_size, 1, limits.MAX_SAMPLES)
        _check_whole("number of epochs", self.epochs, 1, limits.MAX_EPOCHS)
        _check_whole("seed", self.seed, 0, limits.MAX_SEED)
        _check_whole(
            "number of hidden units",
            self.hidden_units,
            limits.MIN_HIDDEN_UNITS,
            limits.MAX_HIDDEN_UNITS,
        )
        _check_n_train(self.n_train)
        _check_number("L2 penalty", self.l2, limits.MAX_L2)
        _check_number("momentum", self.momentum, limits.MAX_MOMENTUM)
        _check_taught(self.taught)

    @property
    def variant(self) -> Variant:
        """How a batch's loss and gradient are computed."""
        return Variant(self.softmax, self.loss, self.gradient, self.reduction)

    def same_start(self, other: TrainingConfig) -> bool:
        """Tell whether both begin with the same weights on the same data."""
        return all(getattr(self, name) == getattr(other, name) for name in START_FIELDS)


def _check_dataset(name: str) -> None:
    """Refuse what cannot be a name; whether there is such a data set is asked when it is opened."""
    if not isinstance(name, str) or len(name) > limits.MAX_FOLDER_NAME or not name.isprintable():
        raise UserError(
            "config-dataset",
            f"A data set's name has at most {limits.MAX_FOLDER_NAME:,} printable characters.",
        )


def _check_choice(what: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise UserError(
            "config-choice",
            f"There is no {what} called {str(value)[:40]!r}. Choose one of: {', '.join(choices)}.",
        )


def _check_learning_rate(value: float) -> None:
    low, high = limits.MIN_LEARNING_RATE, limits.MAX_LEARNING_RATE
    if not _is_number(value) or not low <= value <= high:
        why = ""
        if _is_number(value) and value < 0:
            why = " A negative learning rate climbs the hill instead of going down it."
        elif value == 0:
            why = " With a rate of 0 nothing is learned."
        raise UserError(
            "config-learning-rate",
            f"The learning rate must be between {low:g} and {high:g}; it is {_shown(value)}.{why}",
        )


def _check_whole(what: str, value: int, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise UserError(
            "config-whole-number",
            f"The {what} must be a whole number from {low:,} to {high:,}; it is {_shown(value)}.",
        )


def _check_n_train(value: int) -> None:
    if value != 0:
        low, high = limits.MIN_TRAIN_SAMPLES, limits.MAX_SAMPLES
        _check_whole("number of training examples", value, low, high)


def _check_number(what: str, value: float, high: float) -> None:
    if not _is_number(value) or not 0 <= value <= high:
        raise UserError(
            "config-number", f"The {what} must be between 0 and {high:g}; it is {_shown(value)}."
        )


def _check_taught(taught: tuple[Taught, ...]) -> None:
    """Refuse what no data set could take; whether one's own can is asked when it is known."""
    if not isinstance(taught, tuple) or len(taught) > limits.MAX_TAUGHT:
        raise UserError(
            "config-taught",
            f"At most {limits.MAX_TAUGHT} drawings can be added to a run. Remove one first.",
        )
    for drawing in taught:
        _check_whole("class of an added drawing", drawing.label, 0, limits.MAX_CLASSES - 1)
        if not 0 < len(drawing.digit) <= limits.MAX_IMAGE_SIDE**2:
            raise UserError(
                "config-taught",
                f"An added drawing must have 1 to {limits.MAX_IMAGE_SIDE**2:,} pixels; it has "
                f"{len(drawing.digit):,}.",
            )


def _shown(value: object) -> str:
    """Write a value short enough for a sentence; Python refuses to write the longest numbers."""
    try:
        text = repr(value)
    except ValueError:
        return "a number of thousands of digits"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    # Not isfinite: a whole number may be too large to become a float. NaN fails this too.
    return abs(value) <= sys.float_info.max
