"""How a model reads one digit, and the weights it reads it with."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn import Network, Params, predict_logits, predictions, softmax
from softmax_core.training.samples import to_inputs


class Reading(NamedTuple):
    """What a model makes of one digit."""

    prediction: int
    confidence: float  # the prediction's probability
    probabilities: NDArray[np.float32]  # (n_classes,)


def read_digit(
    network: Network, params: Params, digit: NDArray[np.uint8], pixels: str = "scaled"
) -> Reading:
    """Score one picture.

    Parameters
    ----------
    network : Network
    params : dict of arrays
    digit : ndarray of uint8, with n_features pixels in any shape
    pixels : str
        As the run was trained with: ``scaled`` to [0, 1], or ``raw``, 0 to 255.

    Returns
    -------
    Reading
        Of finite numbers, also while a run goes astray and its logits overflow.

    Raises
    ------
    UserError
        If the digit has another number of pixels than the network reads.
    """
    probabilities = read_samples(network, params, digit.reshape(1, -1), pixels)[0]
    prediction = int(probabilities.argmax())
    return Reading(prediction, float(probabilities[prediction]), probabilities)


def read_samples(
    network: Network, params: Params, samples: NDArray[Any], pixels: str = "scaled"
) -> NDArray[np.float32]:
    """Return the probability of each class for each picture or point.

    Parameters and errors as ``predict_samples``; shape (n_samples, n_classes), all finite.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        logits = predict_logits(network, params, to_inputs(samples, pixels))
        # Infinite becomes the largest number there is, and what has no value 0.
        probabilities: NDArray[np.float32] = softmax(np.nan_to_num(logits))
    return probabilities


def predict_samples(
    network: Network, params: Params, samples: NDArray[Any], pixels: str = "scaled"
) -> NDArray[np.int64]:
    """Return the class a model chooses for each picture or point.

    Parameters
    ----------
    network : Network
    params : dict of arrays
    samples : ndarray of shape (n_samples, n_features)
        Pictures as bytes, or points as float32.
    pixels : str
        As in ``read_digit``.

    Returns
    -------
    ndarray of int of shape (n_samples,)
        Also while a run goes astray: what has no value counts as a logit of 0.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        logits = np.nan_to_num(predict_logits(network, params, to_inputs(samples, pixels)))
    return predictions(logits)


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
