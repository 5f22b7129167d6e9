"""Which block of a gradient is wrong? Each is judged by the loss, and by its own rule alone.

A wrong block spoils all those below it, so disagreement with the loss's slope does not
say where the mistake is. A block's own rule is right if it turns what it was handed,
the gradient of the logits, into the matching gradient of its parameter; rightly handed or not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn.arrays import Array, Params, check_batch
from softmax_core.nn.batch_variants import (
    PLAIN,
    LastLayer,
    dlogits_as,
    probabilities_as,
    walk_back,
)
from softmax_core.nn.gradcheck import (
    analytic_cross_entropy,
    complex_step_gradient,
    relative_error,
)
from softmax_core.nn.losses import one_hot
from softmax_core.nn.network import Network, forward, predict_logits
from softmax_core.nn.variants import Variant

LOGITS_BLOCK: Final = "logits"
# Rounding leaves about 1e-15; the smallest mistake of the bank is off by some 0.1.
WRONG: Final = 1e-6


@dataclass(frozen=True, eq=False)
class BlockCheck:
    """How one block's claimed gradient compares with numeric derivatives.

    Attributes
    ----------
    name : str
        ``logits``, or the name of a parameter.
    error : float
        Relative error of the claimed gradient against the slope of the mean
        cross-entropy; inf if any of the claim, tried or not, is not finite.
    own_error : float
        Relative error of this block's own rule, given the gradient of the logits that
        it was handed; nan if that was not finite. For ``logits``, ``error``.
    ratio : float or None
        ``claimed / numeric`` if that is one and the same factor for all entries
        (within 1e-6), such as n for a forgotten division by n; else None.
    claimed, numeric : (n_entries,) float64 arrays
        The entries that were compared.
    """

    name: str
    error: float
    own_error: float
    ratio: float | None
    claimed: NDArray[np.float64]
    numeric: NDArray[np.float64]


def check_blocks(
    network: Network,
    params: Params,
    X: Array,
    labels: Array,
    variant: Variant = PLAIN,
    *,
    entries: int = 20,
    rng: np.random.Generator | None = None,
) -> tuple[BlockCheck, ...]:
    """Compare what a variant claims to be the gradient with numeric derivatives.

    All is computed in float64. The derivatives are complex-step ones, exact to rounding:
    of the mean cross-entropy for ``error``, and for ``own_error`` of
    ``sum(logits * dlogits)``, whose slope at the parameters is what the chain rule
    makes of dlogits.

    Parameters
    ----------
    network, params, X, labels
        As in ``loss_and_grads``; some hundred rows are plenty.
    variant : Variant
    entries : int
        How many entries of each block to try, at most.
    rng : numpy.random.Generator, optional
        Chooses the entries; without it, the same ones each time.

    Returns
    -------
    tuple of BlockCheck
        ``logits`` first, then the parameters in the order of the layers.

    Raises
    ------
    UserError
        As ``batch_loss_and_grads``.
    """
    variant.check()
    rng = np.random.default_rng(0) if rng is None else rng
    X = X.astype(np.float64) if X.dtype.kind == "f" else X  # whole numbers: refused below
    params = {name: np.asarray(params[name], np.float64) for name in network.parameter_shapes()}
    logits, dlogits, grads = _claims(network, params, X, labels, variant)

    def loss(logits: Array) -> complex:
        return analytic_cross_entropy(logits, labels)

    def handed_on(logits: Array) -> complex:
        return complex((logits * dlogits).sum())

    chosen = _chosen(rng, logits.size, entries)
    numeric = complex_step_gradient(loss, logits, chosen)
    checks = [_block(LOGITS_BLOCK, dlogits, chosen, numeric, numeric)]
    for name in params:
        through = _Through(network, params, X, name)
        chosen = _chosen(rng, params[name].size, entries)
        own = through.slopes(handed_on, chosen) if np.isfinite(dlogits).all() else None
        checks.append(_block(name, grads[name], chosen, through.slopes(loss, chosen), own))
    return tuple(checks)


def culprits(checks: tuple[BlockCheck, ...]) -> tuple[str, ...]:
    """Return the names of the blocks whose own rule is wrong, in their order."""
    return tuple(check.name for check in checks if check.own_error > WRONG)


def _claims(
    network: Network, params: Params, X: Array, labels: Array, variant: Variant
) -> tuple[Array, Array, Params]:
    """Return the logits, and what the variant has for dlogits and the other gradients."""
    with np.errstate(all="ignore"):
        logits, caches = forward(network, params, X)
        check_batch(logits, labels)
        Y = one_hot(labels, network.n_classes, logits.dtype)
        dlogits = dlogits_as(variant, probabilities_as(variant, logits), Y, len(Y))
        last_layer = LastLayer.of(variant, Y, len(Y))
        grads = walk_back(network, params, caches, dlogits, last_layer)
    return logits, dlogits, grads


@dataclass(frozen=True)
class _Through:
    """The way from one parameter to the logits, for complex numbers too."""

    network: Network
    params: Params
    X: Array
    name: str

    def slopes(
        self, f: Callable[[Array], complex], entries: NDArray[np.intp]
    ) -> NDArray[np.float64]:
        """Return the derivatives of f(logits) with respect to entries of the parameter."""
        movable = {name: values.astype(np.complex128) for name, values in self.params.items()}

        def f_of(moved: Array) -> complex:
            return f(predict_logits(self.network, {**movable, self.name: moved}, self.X))

        return complex_step_gradient(f_of, self.params[self.name], entries)


def _chosen(rng: np.random.Generator, size: int, entries: int) -> NDArray[np.intp]:
    return rng.choice(size, min(entries, size), replace=False)


def _block(
    name: str, grad: Array, entries: NDArray[np.intp], numeric: Array, own: Array | None
) -> BlockCheck:
    """Return the check of a block; ``own`` is None where its rule cannot be judged."""
    claimed = grad.ravel()[entries]
    if not np.isfinite(grad).all():
        own_error = math.nan if own is None else math.inf
        return BlockCheck(name, math.inf, own_error, None, claimed, numeric)
    own_error = math.nan if own is None else relative_error(claimed, own)
    error, ratio = relative_error(claimed, numeric), _ratio(claimed, numeric)
    return BlockCheck(name, error, own_error, ratio, claimed, numeric)


def _ratio(claimed: Array, numeric: Array) -> float | None:
    """Return the factor that fits best, if it fits all entries and there are two or more."""
    size = float(np.linalg.norm(claimed))
    if np.count_nonzero(numeric) < 2 or size == 0:
        return None
    factor = float(claimed @ numeric) / float(numeric @ numeric)
    misfit = float(np.linalg.norm(claimed - factor * numeric))
    return factor if misfit <= WRONG * size else None
