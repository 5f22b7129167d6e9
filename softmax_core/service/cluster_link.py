"""A connection to the scheduler of a Dask cluster: the server's only place that knows Dask."""

from __future__ import annotations

import contextlib
from concurrent.futures import Future
from typing import Any, Final

from softmax_core.errors import UserError
from softmax_core.service.cluster_call import answered, version_mark

_CONNECT_SECONDS: Final = 3.0
_ANSWER_SECONDS: Final = 5.0
_CLOSE_SECONDS: Final = 1.0
_LENT_AT_ONCE: Final = "256 MiB"  # a data set is at most 128, and goes as one message


class LinkLostError(ConnectionError):
    """The scheduler does not answer."""


class Link:
    """One connection; when it is lost it is lost for good.

    Parameters
    ----------
    address : str
        ``HOST:PORT`` of the scheduler.

    Raises
    ------
    UserError
        ``cluster-package`` where Dask is not installed, ``cluster-away`` when nobody answers.
    """

    def __init__(self, address: str) -> None:
        try:
            import dask
            import distributed
        except ImportError as error:
            raise UserError(
                "cluster-package",
                "Training on a Dask cluster needs the package distributed: install it with "
                "`pip install -r requirements-dask.txt`, or leave SOFTMAX_EXECUTOR out.",
            ) from error
        dask.config.set({"distributed.admin.large-graph-warning-threshold": _LENT_AT_ONCE})
        try:
            self._client = distributed.Client(
                f"tcp://{address}",
                timeout=_CONNECT_SECONDS,
                set_as_default=False,
                name="softmax-lab",
            )
        except OSError as error:
            raise UserError(
                "cluster-away",
                f"No Dask scheduler answers at {address}: start it there with `dask scheduler`, "
                "or leave SOFTMAX_EXECUTOR out to train on this computer.",
            ) from error
        # Dask connects anew by itself, and may then leave what was under way unanswered for ever.
        self._comm = self._client.scheduler_comm
        # Each call is its own: the same one made twice is not one that was made before.
        self._executor = self._client.get_executor(pure=False)

    @property
    def is_lost(self) -> bool:
        """Tell whether the connection has broken."""
        return self._client.status != "running" or self._client.scheduler_comm is not self._comm

    def submit(self, message: bytes, worker: str = "") -> Future[bytes]:
        """Have some worker answer a packed order; this one, if it is still there.

        Raises
        ------
        LinkLostError
        """
        executor = self._executor
        if worker:
            executor = self._client.get_executor(
                pure=False, workers=[worker], allow_other_workers=True
            )
        try:
            future: Future[bytes] = executor.submit(answered, message)
        except Exception as error:  # Dask has many names for a client that was closed
            if self.is_lost:
                raise LinkLostError from error
            raise
        return future

    def n_threads(self) -> int:
        """Return how many calls the workers can make at once.

        Raises
        ------
        LinkLostError
        """
        try:
            n_threads = sum(self._threads_by_worker().values())
        except Exception as error:  # as above, and what the time-out raises
            raise LinkLostError from error
        if self.is_lost:
            raise LinkLostError
        return n_threads

    def _threads_by_worker(self) -> dict[str, int]:
        return dict(self._client.nthreads(callback_timeout=_ANSWER_SECONDS))

    def check_version(self) -> None:
        """Refuse workers of another version.

        Raises
        ------
        UserError
            ``cluster-version``, with their addresses.
        """
        marks: dict[str, Any] = self._client.run(version_mark, on_error="return")
        others = sorted(worker for worker, mark in marks.items() if mark != version_mark())
        if others:
            raise UserError(
                "cluster-version",
                f"{len(others)} of {len(marks)} Dask workers have no Softmax Lab, or another "
                f"version of it, of Python or of NumPy than this server: {', '.join(others)}. "
                "Install the same on all computers and start the workers in the project's folder.",
            )

    def close(self) -> None:
        """Let go of the scheduler."""
        with contextlib.suppress(Exception):  # it may be long gone
            self._client.close(timeout=_CLOSE_SECONDS)
