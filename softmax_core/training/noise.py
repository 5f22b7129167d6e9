"""How noisy a batch's gradient is: random batches against the gradient of the whole set."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.store import open_dataset
from softmax_core.nn.arrays import Array, Params
from softmax_core.nn.layers import Linear
from softmax_core.nn.losses import cross_entropy_grad
from softmax_core.nn.network import Network, forward
from softmax_core.training.config import TrainingConfig
from softmax_core.training.layered import network_of
from softmax_core.training.samples import Samples, to_inputs
from softmax_core.training.threads import one_blas_thread
from softmax_core.training.train_part import base_samples

BATCH_SIZES: Final = (1, 8, 32, 256)
N_BATCHES: Final = 30
_CHUNK: Final = 2_048  # rows at a time
_CHUNK_NUMBERS: Final = 4_000_000  # numbers in the gradients made at a time, 16 MB


class BatchNoise(NamedTuple):
    """What the gradients of random batches of one size are like.

    Attributes
    ----------
    batch_size : int
    angles : ndarray of shape (n_batches,)
        To the gradient of the whole set, in degrees, 0 to 180; nan for a gradient of 0.
    spreads : ndarray of shape (n_batches,)
        Length of the difference from it, as a share of its own length.
    expected : float
        The root of the mean square of ``spreads`` over all batches that could be drawn.
    """

    batch_size: int
    angles: NDArray[np.float64]
    spreads: NDArray[np.float64]
    expected: float

    @property
    def spread(self) -> float:
        """The root of the mean square of the spreads that were found."""
        return math.sqrt(float(np.mean(np.square(self.spreads))))


@dataclass(frozen=True)
class GradientNoise:
    """The noise at one state of a run.

    Attributes
    ----------
    sizes : tuple of BatchNoise
        From small to large; the last is the whole set, whose noise is none.
    n_samples : int
        Size of the training set.
    full_norm : float
        Length of its gradient.
    sample_spread : float
        Root of the mean square distance of one sample's gradient from the mean, as a share
        of ``full_norm``.
    """

    sizes: tuple[BatchNoise, ...]
    n_samples: int
    full_norm: float
    sample_spread: float


class _Whole(NamedTuple):
    """The gradient of the mean loss, and how far those of single samples lie around it."""

    gradient: Params
    variance: float  # mean of |g_i - g|**2


def measure_noise(config: TrainingConfig, params: Params, seed: int = 0) -> GradientNoise:
    """Measure the noise of a run's gradients at some weights; pure but for reading the data.

    Taught drawings are left out.

    Parameters
    ----------
    config : TrainingConfig
    params : dict of arrays
    seed : int
        Decides the batches.

    Raises
    ------
    UserError
        When the data set cannot be had.
    """
    dataset = open_dataset(config.dataset)
    samples = base_samples(config, dataset)
    return noise_on(samples, config, params, np.random.default_rng(seed))


def noise_on(
    samples: Samples, config: TrainingConfig, params: Params, rng: np.random.Generator
) -> GradientNoise:
    """Draw ``N_BATCHES`` batches of each size and compare their gradients with the whole's.

    A batch of B is drawn from the N samples without replacement, as an epoch draws it. If
    the gradients of single samples lie around their mean with the variance ``s**2``, that
    of the batch lies around it with

        E |g_B - g|**2 = s**2 / B * (N - B) / (N - 1)

    The first factor is the 1/B of independent draws, so the spread falls as 1/sqrt(B); the
    second takes account of what cannot be drawn twice, and makes it 0 for B = N. (It is 0.996
    for 256 of 60,000, and 0.82 for 256 of 1,437.) ``s`` is computed from all samples, so
    the expectation is no fit to what was drawn.

    The gradient is the right one and a mean, with the L2 penalty, whatever variant
    the run is trained with.

    Parameters
    ----------
    samples : Samples
        At least two.
    config : TrainingConfig
    params : dict of arrays
    rng : numpy.random.Generator
        Draws the batches.

    References
    ----------
    Cochran: Sampling Techniques, 3rd edition (1977), theorem 2.2, entry by entry.
    """
    n_samples, network = len(samples.labels), network_of(config, params)
    sizes = []
    with one_blas_thread(), np.errstate(all="ignore"):
        whole = _whole(network, params, samples, config)
        full = _row(whole.gradient)[0]
        full_norm = float(np.linalg.norm(full))
        for batch_size in (size for size in BATCH_SIZES if size < n_samples):
            rows = _draw(n_samples, batch_size, rng)
            angles, spreads = _against(network, params, samples, (config, rows, full))
            correction = (n_samples - batch_size) / (n_samples - 1)
            variance = whole.variance / batch_size * correction
            expected = math.sqrt(variance) / full_norm if full_norm else math.nan
            sizes.append(BatchNoise(batch_size, angles, spreads, expected))
    sizes.append(BatchNoise(n_samples, np.zeros(1), np.zeros(1), 0.0))
    one = math.sqrt(whole.variance) / full_norm if full_norm else math.nan
    return GradientNoise(tuple(sizes), n_samples, full_norm, one)


def _draw(n_samples: int, batch_size: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return ``N_BATCHES`` batches, shape (N_BATCHES, batch_size), each without repetition."""
    drawn = [rng.choice(n_samples, batch_size, replace=False) for _ in range(N_BATCHES)]
    return np.array(drawn, np.intp)


def _whole(network: Network, params: Params, samples: Samples, config: TrainingConfig) -> _Whole:
    """Walk through all samples once.

    A sample's gradient of W is the outer product of what entered the layer and what came
    back, so its squared length is the product of theirs: none of them is ever made. With the
    mean g, ``mean |g_i - g|**2 = mean |g_i|**2 - |g|**2``.
    """
    n_samples, squares = len(samples.labels), 0.0
    gradient = {name: np.zeros(array.shape) for name, array in params.items()}
    for start in range(0, n_samples, _CHUNK):
        rows = np.arange(start, min(start + _CHUNK, n_samples))
        for layer, inputs, dout in _walk(network, params, samples, rows, config):
            out_squares = np.square(dout).sum(axis=1, dtype=np.float64)
            in_squares = np.square(inputs).sum(axis=1, dtype=np.float64)
            squares += float(out_squares @ (in_squares + (layer.bias is not None)))
            for name, grad in layer.parameter_grads(inputs, dout).items():
                gradient[name] += grad / n_samples
    variance = squares / n_samples - sum(float(np.vdot(g, g)) for g in gradient.values())
    for layer in network.linear_layers:
        gradient[layer.weight] += config.l2 * params[layer.weight]
    return _Whole(gradient, max(variance, 0.0))


def _against(
    network: Network,
    params: Params,
    samples: Samples,
    drawn: tuple[TrainingConfig, NDArray[np.intp], NDArray[np.float64]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the angles (degrees) and spreads of all batches of one size."""
    config, rows, full = drawn
    full_norm = np.linalg.norm(full)
    at_once = max(1, min(_CHUNK_NUMBERS // full.size, 4 * _CHUNK // rows.shape[1]))
    angles, spreads = [], []
    for start in range(0, len(rows), at_once):
        found = _batch_gradients(network, params, samples, rows[start : start + at_once], config)
        cosines = found @ full / (np.linalg.norm(found, axis=1) * full_norm)
        angles.append(np.degrees(np.arccos(np.clip(cosines, -1, 1))))
        spreads.append(np.linalg.norm(found - full, axis=1) / full_norm)
    return np.concatenate(angles), np.concatenate(spreads)


def _batch_gradients(
    network: Network,
    params: Params,
    samples: Samples,
    rows: NDArray[np.intp],
    config: TrainingConfig,
) -> NDArray[np.float64]:
    """Return the gradients of several batches, one a row, (n_batches, n_parameters).

    All batches walk through the network as one; only the sums over the samples of a batch
    are made batch by batch, in one stacked product.
    """
    n_batches, batch_size = rows.shape
    grads: Params = {}
    for layer, inputs, dout in _walk(network, params, samples, rows.ravel(), config):
        stacked = dout.reshape(n_batches, batch_size, -1)
        turned = inputs.reshape(n_batches, batch_size, -1).transpose(0, 2, 1)
        W = params[layer.weight]
        grads[layer.weight] = turned @ stacked / batch_size + config.l2 * W
        if layer.bias is not None:
            grads[layer.bias] = stacked.mean(axis=1)
    return _row({name: grads[name] for name in params}, n_batches)


def _walk(
    network: Network,
    params: Params,
    samples: Samples,
    rows: NDArray[np.intp],
    config: TrainingConfig,
) -> list[tuple[Linear, Array, Array]]:
    """Return for each linear layer what entered it and what came back, sample by sample.

    ``dout`` is that of each sample's own loss, not of the mean.
    """
    X = to_inputs(samples.images[rows], config.pixels)
    logits, caches = forward(network, params, X)
    dout = cross_entropy_grad(logits, samples.labels[rows].astype(np.intp)) * len(rows)
    parts = []
    for layer, cache in zip(reversed(network.layers), reversed(caches), strict=True):
        if isinstance(layer, Linear):
            parts.append((layer, cache, dout))
        if layer != network.layers[0]:
            dout, _ = layer.backward(params, cache, dout)
    return parts


def _row(grads: Params, n_rows: int = 1) -> NDArray[np.float64]:
    """Put gradients side by side, (n_rows, n_parameters)."""
    return np.concatenate([g.reshape(n_rows, -1) for g in grads.values()], 1).astype(np.float64)
