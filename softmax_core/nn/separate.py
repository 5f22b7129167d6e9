"""Softmax and cross-entropy as two layers of their own, each with its own backward.

Together they give ``(probabilities - Y) / n``, but on a longer way: dividing by each
true class's probability and multiplying by it again. Where that probability underflows
to 0 the way ends in inf and nan, so training uses the joint gradient of ``losses``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from softmax_core.nn.arrays import Array, Params
from softmax_core.nn.losses import softmax


@dataclass(frozen=True)
class Softmax:
    """``out[i, k] = exp(X[i, k]) / sum_j exp(X[i, j])``, row by row."""

    def forward(self, _params: Params, X: Array) -> tuple[Array, Array]:
        """Return out, (n_samples, n_classes), and the cache: out."""
        out = softmax(X)
        return out, out

    def backward(
        self,
        _params: Params,
        cache: Array,
        dout: Array,
    ) -> tuple[Array, Params]:
        """Return dX, of dout's shape, and no gradients.

        In one row, with ``p = out`` and ``S = sum_j exp(x_j)``, the quotient rule gives

            dp_j/dx_k = ([j = k] exp(x_j) S - exp(x_j) exp(x_k)) / S**2
                      = p_j ([j = k] - p_k)

        so the Jacobian of a row is ``diag(p) - p p.T``: each input moves every output.
        It is symmetric, and ``dX[i] = J[i] @ dout[i]``. All Jacobians are built,
        (n_samples, n_classes, n_classes): pass at most some thousand rows.
        """
        n_classes = cache.shape[1]
        diagonals = cache[:, :, None] * np.eye(n_classes, dtype=cache.dtype)
        jacobians = diagonals - cache[:, :, None] * cache[:, None, :]
        with np.errstate(all="ignore"):  # dout may be -inf, see CrossEntropy.backward
            dX: Array = (jacobians @ dout[:, :, None])[:, :, 0]
        return dX, {}


@dataclass(frozen=True)
class CrossEntropy:
    """``-(1/n) sum_ik Y[i, k] log p[i, k]`` of finished probabilities p, unguarded."""

    def forward(self, probabilities: Array, Y: Array) -> tuple[float, tuple[Array, Array]]:
        """Return the mean loss in nats, and the cache: probabilities and Y.

        Only where Y is not 0 is a logarithm taken, since 0 * log 0 would be nan. A true
        class of probability 0 costs inf.
        """
        counted = Y != 0
        with np.errstate(all="ignore"):
            terms = Y[counted] * np.log(probabilities[counted])
            loss = -float(terms.sum(dtype=np.float64)) / len(Y) + 0.0
        return loss, (probabilities, Y)

    def backward(self, cache: tuple[Array, Array]) -> Array:
        """Return dprobabilities, (n_samples, n_classes), of the mean loss.

        The derivative of ``-Y log(p) / n`` is ``-Y / (n p)``: 0 where Y is 0, whatever
        p is, and -inf where a true class has the probability 0.
        """
        probabilities, Y = cache
        dprobabilities = np.zeros_like(probabilities)
        with np.errstate(all="ignore"):
            np.divide(-Y / len(Y), probabilities, out=dprobabilities, where=Y != 0)
        return dprobabilities
