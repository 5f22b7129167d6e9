"""Losses and hits of softmax regression over whole sets of pictures: half the general way's time.

As in a training step, a row stands for each class, the bias is the weight of an input that is
always on, and pixels stay whole numbers: see ``fused`` and ``joined``.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn import Linear, Network, Params
from softmax_core.training.joined import aligned, logits_by_class, width_of
from softmax_core.training.lane_softmax import is_right
from softmax_core.training.samples import Samples

_CHUNK: Final = 512  # rows that stay in the processor's second cache


def is_linear(network: Network) -> bool:
    """Tell whether a network is one linear layer with a bias and no more."""
    match network.layers:
        case (Linear(bias=str()),):
            return True
    return False


def measure_linear(
    network: Network, params: Params, samples: Samples, scale: float
) -> tuple[float, NDArray[np.bool_]]:
    """Return the mean cross-entropy, and which samples are classified rightly.

    Parameters
    ----------
    network : Network
        As ``is_linear`` wants it.
    params : dict of arrays
    samples : Samples
    scale : float
        What the samples' values are multiplied with.

    Returns
    -------
    loss : float
    right : ndarray of shape (n_samples,)
    """
    (layer,) = network.linear_layers
    assert layer.bias is not None
    W = aligned((layer.n_out, width_of(layer.n_in)))
    W[:, : layer.n_in] = params[layer.weight].T
    W[:, layer.n_in] = params[layer.bias]
    n_rows = min(_CHUNK, samples.n_samples)
    inputs = aligned((n_rows, W.shape[1]))
    inputs[:, layer.n_in] = 1 / scale  # scaled with the pixels
    room, columns = aligned((layer.n_out * n_rows,)), np.arange(n_rows)
    right = np.empty(samples.n_samples, np.bool_)
    loss = 0.0
    for start in range(0, samples.n_samples, _CHUNK):
        chunk = slice(start, start + _CHUNK)
        labels = samples.labels[chunk].astype(np.intp)
        n = len(labels)
        X = inputs[:n]
        np.copyto(X[:, : layer.n_in], samples.images[chunk])
        Z = logits_by_class(W, X, room[: layer.n_out * n].reshape(layer.n_out, n))
        Z *= np.float32(scale)
        Z -= np.maximum.reduce(Z, axis=0)
        true_logits = Z[labels, columns[:n]]
        right[chunk] = is_right(Z, labels, true_logits)
        np.exp(Z, out=Z)
        losses = np.log(np.add.reduce(Z, axis=0)) - true_logits
        loss += float(np.add.reduce(losses, dtype=np.float64))
    return loss / samples.n_samples, right
