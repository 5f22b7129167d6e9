"""One frame of the live view as bytes: a small JSON header and the arrays behind it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.dataset import Dataset
from softmax_core.data.store import open_dataset
from softmax_core.explain import class_weights
from softmax_core.figures import scaled_weights
from softmax_core.service import View
from softmax_core.training import Evaluation
from softmax_core.training.shipped import has_seen_test_set
from ui.live.dynamics import dynamics_arrays, dynamics_header
from ui.live.pack import POLL_MS, pack
from ui.live.plane import plane_arrays, plane_header
from ui.live.reading import can_draw, network_of, score
from ui.live.remark import remark_of
from ui.live.seen import start_note, without_seen_test
from ui.live.story import Told
from ui.live.taught import taught_arrays, taught_header
from ui.words import _, network_title


def encode_frame(view: View, told: Told | None = None, poll_ms: int = POLL_MS) -> bytes:
    """Encode what the view shows, and what is told of it; see ``pack`` for the layout.

    Parameters
    ----------
    view : View
    told : Told, optional
    poll_ms : int
        How long the page may wait until it asks again; at least ``POLL_MS``.
    """
    view, dataset = without_seen_test(view), open_dataset(view.config.dataset)
    network = network_of(view, dataset)
    weights, limit = scaled_weights(class_weights(network, view.shown.params))
    header = _counters(view) | _descriptions(view, dataset)
    header |= {"weight_limit": limit, "poll_ms": max(poll_ms, POLL_MS)}
    header |= taught_header(view, dataset) | dynamics_header(view, told)
    arrays = {
        **_curve(view),
        **_evaluations(view.evaluations),
        **_epochs(view),
        "weights": ("i1", weights),
        **plane_arrays(view, dataset),
        **taught_arrays(view),
        **dynamics_arrays(view),
    }
    scored = score(view)
    if scored is not None:
        header |= {
            "has_drawing": True,
            "prediction": scored.reading.prediction,
            "confidence": scored.reading.confidence,
        }
        arrays["probabilities"] = ("f4", scored.reading.probabilities)
        arrays["digit"] = ("u1", scored.digit.ravel())
    return pack(header, arrays)


def _descriptions(view: View, dataset: Dataset) -> dict[str, Any]:
    """Return what the run is, what it cannot do any more, and that nothing is read yet."""
    return {
        "network": view.config.network,
        "network_title": network_title(view.config.network),
        "dataset_title": dataset.info.title,
        "class_names": list(dataset.info.class_names),
        "image_shape": list(dataset.info.image_shape),
        "weights_caption": _weights_caption(view.config.network),
        "note": start_note(view.config),
        "test_seen": has_seen_test_set(view.config),
        "remark": remark_of(view),
        "dead": [{"index": dead.index, "since_step": dead.since_step} for dead in view.dead],
        **plane_header(dataset),
        "can_draw": can_draw(dataset),
        "has_drawing": False,
        "prediction": None,
        "confidence": None,
    }


def _counters(view: View) -> dict[str, Any]:
    evaluation = view.evaluation
    figures = ("train_loss", "train_accuracy", "test_loss", "test_accuracy")
    return {
        "version": view.version,
        "generation": view.generation,
        "status": view.status.value,
        "message": view.message,
        "step": view.state.step,
        "shown_step": view.shown.step,
        "pinned": view.pinned,
        "snapshot_steps": list(view.snapshot_steps),
        "epoch": view.state.epoch,
        "epoch_fraction": view.epoch_fraction,
        "epochs_target": view.epochs_target,
        "samples_per_second": view.samples_per_second,
        "learning_rate": view.config.learning_rate,
        "batch_size": view.batch_size,
        "full_batch": view.batch_size == view.n_samples,
        "curve_from": view.curve_from,
        "marks": [{"step": mark.step, "text": mark.text} for mark in view.marks],
        **{name: _finite(evaluation, name) for name in figures},
        **{f"shown_{name}": _finite(view.shown_evaluation, name) for name in (*figures, "epoch")},
    }


def _finite(evaluation: Evaluation | None, name: str) -> float | None:
    """Return the figure, or None: JSON has no infinity."""
    value = None if evaluation is None else float(getattr(evaluation, name))
    return value if value is not None and math.isfinite(value) else None


def _curve(view: View) -> dict[str, tuple[str, NDArray[Any]]]:
    curve = view.curve
    return {
        "curve_step": ("u4", curve.step),
        "curve_mean": ("f4", curve.mean),
        "curve_min": ("f4", curve.low),
        "curve_max": ("f4", curve.high),
        "curve_accuracy": ("f4", curve.accuracy),
    }


def _evaluations(evaluations: tuple[Evaluation, ...]) -> dict[str, tuple[str, NDArray[Any]]]:
    def column(name: str) -> NDArray[Any]:
        return np.array([getattr(evaluation, name) for evaluation in evaluations])

    names = ("test_loss", "test_accuracy")  # the training set's are drawn of every step
    return {"eval_step": ("u4", column("step"))} | {
        f"eval_{name}": ("f4", column(name)) for name in names
    }


def _epochs(view: View) -> dict[str, tuple[str, NDArray[Any]]]:
    """Return a point for each whole epoch; the test set is measured at its last step."""
    tested = {evaluation.step: evaluation.test_accuracy for evaluation in view.evaluations}
    epochs = view.epochs
    return {
        "epoch_number": ("u4", np.array([epoch.epoch for epoch in epochs])),
        "epoch_loss": ("f4", np.array([epoch.loss for epoch in epochs])),
        "epoch_accuracy": ("f4", np.array([epoch.accuracy for epoch in epochs])),
        "epoch_test_accuracy": (
            "f4",
            np.array([tested.get(epoch.step, math.nan) for epoch in epochs]),
        ),
    }


def _weights_caption(network: str) -> str:
    if network == "mlp":
        return _("Weights from pixels to classes through the hidden layer (W1 · W2).")
    return _("Learned weights of each class.")
