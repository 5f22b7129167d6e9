"""The orders of examples of the epochs that are being trained on, kept from slice to slice.

Shuffling MNIST takes a millisecond, which is a twentieth of a short slice: with many runs on one
worker it would be done again for each of their slices.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.training.start import epoch_order

_KEPT: Final = 48  # orders; of 120 kB each for MNIST


def kept_order(seed: int, epoch: int, n_samples: int, order: str) -> NDArray[np.unsignedinteger]:
    """Return ``epoch_order`` in the smallest type that holds it; read-only."""
    return _compact(seed, epoch, n_samples, order)


@lru_cache(maxsize=_KEPT)
def _compact(seed: int, epoch: int, n_samples: int, order: str) -> NDArray[np.unsignedinteger]:
    kind = np.min_scalar_type(n_samples - 1)
    kept: NDArray[np.unsignedinteger] = epoch_order(seed, epoch, n_samples, order).astype(kind)
    kept.setflags(write=False)
    return kept
