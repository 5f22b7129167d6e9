"""The thread that stores runs: what a crash or a restart of the server costs is some seconds.

States are never changed in place, so the engine's lock is held to take one and not while it is
written: a slow disk holds up nobody but this thread.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from softmax_core.data.catalogue import FOLDER_PREFIX
from softmax_core.errors import UserError
from softmax_core.limits import STORE_SECONDS
from softmax_core.service.run_files import RunFiles
from softmax_core.service.session import Session, Status
from softmax_core.stored_run import write_stored
from softmax_core.training import TrainingConfig, TrainingState

_TICK: Final = 1.0  # seconds
_TOUCH_EVERY: Final = 60.0
_TIDY_EVERY: Final = 60.0
_WATCHED: Final = 90.0  # seconds since a page asked for it, as in ``pacing.PAUSE_AFTER``


@dataclass
class _Last:
    """What was written last for one browser, and of which session."""

    token: str
    state: TrainingState
    config: TrainingConfig
    at: float
    touched: float


class Storing:
    """Stores for each browser the run it trained last.

    Parameters
    ----------
    sessions : callable
        Returns all sessions there are.
    files : RunFiles
    lock : threading.RLock
        The engine's.
    clock : callable
        Monotonic seconds.
    """

    def __init__(
        self,
        sessions: Callable[[], list[Session]],
        files: RunFiles,
        lock: threading.RLock,
        clock: Callable[[], float],
    ) -> None:
        self.files = files
        self._sessions, self._lock, self._clock = sessions, lock, clock
        self._last: dict[str, _Last] = {}
        self._tidied = float("-inf")
        self._turn = threading.Lock()  # one writes or forgets at a time
        self._wake = threading.Event()
        self._closed = False
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Start the thread, if that was not done yet."""
        with self._turn:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._work, name="storing", daemon=True)
                self._thread.start()

    def store(self, *, all_changed: bool = False) -> None:
        """Write what is due.

        Parameters
        ----------
        all_changed : bool
            Whatever has changed is due, however short the time since the last writing.
        """
        now = self._clock()
        if now - self._tidied >= _TIDY_EVERY:
            self._tidied = now
            self.files.tidy()
        for session in self._newest(self._sessions()):
            with self._turn:
                self._store(session, now, all_changed)

    def forget(self, browser: str) -> None:
        """Delete a browser's run at once; what is being written meanwhile does not come back."""
        with self._turn:
            self._last.pop(browser, None)
            self.files.forget(browser)

    def close(self) -> None:
        """End the thread."""
        self._closed = True
        self._wake.set()
        if self._thread is not None and threading.current_thread() is not self._thread:
            self._thread.join()

    def _work(self) -> None:
        while not self._wake.wait(_TICK):
            self.store()

    def _newest(self, sessions: Iterable[Session]) -> list[Session]:
        """Choose for each browser the run to store: the one that trains, or trained last."""
        chosen: dict[str, Session] = {}
        for session in sessions:
            before = chosen.get(session.browser)
            if session.browser and (before is None or self._rank(session) > self._rank(before)):
                chosen[session.browser] = session
        return list(chosen.values())

    def _rank(self, session: Session) -> tuple[bool, float, float]:
        last = self._last.get(session.browser)
        is_last = last is not None and last.token == session.token
        # Of two that train at once the one stored before stays; what never trained comes last.
        keeps = is_last and session.status is Status.RUNNING
        return keeps, session.last_slice, session.last_seen

    def _store(self, session: Session, now: float, all_changed: bool) -> None:
        with self._lock:  # of one moment
            browser, state, config = session.browser, session.state, session.config
            accuracy, rests = _accuracy(session), session.status is not Status.RUNNING
        last = self._last.get(browser)
        if not browser:  # forgotten since it was chosen
            return
        if not state.step:
            if last is not None and last.token == session.token:  # begun anew
                del self._last[browser]
                self.files.forget(browser)
        elif last is not None and last.state is state and last.config == config:
            if now - session.last_seen < _WATCHED:
                self._touch(browser, last, now)
        elif last is None or all_changed or rests or now - last.at >= STORE_SECONDS:
            self._last[browser] = _Last(session.token, state, config, now, now)
            try:
                content = write_stored(_without_path(config), state, accuracy)
            except UserError:
                return  # too large, or its weights have run away: the file before it stays
            self.files.save(browser, content)

    def _touch(self, browser: str, last: _Last, now: float) -> None:
        """Keep the file of a run young as long as somebody looks at it."""
        if now - last.touched >= _TOUCH_EVERY:
            last.touched = now
            self.files.touch(browser)


def _without_path(config: TrainingConfig) -> TrainingConfig:
    """Name a folder of one's own without its path, as saved runs do."""
    if not config.dataset.startswith(FOLDER_PREFIX):
        return config
    name = Path(config.dataset.removeprefix(FOLDER_PREFIX)).name
    return replace(config, dataset=f"{FOLDER_PREFIX}{name}")


def _accuracy(session: Session) -> float | None:
    """Return the newest test accuracy there is."""
    known = session.history.evaluations
    accuracy = known[-1].test_accuracy if known else math.nan
    return float(accuracy) if math.isfinite(accuracy) else None
