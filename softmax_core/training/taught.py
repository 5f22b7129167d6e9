"""Drawings a user has labelled, and a training set they have joined without it being copied."""

from __future__ import annotations

from itertools import product
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from softmax_core import limits
from softmax_core.errors import UserError
from softmax_core.training.samples import Samples

# Each drawing joins where it lies and moved by a pixel to all eight sides: people never
# draw twice in the same place.
_MOVES: Final = tuple(product((-1, 0, 1), (-1, 0, 1)))  # rows down, columns right
_SHARE: Final = 0.01  # of the training set, for one drawing with its moved copies

# The largest set there can be, drawings and all.
MAX_TRAIN_SAMPLES: Final = limits.MAX_SAMPLES + limits.MAX_TAUGHT * len(_MOVES) * round(
    _SHARE * limits.MAX_SAMPLES / len(_MOVES)
)


class Taught(NamedTuple):
    """A drawing and what its author says it is."""

    label: int
    digit: bytes  # n_features pixels as the model sees them, row by row


class Teaching(Protocol):
    """Settings that hold taught drawings."""

    @property
    def taught(self) -> tuple[Taught, ...]:
        """Return the drawings, as in ``TrainingConfig``."""


class TaughtSamples(NamedTuple):
    """A training set and what has joined it, counted through: the base's rows come first.

    Every joined picture is stored once and counts ``repeats`` times. The base is only looked
    at, never copied: it may be a memory map of a file.
    """

    base: Samples
    joined: Samples
    repeats: int

    @property
    def n_samples(self) -> int:
        """How many rows there are, repetitions counted."""
        return self.base.n_samples + self.n_joined

    @property
    def n_joined(self) -> int:
        """How many of them are taught."""
        return self.repeats * self.joined.n_samples

    @property
    def n_features(self) -> int:
        """Pixels of a picture."""
        return self.base.n_features

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of a pixel."""
        return self.base.dtype

    def gather(self, rows: NDArray[np.int64], out: NDArray[Any]) -> NDArray[np.intp]:
        """Write these rows' pixels into ``out``; return their labels; as ``Samples.gather``."""
        n_base = self.base.n_samples
        is_joined = rows >= n_base
        # For a joined row any base row does: it is overwritten.
        labels = self.base.gather(np.where(is_joined, 0, rows), out)
        which = (rows[is_joined] - n_base) % self.joined.n_samples
        out[is_joined] = self.joined.images[which]
        labels[is_joined] = self.joined.labels[which]
        return labels


TrainSet = Samples | TaughtSamples


def with_taught(
    samples: Samples, taught: tuple[Taught, ...], image_shape: tuple[int, int]
) -> TrainSet:
    """Let drawings join a training set.

    Each joins in nine places, moved by -1, 0 or 1 pixels down and right, and is repeated until
    it makes up about a hundredth of ``samples``: so a few dozen steps show an effect, whatever
    the data set. A move that would push ink over the border is not made.

    Parameters
    ----------
    samples : Samples
        Pictures. They are not copied.
    taught : tuple of Taught
        Without any, ``samples`` themselves are returned.
    image_shape : tuple of int
        Rows and columns of a picture.

    Raises
    ------
    UserError
        ``taught-size`` when a drawing is not a picture of this data set.
    """
    if not taught:
        return samples
    check_taught(taught, samples.n_features, samples.dtype)
    digits = np.array([np.frombuffer(drawing.digit, np.uint8) for drawing in taught])
    digits = digits.reshape(-1, *image_shape)
    copies = np.array([_moved(digit, move) for digit in digits for move in _MOVES])
    labels = np.repeat(np.array([drawing.label for drawing in taught], np.uint8), len(_MOVES))
    joined = Samples(copies.reshape(len(copies), -1), labels)
    return TaughtSamples(samples, joined, _repeats(samples.n_samples))


def n_train_samples(config: Teaching, n_base: int) -> int:
    """Return the size of the training set that the settings' taught drawings have joined.

    Parameters
    ----------
    config : TrainingConfig
    n_base : int
        Size of the training set without them.
    """
    return n_base + len(config.taught) * len(_MOVES) * _repeats(n_base)


def check_taught(
    taught: tuple[Taught, ...], n_features: int, dtype: Any = np.uint8, n_classes: int | None = None
) -> None:
    """Refuse drawings that are no pictures of a data set.

    Parameters
    ----------
    taught : tuple of Taught
    n_features : int
        Pixels of the data set's pictures.
    dtype : dtype
        Of the data set's samples: points are float32, and no drawing is one.
    n_classes : int or None
        Where it is given, labels must be below it.

    Raises
    ------
    UserError
        ``taught-size`` or ``taught-label``.
    """
    if taught and np.dtype(dtype) != np.uint8:
        raise UserError(
            "taught-size",
            "Drawings cannot be added to points in the plane. Remove them, or choose pictures.",
        )
    for drawing in taught:
        if len(drawing.digit) != n_features:
            raise UserError(
                "taught-size",
                f"A drawing that was added has {len(drawing.digit):,} pixels, and this data set's "
                f"pictures have {n_features:,}. Remove it, or go back to its data set.",
            )
        if n_classes is not None and not drawing.label < n_classes:
            raise UserError(
                "taught-label",
                f"A drawing was added to class {drawing.label}, and this data set has the classes "
                f"0 to {n_classes - 1}. Remove it, or go back to its data set.",
            )


def _repeats(n_base: int) -> int:
    return max(1, round(_SHARE * n_base / len(_MOVES)))


def _moved(digit: NDArray[np.uint8], move: tuple[int, int]) -> NDArray[np.uint8]:
    """Move a picture by at most one pixel each way, as far as its ink has room."""
    for axis, by in enumerate(move):
        leaving = digit.take(-1 if by > 0 else 0, axis=axis)
        if by and not leaving.any():
            digit = np.roll(digit, by, axis=axis)
    return digit
