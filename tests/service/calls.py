"""Functions that tests send to worker processes, which must be able to import them."""

from __future__ import annotations

import os
import signal

import numpy as np
from threadpoolctl import threadpool_info

from softmax_core.errors import UserError


def kill_self() -> None:
    """Die as if the system had run out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def refuse() -> None:
    """Raise an error whose constructor takes two arguments."""
    raise UserError("code", "A sentence.")


def blas_threads() -> list[int]:
    """Return how many threads each BLAS of this process may use."""
    np.eye(2) @ np.eye(2)
    return [lib["num_threads"] for lib in threadpool_info() if lib["user_api"] == "blas"]
