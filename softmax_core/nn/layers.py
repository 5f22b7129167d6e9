"""Layers as descriptions: two functions each, forward and backward, and no memory.

What backward needs from forward travels in the cache that forward returns. In the
derivations L is the loss and ``dA`` stands for dL/dA, an array of A's shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from softmax_core.errors import UserError
from softmax_core.nn.arrays import Array, Params


@dataclass(frozen=True)
class Linear:
    """``out = X @ W + b``.

    Parameters
    ----------
    n_in, n_out : int
        Columns of X and of out, at least 1.
    weight : str
        Name in Params of W, (n_in, n_out).
    bias : str or None
        Name in Params of b, (n_out,); None for no bias.

    Raises
    ------
    UserError
        ``layer-size`` if n_in or n_out is less than 1.
    """

    n_in: int
    n_out: int
    weight: str = "W"
    bias: str | None = "b"

    def __post_init__(self) -> None:
        if min(self.n_in, self.n_out) < 1:
            raise UserError(
                "layer-size",
                "A linear layer needs at least 1 input and 1 output; "
                f"asked for were {self.n_in} and {self.n_out}.",
            )

    def forward(self, params: Params, X: Array) -> tuple[Array, Array]:
        """Return out, (n_samples, n_out), and the cache: X, (n_samples, n_in)."""
        out = X @ params[self.weight]
        if self.bias is not None:
            out += params[self.bias]
        return out, X

    def backward(self, params: Params, cache: Array, dout: Array) -> tuple[Array, Params]:
        """Return dX, (n_samples, n_in), and the gradients of the parameters.

        Written out, ``out[i, k] = sum_j X[i, j] W[j, k] + b[k]``. X[i, j] reaches L
        through row i of out alone, with the factor W[j, k] for column k:

            dX[i, j] = sum_k dout[i, k] W[j, k],    that is  dX = dout @ W.T
        """
        return dout @ params[self.weight].T, self.parameter_grads(cache, dout)

    def parameter_grads(self, cache: Array, dout: Array) -> Params:
        """Return the gradients of the parameters alone.

        W[j, k] reaches L through column k of out, in row i with the factor X[i, j];
        b[k] through the same column with the factor 1:

            dW[j, k] = sum_i X[i, j] dout[i, k],    that is  dW = X.T @ dout
            db[k]    = sum_i dout[i, k]

        These are sums and not means: the loss has divided by n already.
        """
        grads = {self.weight: cache.T @ dout}
        if self.bias is not None:
            grads[self.bias] = dout.sum(axis=0)
        return grads


@dataclass(frozen=True)
class ReLU:
    """``out = max(X, 0)``, entry by entry."""

    def forward(self, _params: Params, X: Array) -> tuple[Array, Array]:
        """Return out, of X's shape, and the cache: where X is positive (bool)."""
        return np.maximum(X, 0), X > 0

    def backward(
        self,
        _params: Params,
        cache: Array,
        dout: Array,
    ) -> tuple[Array, Params]:
        """Return dX, of dout's shape, and no gradients.

        The slope is 1 where X > 0 and 0 where X < 0, so ``dX = dout * [X > 0]``.
        At the kink X = 0 there is no derivative; 0 is chosen, as everywhere.
        """
        return dout * cache, {}


@dataclass(frozen=True)
class Sigmoid:
    """``out = 1 / (1 + exp(-X))``, entry by entry."""

    def forward(self, _params: Params, X: Array) -> tuple[Array, Array]:
        """Return out, of X's shape, and the cache: out.

        Multiplied above and below by exp(X), the formula is ``exp(X) / (1 + exp(X))``.
        Each half of the line uses the form whose exponent is at most 0.
        """
        small = np.exp(np.minimum(X, -X))
        out = np.where(X >= 0, np.ones_like(small), small) / (1 + small)
        return out, out

    def backward(
        self,
        _params: Params,
        cache: Array,
        dout: Array,
    ) -> tuple[Array, Params]:
        """Return dX, of dout's shape, and no gradients.

        With ``s = (1 + e)**-1`` and ``e = exp(-X)``,

            ds/dX = -(1 + e)**-2 * (-e) = s * e / (1 + e) = s * (1 - s)

        so ``dX = dout * out * (1 - out)``.
        """
        return dout * cache * (1 - cache), {}


Layer: TypeAlias = Linear | ReLU | Sigmoid
