"""What the functions of this package accept: types of arrays, and their checks."""

from __future__ import annotations

from typing import Any, TypeAlias

from numpy.typing import NDArray

from softmax_core.errors import UserError

Array: TypeAlias = NDArray[Any]
"""float32 in training, float64 in checks, complex128 in complex-step derivatives."""

Params: TypeAlias = dict[str, Array]
"""Parameters (or their gradients) by name; read-only outside the training step."""


def check_logits(logits: Array) -> None:
    """Refuse what is not one row of at least one number per sample."""
    if logits.ndim != 2 or logits.shape[1] == 0:
        raise UserError(
            "logits-shape",
            f"Logits must have the shape (n_samples, n_classes); these have {logits.shape}. "
            "Pass one row per sample.",
        )


def check_batch(logits: Array, labels: Array) -> None:
    """Refuse a batch without samples, or labels that do not belong to these logits."""
    check_logits(logits)
    n_samples, n_classes = logits.shape
    if n_samples == 0:
        raise UserError(
            "batch-empty", "A mean over 0 samples does not exist. Pass at least one sample."
        )
    check_labels(labels, n_classes)
    check_same_length(labels, n_samples)


def check_labels(labels: Array, n_classes: int) -> None:
    """Refuse labels that are not a row of whole numbers from 0 to n_classes - 1."""
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise UserError(
            "labels-shape",
            "Labels must be whole numbers of the shape (n_samples,); "
            f"these are {labels.dtype} of the shape {labels.shape}.",
        )
    if labels.size and not (labels.min() >= 0 and labels.max() < n_classes):
        raise UserError(
            "labels-range",
            f"Labels must be from 0 to {n_classes - 1}; these go from {labels.min()} to "
            f"{labels.max()}. Correct them, or set up the network for more classes.",
        )


def check_same_length(labels: Array, n_samples: int) -> None:
    """Refuse a number of labels that differs from the number of samples."""
    if len(labels) != n_samples:
        raise UserError(
            "labels-count",
            f"There are {n_samples} samples but {len(labels)} labels. Pass one label per sample.",
        )


def check_inputs(X: Array, n_features: int) -> None:
    """Refuse inputs of another width, and pixels that were not scaled to [0, 1]."""
    if X.ndim != 2 or X.shape[1] != n_features:
        raise UserError(
            "inputs-shape",
            f"Inputs must have the shape (n_samples, {n_features}); these have {X.shape}. "
            "Pass one row per sample.",
        )
    if X.dtype.kind not in "fc":
        raise UserError(
            "inputs-dtype",
            f"Inputs must be floating-point numbers in [0, 1]; these are {X.dtype}. "
            "Divide pixels by 255 first.",
        )
