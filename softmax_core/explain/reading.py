"""How a model reads one digit, and the weights it reads it with."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn import Network, Params, predict_logits, softmax

_BYTE = np.float32(255)


class Reading(NamedTuple):
    """What a model makes of one digit."""

    prediction: int
    confidence: float  # the prediction's probability
    probabilities: NDArray[np.float32]  # (n_classes,)


def read_digit(network: Network, params: Params, digit: NDArray[np.uint8]) -> Reading:
    """Score one picture.

    Parameters
    ----------
    network : Network
    params : dict of arrays
    digit : ndarray of uint8, with n_features pixels in any shape
    """
    X = digit.reshape(1, -1).astype(np.float32) / _BYTE
    probabilities = softmax(predict_logits(network, params, X))[0]
    prediction = int(probabilities.argmax())
    return Reading(prediction, float(probabilities[prediction]), probabilities)


def class_weights(network: Network, params: Params) -> NDArray[np.float32]:
    """Return one column of weights per class, shape (n_features, n_classes).

    For one linear layer these are its weights. Through a hidden layer they are the
    product of the layers' weights: what the network would compute if every hidden unit
    simply passed its input on, which is only part of the truth.
    """
    W = params[network.linear_layers[0].weight]
    for layer in network.linear_layers[1:]:
        W = W @ params[layer.weight]
    return np.asarray(W, dtype=np.float32)
