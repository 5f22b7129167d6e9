"""How a model reads one digit, and the weights it reads it with."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn import Network, Params, predict_logits, softmax
from softmax_core.training.samples import to_inputs


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

    Returns
    -------
    Reading
        Of finite numbers, also while a run goes astray and its logits overflow.

    Raises
    ------
    UserError
        If the digit has another number of pixels than the network reads.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        logits = predict_logits(network, params, to_inputs(digit.reshape(1, -1)))
        # Infinite becomes the largest number there is, and what has no value 0.
        probabilities = softmax(np.nan_to_num(logits))[0]
    prediction = int(probabilities.argmax())
    return Reading(prediction, float(probabilities[prediction]), probabilities)


def class_weights(network: Network, params: Params) -> NDArray[np.float32]:
    """Return one column of weights per class, shape (n_features, n_classes); all finite.

    For one linear layer these are its weights. Through a hidden layer they are the
    product of the layers' weights: what the network would compute if every hidden unit
    simply passed its input on, which is only part of the truth.
    """
    first, *others = (params[layer.weight] for layer in network.linear_layers)
    W = first
    with np.errstate(over="ignore", invalid="ignore"):
        for weights in others:
            W = W @ weights
    return np.nan_to_num(np.asarray(W, dtype=np.float32))
