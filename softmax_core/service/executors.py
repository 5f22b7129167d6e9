"""Which executor works for this server: the cores of this computer, or a Dask cluster."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Final

from softmax_core.errors import UserError
from softmax_core.service.workers import WorkerPool

_CLUSTER: Final = re.compile(r"dask://((?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5}))")
_LONGEST_ECHO: Final = 60  # characters


def chosen_executor(wish: str) -> Callable[[], Executor]:
    """Return what makes the executor that was asked for.

    Parameters
    ----------
    wish : str
        As in SOFTMAX_EXECUTOR: empty or ``local`` for a worker process per core, or
        ``dask://HOST:PORT`` for the scheduler of a Dask cluster.

    Raises
    ------
    UserError
        ``executor-unknown``. Making the executor may raise others, if the cluster is not there.
    """
    if wish.strip() in ("", "local"):
        return WorkerPool
    found = _CLUSTER.fullmatch(wish.strip())
    if found is None or not 1 <= int(found[2]) <= 65_535:
        raise UserError(
            "executor-unknown",
            f"SOFTMAX_EXECUTOR is {wish[:_LONGEST_ECHO]!r}: leave it out (or write local) to train "
            "on this computer, or write dask://HOST:PORT to train on a Dask cluster.",
        )
    address = found[1]

    def cluster() -> Executor:
        # What it needs is optional, and nobody else should load it.
        from softmax_core.service.cluster import ClusterExecutor

        return ClusterExecutor(address)

    return cluster
