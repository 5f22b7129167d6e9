"""The edge of stability: the largest learning rate at which a small disturbance dies out."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.store import open_dataset
from softmax_core.nn.arrays import Array, Params
from softmax_core.nn.hessian import Hessian, Vector, flat, largest_eigenvalue
from softmax_core.nn.variants import RIGHT_GRADIENTS
from softmax_core.training.config import TrainingConfig
from softmax_core.training.layered import network_of
from softmax_core.training.samples import Samples, to_inputs
from softmax_core.training.threads import one_blas_thread
from softmax_core.training.train_part import base_samples

# On 1,936 pictures of MNIST the edge at zero weights is 0.6 % away from that on 8,572.
MAX_SAMPLED: Final = 2_000
_TOLERANCE: Final = 1e-3  # of the eigenvalue: a ruler cannot show less
_FLAT: Final = 1e-12  # curvature below this is rounding


class Edge(NamedTuple):
    """The edge at one state.

    Attributes
    ----------
    rate : float
        The largest stable learning rate; inf where the loss curves upwards nowhere.
    eigenvalue : float
        The largest of the loss's Hessian.
    vector : ndarray of float32
        Its direction, the steepest, as one row of all parameters: where to begin next time.
    n_samples : int
        How many pictures of the training set it was measured on.
    n_products : int
        Hessian-vector products it took.
    converged : bool
        Whether the eigenvalue had settled by then.
    """

    rate: float
    eigenvalue: float
    vector: Vector
    n_samples: int
    n_products: int
    converged: bool


def measure_edge(config: TrainingConfig, params: Params, start: Vector | None = None) -> Edge:
    """Measure the edge of a run at some weights; pure but for reading the data set.

    Along an eigenvector with eigenvalue h the loss is a parabola, and one step of descent
    multiplies the distance from its lowest point by ``1 - rate * h``. Above ``rate = 2 / h``
    every step overshoots to farther up on the other side; the largest h comes first.

    It is the edge of the mean loss over the training set. A batch has an edge of its own,
    and where the loss is no parabola the edge moves with the weights.
    Taught drawings are left out.

    Parameters
    ----------
    config : TrainingConfig
    params : dict of arrays
    start : ndarray, optional
        ``Edge.vector`` of weights close by.

    Raises
    ------
    UserError
        When the data set cannot be had.
    """
    dataset = open_dataset(config.dataset)
    samples = base_samples(config, dataset)
    sample = edge_sample(samples)
    edge = edge_on(sample, config, params, start)
    return edge._replace(rate=edge.rate / _gradient_factor(config, samples.n_samples))


def edge_on(
    sample: Samples, config: TrainingConfig, params: Params, start: Vector | None = None
) -> Edge:
    """Measure the edge of the mean loss over these pictures, for a gradient that is a mean.

    Parameters
    ----------
    sample : Samples
        At least one picture, worked on as a whole.
    config, params, start
        As in ``measure_edge``.
    """
    X, labels = to_inputs(sample.images, config.pixels), sample.labels.astype(np.intp)
    n_parameters = sum(array.size for array in params.values())
    if start is None or start.shape != (n_parameters,) or not np.any(start):
        start = np.random.default_rng(0).normal(size=n_parameters)
    with one_blas_thread(), np.errstate(all="ignore"):
        hessian = Hessian.at(network_of(config, params), params, X, labels, config.l2)
        found = largest_eigenvalue(
            hessian.times_vector, start.astype(flat(params).dtype), tolerance=_TOLERANCE
        )
    rate = largest_stable_rate(found.value, config.momentum)
    return Edge(rate, found.value, found.vector, len(labels), found.steps, found.converged)


def edge_at_zero(X: Array, n_classes: int, *, bias: bool = True, momentum: float = 0.0) -> float:
    """Return the edge of softmax regression at all-zero weights, by a formula.

    There every probability is 1/C, whatever the picture and its label. So the Hessian of
    one picture's loss with respect to its C logits, ``diag(p) - p p'``, is the same for all:

        A = I / C - 11' / C**2

    ``A 1 = 0``, and any vector v whose entries sum to 0 has ``A v = v / C``: its eigenvalues
    are 0 once and 1/C for all others. The logits are linear in the weights, ``Z = X W``, with
    a column of ones at the end of X for the bias. So the Hessian with respect to the weights
    is the Kronecker product of ``X'X / n`` and A, whose eigenvalues are all products of one
    of each:

        largest eigenvalue = (1/C) * largest eigenvalue of X'X / n

    With ten classes that is the 0.1 of ``2 / (0.1 * largest eigenvalue)``. (Without an L2
    penalty; with one it is that much larger, but for the share of the bias.)

    Parameters
    ----------
    X : (n_samples, n_features) array
        As the network sees it: pixels in [0, 1].
    n_classes : int
        C.
    bias : bool
        Whether the network has one: the column of ones counts like a pixel that is always 1.
    momentum : float
    """
    inputs = np.asarray(X, np.float64)
    if bias:
        inputs = np.column_stack([inputs, np.ones(len(inputs))])
    largest = float(np.linalg.eigvalsh(inputs.T @ inputs / len(inputs))[-1])
    return largest_stable_rate(largest / n_classes, momentum)


def largest_stable_rate(eigenvalue: float, momentum: float = 0.0) -> float:
    """Return ``2 (1 + momentum) / eigenvalue``; inf where nothing curves upwards.

    With momentum m the distance x from the lowest point follows
    ``x[t + 1] = (1 + m - rate * h) x[t] - m x[t - 1]``. Its characteristic polynomial
    ``z**2 - (1 + m - rate * h) z + m`` has both roots within the unit circle as long as
    its value at z = -1, ``2 (1 + m) - rate * h``, is positive.

    References
    ----------
    Polyak: Some methods of speeding up the convergence of iteration methods, 1964.
    """
    if math.isnan(eigenvalue):
        return math.nan
    return 2 * (1 + momentum) / eigenvalue if eigenvalue > _FLAT else math.inf


def has_edge(config: TrainingConfig) -> bool:
    """Tell whether the updates go down the gradient of the loss, whose Hessian this is."""
    return config.gradient in RIGHT_GRADIENTS


def edge_settings(config: TrainingConfig) -> TrainingConfig:
    """Return the settings with all that the edge does not depend on set alike.

    At the same weights two runs have the same edge where these are equal.
    """
    usual = TrainingConfig()
    batch_size = config.batch_size if config.reduction == "sum" else usual.batch_size
    return replace(
        config,
        learning_rate=usual.learning_rate,
        batch_size=batch_size,
        epochs=usual.epochs,
        seed=usual.seed,
        order=usual.order,
        taught=usual.taught,
    )


def edge_sample(samples: Samples) -> Samples:
    """Return at most ``MAX_SAMPLED`` of the samples, spread over all of them.

    One in so many, by an odd number: MNIST's training file alternates between two groups
    of writers.
    """
    every = max(1, -(-len(samples.labels) // MAX_SAMPLED)) | 1
    rows: NDArray[np.intp] = np.arange(0, len(samples.labels), every)
    return Samples(samples.images[rows], samples.labels[rows])


def _gradient_factor(config: TrainingConfig, n_samples: int) -> int:
    """Return how many times the mean's gradient an update goes along."""
    return min(config.batch_size, n_samples) if config.reduction == "sum" else 1
