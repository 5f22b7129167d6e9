"""Where did a step break? Its values in the order of computation, up to one not finite."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from softmax_core.nn.arrays import Array, Params, check_batch
from softmax_core.nn.batch_variants import (
    LastLayer,
    dlogits_as,
    losses_as,
    probabilities_as,
    walk_back,
)
from softmax_core.nn.fault import (
    DLOGITS,
    DPROBABILITIES,
    EXPONENTIALS,
    LOG,
    LOGITS,
    PROBABILITIES,
    SUMS,
    Fault,
)
from softmax_core.nn.losses import one_hot
from softmax_core.nn.network import Network, forward
from softmax_core.nn.separate import CrossEntropy
from softmax_core.nn.variants import Variant


def find_fault(
    network: Network, params: Params, X: Array, labels: Array, variant: Variant
) -> Fault | None:
    """Return the first value of a step that is not finite, or None.

    The step is computed once more, as ``batch_loss_and_grads`` does, and looked at
    array by array: inputs, parameters, layers, softmax, loss, gradients.

    Parameters
    ----------
    network, params, X, labels, variant
        As in ``batch_loss_and_grads``.

    Returns
    -------
    Fault or None
        None if the loss and all gradients are finite.

    Raises
    ------
    UserError
        As ``batch_loss_and_grads``.
    """
    variant.check()
    with np.errstate(all="ignore"):
        logits, _ = forward(network, params, X)
        check_batch(logits, labels)
        for tensor, values in _values(network, params, X, labels, variant):
            if not np.isfinite(values).all():
                return _fault(tensor, values, logits, labels, variant)
    return None


def _values(
    network: Network, params: Params, X: Array, labels: Array, variant: Variant
) -> Iterator[tuple[str, Array]]:
    """Yield every array of a step with its name, in the order of computation."""
    yield "X", X
    yield from params.items()
    out = X
    for number, layer in enumerate(network.layers[:-1], 1):
        out, _ = layer.forward(params, out)
        yield f"H{number}", out
    logits, caches = forward(network, params, X)
    yield LOGITS, logits
    if variant.softmax == "naive":
        exponentials = np.exp(logits)
        yield EXPONENTIALS, exponentials
        yield SUMS, exponentials.sum(axis=1)
    probabilities = probabilities_as(variant, logits)
    yield PROBABILITIES, probabilities
    yield LOG, -losses_as(variant, logits, probabilities, labels)
    Y = one_hot(labels, network.n_classes, logits.dtype)
    if variant.gradient == "separate-layers":
        yield DPROBABILITIES, CrossEntropy().backward((probabilities, Y))
    dlogits = dlogits_as(variant, probabilities, Y, len(labels))
    yield DLOGITS, dlogits
    last_layer = LastLayer.of(variant, Y, len(labels))
    for name, grad in walk_back(network, params, caches, dlogits, last_layer).items():
        yield f"d{name}", grad


def _fault(tensor: str, values: Array, logits: Array, labels: Array, variant: Variant) -> Fault:
    """Return the fault at the first of these values that is not finite."""
    place = tuple(int(i) for i in np.argwhere(~np.isfinite(values))[0])
    row: int | None = place[0]
    column: int | None
    largest = None
    if tensor in (EXPONENTIALS, LOGITS, DLOGITS):
        column = place[1]
    elif tensor in (SUMS, PROBABILITIES):
        column = int(logits[row].argmax())
        if tensor == PROBABILITIES and variant.softmax == "whole-max":
            largest = float(logits.max())
    elif tensor in (LOG, DPROBABILITIES):
        column = int(labels[row])
        largest = float(logits[row].max())
    else:
        row = row if tensor[0] in "XH" else None
        column = None
    logit = None if column is None else float(logits[row, column])
    return Fault(tensor, row, column, float(values[place]), logit, largest, str(logits.dtype))
