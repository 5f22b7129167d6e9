"""Going on with a run in another page: after a reload, in another tab, or from the disk."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from typing import Final

from softmax_core.service.beginning import Beginning
from softmax_core.service.session import Session, Status
from softmax_core.service.storing import Storing
from softmax_core.service.sweep_commands import SweepCommands
from softmax_core.service.traffic import Traffic
from softmax_core.stored_run import StoredRun
from softmax_core.training import TrainingConfig

_MOST_MOVED: Final = 1_000
_ABANDONED: Final = 0.7  # seconds unseen: a page in sight asks more often


@dataclass(frozen=True)
class LastRun:
    """A run that a browser can go on with.

    Attributes
    ----------
    config : TrainingConfig
    step : int
        At least 1.
    accuracy : float or None
        The newest known share of the test set that it reads rightly.
    age : float
        Seconds since somebody looked at it.
    session : Session or None
        Where it lives on; None for one that is only on the disk.
    stored : StoredRun or None
        What is on the disk; None for one that lives.
    """

    config: TrainingConfig
    step: int
    accuracy: float | None
    age: float
    session: Session | None = None
    stored: StoredRun | None = None


class ContinuingCommands(SweepCommands):
    """Commands that bind runs to a browser, so that another of its pages can go on with them.

    A browser is known by the hash of a secret key that it holds (``Session.browser``).
    """

    def __init__(
        self,
        traffic: Traffic,
        lock: threading.RLock,
        clock: Callable[[], float],
        storing: Storing | None,
    ) -> None:
        super().__init__(traffic, lock, clock)
        self._storing = storing
        self._moved: deque[str] = deque(maxlen=_MOST_MOVED)

    def belongs_to(self, session: Session, browser: str) -> None:
        """Bind a run to a browser; from now on it is stored, too."""
        with self._lock:
            session.browser = browser
        if browser and self._storing is not None:
            self._storing.begin()

    def last_run(self, browser: str, besides: Session) -> LastRun | None:
        """Return the run that a browser had last; one that has made no step is none."""
        if not browser:
            return None
        with self._lock:
            now = self._clock()
            live = [
                session
                for session in self._traffic.sessions.values()
                if session.browser == browser and session is not besides and session.state.step
            ]
            if live:
                # After a reload the last one is what no page asks for any more.
                newest = max(live, key=lambda s: (now - s.last_seen > _ABANDONED, s.last_slice))
                return _living(newest, now)
        found = self._storing.files.find(browser) if self._storing is not None else None
        if found is None or not found.run.saved.state.step:
            return None
        saved = found.run.saved
        return LastRun(
            saved.config, saved.state.step, found.run.accuracy, found.age, stored=found.run
        )

    def move(self, session: Session, own: Session | None = None) -> Session:
        """Give a run to another page, with all that was known of it.

        Its old token stands for nothing any more, and the old session, which another page may
        still hold, is an empty one that nobody finds.

        Parameters
        ----------
        session : Session
        own : Session, optional
            The run the page had until then, which is forgotten; its token and its race stay.
            Without one there is a new token.

        Returns
        -------
        Session
        """
        with self._lock:
            moved = copy(session)
            moved.token, moved.last_seen = secrets.token_hex(16), self._clock()
            moved.in_flight = moved.waiting = False
            moved.asides, moved.edge = dict(session.asides), replace(session.edge, asked=False)
            self._moved.append(session.token)
            self._retire(session)
            if own is not None:
                self._put_in_place_of(own, moved)
            self._traffic.sessions[moved.token] = moved
            for sweep in self._sweeps.values():
                if sweep.session is session:
                    sweep.session = moved
            moved.changed()
            if moved.status is Status.RUNNING:
                self._traffic.queue(moved)
            else:
                self._traffic.evaluate_at_rest(moved)
            return moved

    def _put_in_place_of(self, own: Session, moved: Session) -> None:
        """Let a run take over another's token: the page that asks by it sees all anew."""
        moved.token, moved.version = own.token, max(own.version, moved.version)
        generations = own.history.generation, moved.history.generation
        moved.history.generation = max(generations) + 1
        for race in self._races.values():
            if race.session is own:
                race.session = moved
        self._forget_sweep(own)
        self._retire(own)

    def was_moved(self, token: str) -> bool:
        """Tell whether the run of this token was given to another page."""
        with self._lock:
            return token in self._moved

    def forget_runs(self, browser: str) -> None:
        """Forget what a browser had: no page of it is offered these runs again.

        One that is still open in another tab goes on there.
        """
        with self._lock:
            for session in self._traffic.sessions.values():
                if session.browser == browser:
                    session.browser = ""
        if self._storing is not None:
            self._storing.forget(browser)

    def store_notice(self) -> str | None:
        """Return one sentence if runs cannot be stored on this computer, else None."""
        return self._storing.files.notice if self._storing is not None else None

    def _retire(self, session: Session) -> None:
        """Make a session an empty one: its curve and its past are another's from now on."""
        self._leave(session)
        session.token = secrets.token_hex(16)  # nobody has it
        session.begin_run(
            session.config, Beginning(session.state, session.n_samples, session.n_base)
        )

    def _leave(self, session: Session) -> None:
        """Let a session be found no more; a slice in flight is thrown away when it returns."""
        session.run_id += 1
        session.status, session.browser = Status.IDLE, ""
        self._traffic.sessions.pop(session.token, None)


def _living(session: Session, now: float) -> LastRun:
    known = session.history.evaluations
    accuracy = known[-1].test_accuracy if known else None
    age = max(now - session.last_seen, 0.0)
    return LastRun(session.config, session.state.step, accuracy, age, session=session)
