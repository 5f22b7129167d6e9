"""Where training starts: all zero, random, or random with a fitting spread.

Every draw is made in float64 and then rounded to the wanted dtype, so float32 and
float64 runs of one seed start from the same numbers. Biases start at zero always:
random weights are enough to make hidden units differ.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from softmax_core.nn.arrays import Params
from softmax_core.nn.network import Network


def zero_params(network: Network, dtype: DTypeLike = np.float32) -> Params:
    """Return all parameters zero.

    Right for softmax regression, whose loss is convex. A network with a hidden
    layer cannot learn from there: all its hidden units would stay alike.
    """
    return {name: np.zeros(shape, dtype) for name, shape in network.parameter_shapes().items()}


def normal_params(
    network: Network, std: float, rng: np.random.Generator, dtype: DTypeLike = np.float32
) -> Params:
    """Return weights drawn from a normal distribution of mean 0, and zero biases.

    Parameters
    ----------
    network : Network
    std : float
        Standard deviation, at least 0; the same for all layers.
    rng : numpy.random.Generator
        Advanced by one draw per weight, in the order of the layers.
    dtype : dtype of the result

    Returns
    -------
    Params
        Named and shaped as ``network.parameter_shapes()``.
    """
    return _drawn(network, [std] * len(network.linear_layers), rng, dtype)


def scaled_params(
    network: Network, rng: np.random.Generator, dtype: DTypeLike = np.float32
) -> Params:
    """Return weights with the standard deviation ``sqrt(2 / n_in)``, and zero biases.

    The sum of n_in inputs spreads as the root of n_in; the 2 makes up for the half
    that ReLU sets to zero. So signals neither fade nor grow from layer to layer.

    Parameters
    ----------
    network : Network
    rng : numpy.random.Generator
        Advanced by one draw per weight, in the order of the layers.
    dtype : dtype of the result

    Returns
    -------
    Params
        Named and shaped as ``network.parameter_shapes()``.

    References
    ----------
    He, Zhang, Ren, Sun: Delving Deep into Rectifiers, ICCV 2015, equation 10.
    """
    stds = [float(np.sqrt(2 / layer.n_in)) for layer in network.linear_layers]
    return _drawn(network, stds, rng, dtype)


def _drawn(
    network: Network, stds: list[float], rng: np.random.Generator, dtype: DTypeLike
) -> Params:
    params = zero_params(network, dtype)
    for layer, std in zip(network.linear_layers, stds, strict=True):
        params[layer.weight] = rng.normal(0.0, std, (layer.n_in, layer.n_out)).astype(dtype)
    return params
