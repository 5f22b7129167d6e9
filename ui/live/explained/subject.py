"""What is explained: the weights shown, and the picture they read."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.dataset import Dataset
from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.explain import Reading, read_digit
from softmax_core.nn import Network, Params, ReLU
from softmax_core.service import Session, View
from softmax_core.training.samples import to_inputs
from softmax_core.training.shipped import has_seen_test_set
from ui.live.explained.question import Question
from ui.live.pack import Arrays
from ui.live.reading import is_pictures, network_of, score
from ui.words import _

Answer = tuple[dict[str, Any], Arrays]

UNTOUCHED: Final = "untouched"  # of a session's asides: the accuracy before the first edit


class Subject(NamedTuple):
    """A model and one picture."""

    view: View
    dataset: Dataset
    network: Network
    digit: NDArray[np.uint8]  # image_shape
    reading: Reading
    test_picture: int | None  # which it is; None for a drawing
    is_example: bool  # nothing was drawn or chosen: the test set's first picture serves

    @property
    def params(self) -> Params:
        """The weights that are shown."""
        return self.view.shown.params

    @property
    def x(self) -> NDArray[np.float32]:
        """The picture as the model sees it, shape (n_features,)."""
        row: NDArray[np.float32] = to_inputs(
            self.digit.reshape(1, -1), self.view.shown_config.pixels
        )[0]
        return row

    @property
    def full(self) -> float:
        """A pixel of full ink, as the model sees it."""
        return 255.0 if self.view.shown_config.pixels == "raw" else 1.0

    @property
    def kind(self) -> str:
        """How far the model can be explained: ``linear``, ``relu`` or ``hidden``."""
        if len(self.network.linear_layers) > 1:
            return "hidden"
        return "relu" if isinstance(self.network.layers[-1], ReLU) else "linear"

    @property
    def names(self) -> list[str]:
        """The names of the classes."""
        return list(self.dataset.info.class_names)

    @property
    def label(self) -> str | None:
        """What a test picture really is."""
        at = self.test_picture
        return None if at is None else self.names[int(self.dataset.test_labels[at])]

    def chosen_class(self, k: int | None) -> int:
        """Return the class asked for, the model's own choice where there is no such class."""
        return self.reading.prediction if k is None or k >= len(self.names) else k


def subject_of(view: View) -> Subject:
    """Return what the view shows; the test set's first picture where nothing is to be read.

    Raises
    ------
    UserError
        For points in the plane, which this page does not explain.
    """
    dataset = open_dataset(view.config.dataset)
    if not is_pictures(dataset):
        raise UserError("why-points", _("Points in the plane have no strokes to explain."))
    network = network_of(view, dataset)
    scored = score(view)
    if scored is not None:
        chosen = view.test_picture
        at = None if chosen is None else min(chosen, len(dataset.test_labels) - 1)
        return Subject(view, dataset, network, scored.digit, scored.reading, at, is_example=False)
    digit = np.asarray(dataset.test_images[0]).reshape(dataset.info.image_shape)
    reading = read_digit(network, view.shown.params, digit, view.shown_config.pixels)
    return Subject(view, dataset, network, digit, reading, 0, is_example=True)


def common_header(session: Session, subject: Subject, question: Question) -> dict[str, Any]:
    """Return what every section shows or needs."""
    view = subject.view
    evaluation = view.shown_evaluation
    accuracy = None if evaluation is None else finite(evaluation.test_accuracy)
    return {
        "section": question.section,
        "version": view.version,
        "generation": view.generation,
        "step": view.shown.step,
        "pinned": view.pinned,
        "begun_trained": view.config.init == "trained",
        "edits": view.edits,
        "running": view.status.value == "running",
        "kind": subject.kind,
        "class_names": subject.names,
        "image_shape": list(subject.dataset.info.image_shape),
        "prediction": subject.reading.prediction,
        "confidence": subject.reading.confidence,
        "is_example": subject.is_example,
        "test_picture": subject.test_picture,
        "label": subject.label,
        "accuracy": accuracy,
        "untouched": session.asides.get(UNTOUCHED, (None, None))[1] if view.edits else None,
        "n_test": len(subject.dataset.test_labels),
        "has_seen_test_set": has_seen_test_set(view.config),
        "trouble": "",
    }


def finite(value: float) -> float | None:
    """Return a number, None for what is none: JSON has no infinity."""
    return float(value) if math.isfinite(value) else None
