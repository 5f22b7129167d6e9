"""What one training step is made of, whichever way it is computed."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn import Params


class StepFigures(NamedTuple):
    """What a batch says before its update."""

    loss: float  # mean cross-entropy plus the L2 penalty: what is descended
    accuracy: float
    gradient_norm: float  # of all parameters together
    active: NDArray[np.bool_] | None = None  # classes the batch raises above 0 (relu-softmax)


class Stepper(Protocol):
    """Owns private copies of the parameters; ``measure`` then ``update``, in turn."""

    def measure(self, rows: NDArray[np.int64], l2: float) -> StepFigures:
        """Compute the loss and the gradient on these rows; keep the gradient."""

    def update(self, learning_rate: float, momentum: float) -> None:
        """Move the parameters along the gradient last measured."""

    def snapshot(self) -> tuple[Params, Params]:
        """Return copies of the parameters and of the velocity."""

    def snapshot_before(self) -> tuple[Params, Params]:
        """Return copies of both as they were before the last update."""
