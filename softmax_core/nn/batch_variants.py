"""A batch's loss and gradients computed as a variant says: rightly, or wrong on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from softmax_core.nn.arrays import Array, Params, check_batch
from softmax_core.nn.layers import Linear
from softmax_core.nn.losses import log_softmax, one_hot, softmax
from softmax_core.nn.network import Caches, Network, forward
from softmax_core.nn.separate import CrossEntropy, Softmax
from softmax_core.nn.teaching import (
    clipped_losses,
    losses_by_log,
    naive_softmax,
    whole_max_softmax,
)
from softmax_core.nn.variants import Variant

PLAIN: Final = Variant()


def batch_loss_and_grads(
    network: Network,
    params: Params,
    X: Array,
    labels: Array,
    variant: Variant = PLAIN,
    n_batch: int | None = None,
) -> tuple[float, Params, Array]:
    """Return what these rows add to the loss and the gradients of a batch.

    A large batch can be worked through in chunks, whose losses and gradients are then
    added. (With ``whole-max`` the maximum is that of the chunk.) Nothing warns: what
    overflows becomes inf or nan, and ``find_fault`` says where that began.

    The loss is a mean whatever the reduction. With ``sum`` the gradients are n_batch
    times its slope. With ``clipped`` they are those of the loss without a floor, as
    published. The mistakes are described where they are made, in ``LastLayer`` and
    ``dlogits_as``.

    Parameters
    ----------
    network, params, X
        As in ``forward``.
    labels : (n_samples,) int array
    variant : Variant
        With the default, the result is that of ``loss_and_grads`` bit for bit.
    n_batch : int, optional
        Size of the whole batch; without it, these rows are all.

    Returns
    -------
    loss : float
        Nats: the sum of these rows' losses over n_batch.
    grads : Params
        Named and shaped as params, of their dtype; new arrays, the caller's to change.
    logits : (n_samples, n_classes) array

    Raises
    ------
    UserError
        As ``forward``, ``cross_entropy`` and ``Variant.check``.
    """
    variant.check()
    with np.errstate(all="ignore"):
        logits, caches = forward(network, params, X)
        check_batch(logits, labels)
        n_batch = len(labels) if n_batch is None else n_batch
        probabilities = probabilities_as(variant, logits)
        losses = losses_as(variant, logits, probabilities, labels)
        loss = float(losses.sum(dtype=np.float64)) / n_batch + 0.0
        Y = one_hot(labels, network.n_classes, logits.dtype)
        dlogits = dlogits_as(variant, probabilities, Y, n_batch)
        last_layer = LastLayer.of(variant, Y, n_batch)
        grads = walk_back(network, params, caches, dlogits, last_layer)
    return loss, grads, logits


def probabilities_as(variant: Variant, logits: Array) -> Array:
    """Return the variant's probabilities, (n_samples, n_classes); may hold nan."""
    if variant.softmax == "naive":
        return naive_softmax(logits)
    if variant.softmax == "whole-max":
        return whole_max_softmax(logits)
    return softmax(logits)


def losses_as(variant: Variant, logits: Array, probabilities: Array, labels: Array) -> Array:
    """Return the variant's loss of each sample, (n_samples,), in nats; may hold inf or nan."""
    if variant.loss == "log-of-probability":
        return losses_by_log(probabilities, labels)
    if variant.loss == "clipped":
        return clipped_losses(probabilities, labels)
    losses: Array = -log_softmax(logits)[np.arange(len(labels)), labels]
    return losses


def dlogits_as(variant: Variant, probabilities: Array, Y: Array, n_batch: int) -> Array:
    """Return the gradient of the logits as the variant has it, (n_samples, n_classes).

    ``diagonal`` keeps of the softmax's Jacobian ``p_j ([j = k] - p_k)`` only j = k. From
    dL/dp_k = -Y_k / p_k that leaves

        -Y_k / p_k * p_k (1 - p_k) = (p_k - Y_k) Y_k

    the right gradient in the true class's column and 0 in all others. So it gives a last
    layer the same dW as ``true-class`` does; but here db and all below are wrong too.
    """
    divisor = n_batch if variant.reduction == "mean" else 1
    if variant.gradient == "separate-layers":
        dprobabilities = CrossEntropy().backward((probabilities, Y))
        dlogits, _ = Softmax().backward({}, probabilities, dprobabilities)
        return dlogits * (len(Y) / divisor)
    dlogits = probabilities - Y
    if "diagonal" in variant.mistakes:
        dlogits *= Y
    dlogits /= divisor
    return dlogits


@dataclass(frozen=True)
class LastLayer:
    """How the last linear layer's own gradients are computed, with the mistakes in it.

    Attributes
    ----------
    mistakes : tuple of str
        Those that are not about this layer do nothing here.
    Y : (n_samples, n_classes) array
    n_summed : int
        By what a sum over the rows of dout must be divided to become the batch's mean.
    """

    mistakes: tuple[str, ...]
    Y: Array
    n_summed: int

    @classmethod
    def of(cls, variant: Variant, Y: Array, n_batch: int) -> LastLayer:
        """Return the variant's rule for these rows of a batch of n_batch."""
        return cls(variant.mistakes, Y, n_batch if variant.reduction == "sum" else 1)

    def parameter_grads(self, layer: Linear, cache: Array, dout: Array) -> Params:
        """Return the gradients of the layer's parameters, given its cache and its dout.

        ``true-class``: dW[j, k] counts sample i only where k is its label,
        ``X.T @ (dout * Y)``; that the other classes must go down is forgotten.
        """
        counted = dout * self.Y if "true-class" in self.mistakes else dout
        grads = layer.parameter_grads(cache, counted)
        if layer.bias is not None:
            grads[layer.bias] = self._db(dout)
        return grads

    def _db(self, dout: Array) -> Array:
        """Return db.

        ``one-bias``: the mean over samples and classes of ``dout * Y`` for every class,
        a mean whatever the reduction. ``bias-over-classes``: the sum over samples and
        classes for every class; the rows of ``probabilities - Y`` sum to 0, so without
        a layer in between it is 0 but for rounding.
        """
        n_classes = dout.shape[1]
        if "one-bias" in self.mistakes:
            one = float((dout * self.Y).sum(dtype=np.float64)) / (n_classes * self.n_summed)
            return np.full(n_classes, one, dout.dtype)
        if "bias-over-classes" in self.mistakes:
            return np.full(n_classes, dout.sum(), dout.dtype)
        db: Array = dout.sum(axis=0)
        return db


def walk_back(
    network: Network, params: Params, caches: Caches, dlogits: Array, last_layer: LastLayer
) -> Params:
    """Return the gradients of all parameters, the last linear layer's by ``last_layer``.

    What the last layer hands on to those below, its dX, is always right.
    """
    last = network.linear_layers[-1]
    grads: Params = {}
    dout = dlogits
    for layer, cache in zip(reversed(network.layers), reversed(caches), strict=True):
        is_first = layer == network.layers[0]
        if layer == last:
            grads |= last_layer.parameter_grads(last, cache, dout)
            dout = dout if is_first else dout @ params[last.weight].T
        elif is_first:  # nobody asks for the pixels' gradient, as costly as dW
            grads |= network.linear_layers[0].parameter_grads(cache, dout)
        else:
            dout, layer_grads = layer.backward(params, cache, dout)
            grads |= layer_grads
    return grads
