"""Is the gradient right? Compare it with the slope of the loss itself, taken numerically."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn.arrays import Array, Params
from softmax_core.nn.losses import log_softmax
from softmax_core.nn.network import Network, loss_and_grads, predict_logits

# Rounding moves a loss near 1 by 1e-16, hence a slope over EPS by about 1e-12; the
# formula's own error, of the order EPS**4, is smaller still.
EPS = 1e-4
# Its square vanishes beside any number a loss can have.
IMAGINARY_STEP = 1e-30
# A gradient smaller than this is compared with this: below it, rounding noise rules.
TINY = 1e-9

Value = TypeVar("Value", float, complex)


def numeric_gradient(
    f: Callable[[Array], float],
    x: Array,
    eps: float = EPS,
    entries: NDArray[np.intp] | None = None,
) -> NDArray[np.float64]:
    """Return the gradient of f at x from values of f alone.

    Each entry is moved by one and two steps to both sides (in float64), and

        df/dx = (8 (f(x + e) - f(x - e)) - (f(x + 2e) - f(x - 2e))) / (12 e)

    where the two central differences are combined so that their errors of order
    e**2 cancel; e**4 is left. Not to be used within 2 eps of a kink.

    Parameters
    ----------
    f : function of an array of x's shape
        It may not keep or change the array.
    x : array
        Left as it is.
    eps : float
        The step e.
    entries : int array, optional
        Flat indices of the entries wanted; without it, all.

    Returns
    -------
    float64 array
        Of x's shape, or (len(entries),) in their order.

    References
    ----------
    Abramowitz, Stegun: Handbook of Mathematical Functions, table 25.2.
    """
    moved = np.array(x, np.float64)

    def slope(entry: int) -> float:
        near = _f_at(f, moved, entry, eps) - _f_at(f, moved, entry, -eps)
        far = _f_at(f, moved, entry, 2 * eps) - _f_at(f, moved, entry, -2 * eps)
        return (8 * near - far) / (12 * eps)

    return _slopes(slope, moved, entries)


def complex_step_gradient(
    f: Callable[[Array], complex], x: Array, entries: NDArray[np.intp] | None = None
) -> NDArray[np.float64]:
    """Return the gradient of f at x by a step along the imaginary axis.

    ``f(x + ih) = f(x) + ih f'(x) - h**2/2 f''(x) - ...``, so ``f'(x) = Im f(x + ih) / h``
    but for terms in h**2. Nothing is subtracted, so nothing cancels, h can be as
    small as 1e-30, and the result is exact to rounding however near a kink is.

    Parameters
    ----------
    f : function of a complex array of x's shape
        Made of analytic functions (no ``abs``, no ``float``). It may not keep or
        change the array.
    x : array
        Left as it is.
    entries : int array, optional
        Flat indices of the entries wanted; without it, all.

    Returns
    -------
    float64 array
        Of x's shape, or (len(entries),) in their order.

    References
    ----------
    Squire, Trapp: Using Complex Variables to Estimate Derivatives of Real Functions,
    SIAM Review 40 (1998).
    """
    moved = np.array(x, np.complex128)

    def slope(entry: int) -> float:
        return _f_at(f, moved, entry, 1j * IMAGINARY_STEP).imag / IMAGINARY_STEP

    return _slopes(slope, moved, entries)


def check_gradients(
    network: Network,
    params: Params,
    X: Array,
    labels: Array,
    l2: float = 0.0,
    *,
    entries: int = 20,
    rng: np.random.Generator | None = None,
) -> dict[str, float]:
    """Return the relative error of the gradient of each parameter.

    ``|a - n| / max(|a|, |n|, TINY)``, where a is the gradient of ``loss_and_grads``
    in float64, n the complex-step gradient of the loss, both at the same randomly
    chosen entries, and |.| the Euclidean norm over them.

    Parameters
    ----------
    network, params, X, labels, l2
        As in ``loss_and_grads``.
    entries : int
        How many entries of each parameter to try, at most.
    rng : numpy.random.Generator, optional
        Chooses the entries; without it, the same ones each time.

    Returns
    -------
    dict
        Parameter name -> relative error. A right gradient is below 1e-7 (usually near
        1e-15), a wrong formula far above. Only where the input of a ReLU is exactly 0,
        as with all-zero parameters, can a right gradient look wrong: there is no slope.

    Raises
    ------
    UserError
        As ``loss_and_grads``.
    """
    rng = np.random.default_rng(0) if rng is None else rng
    X = X.astype(np.float64) if X.dtype.kind == "f" else X  # whole numbers: refused below
    exact = {name: np.asarray(values, np.float64) for name, values in params.items()}
    _, grads, _ = loss_and_grads(network, exact, X, labels, l2)
    movable = {name: values.astype(np.complex128) for name, values in exact.items()}
    errors = {}
    for name, block in exact.items():
        chosen = rng.choice(block.size, min(entries, block.size), replace=False)

        def loss_of(moved: Array, name: str = name) -> complex:
            return _analytic_loss(network, {**movable, name: moved}, X, labels, l2)

        numeric = complex_step_gradient(loss_of, block, chosen)
        errors[name] = relative_error(grads[name].ravel()[chosen], numeric)
    return errors


def analytic_cross_entropy(logits: Array, labels: Array) -> complex:
    """Return the mean cross-entropy by its definition, for complex logits too."""
    return complex(-log_softmax(logits)[np.arange(len(labels)), labels].mean())


def relative_error(a: Array, n: Array) -> float:
    """Return ``|a - n| / max(|a|, |n|, TINY)`` with Euclidean norms."""
    size = max(float(np.linalg.norm(a)), float(np.linalg.norm(n)), TINY)
    return float(np.linalg.norm(a - n)) / size


def _analytic_loss(network: Network, params: Params, X: Array, labels: Array, l2: float) -> complex:
    fit = analytic_cross_entropy(predict_logits(network, params, X), labels)
    squares = sum((params[layer.weight] ** 2).sum() for layer in network.linear_layers)
    return complex(fit + l2 / 2 * squares)


def _slopes(
    slope: Callable[[int], float], x: Array, entries: NDArray[np.intp] | None
) -> NDArray[np.float64]:
    if entries is None:
        return np.array([slope(entry) for entry in range(x.size)]).reshape(x.shape)
    return np.array([slope(int(entry)) for entry in entries])


def _f_at(f: Callable[[Array], Value], x: Array, entry: int, step: complex) -> Value:
    """Return f with one entry of x moved, and put the entry back."""
    kept = x.flat[entry]
    x.flat[entry] = kept + step
    value = f(x)
    x.flat[entry] = kept
    return value
