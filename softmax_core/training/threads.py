"""One BLAS thread, so that the same numbers come out in every process of a machine.

With several threads OpenBLAS cuts a product differently and the last bits change; for
products as small as ours more threads also make it slower.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController


def one_blas_thread() -> AbstractContextManager[Any]:
    """Limit NumPy's linear algebra to one thread inside a ``with`` block."""
    limiter: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return limiter


@cache
def keep_one_blas_thread() -> None:
    """Limit it for good: in a process whose threads would undo each other's limits."""
    _controller().limit(limits=1, user_api="blas")


@cache
def _controller() -> ThreadpoolController:
    """Look the loaded libraries up once: the search takes milliseconds."""
    return ThreadpoolController()
