"""A download in the background, shared by everyone who asks for the same data set."""

from __future__ import annotations

import logging
import threading
from typing import Final, Literal

from softmax_core.data.catalogue import dataset_info
from softmax_core.data.store import fetch
from softmax_core.errors import UserError

JobState = Literal["running", "done", "failed", "cancelled"]

_LOG: Final = logging.getLogger(__name__)


class FetchJob:
    """One fetch in a daemon thread of its own; read its attributes at any time.

    Parameters
    ----------
    name : str
        A name in the catalogue.
    mirrors : tuple of str, optional
        Base addresses to use instead of the published ones.

    Attributes
    ----------
    progress : tuple of int
        Bytes done and bytes in all; ``(0, 0)`` until that is known.
    state : {"running", "done", "failed", "cancelled"}
    message : str
        One sentence about where it stands, fit to show.
    """

    def __init__(self, name: str, mirrors: tuple[str, ...] | None = None) -> None:
        self.name = name
        self.progress = (0, 0)
        self.state: JobState = "running"
        self.message = f"{dataset_info(name).title} is being downloaded."
        self._mirrors = mirrors
        self._cancel = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"fetch {name}", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Ask for a stop; the state becomes ``"cancelled"`` some seconds later at most."""
        self._cancel.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait up to `timeout` seconds; tell whether the job has ended."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            fetch(self.name, self._report, self._cancel, self._mirrors)
        except UserError as refusal:
            self._end("cancelled" if self._cancel.is_set() else "failed", refusal.text)
        except Exception:
            _LOG.exception("fetching %s failed", self.name)
            self._end("failed", "The download failed by a fault of this program; see its log.")
        else:
            self._end("done", f"{dataset_info(self.name).title} is ready.")

    def _report(self, done: int, total: int) -> None:
        self.progress = (done, total)

    def _end(self, state: JobState, message: str) -> None:
        self.message = message  # first: whoever sees the state finds its message
        self.state = state


_JOBS: Final[dict[str, FetchJob]] = {}
_GUARD: Final = threading.Lock()


def start_fetch(name: str, mirrors: tuple[str, ...] | None = None) -> FetchJob:
    """Start a fetch, or join the one that is already running for this data set.

    Raises
    ------
    UserError
        If the catalogue has no such name.
    """
    with _GUARD:
        job = _JOBS.get(name)
        if job is None or job.state != "running":
            job = _JOBS[name] = FetchJob(name, mirrors)
        return job
