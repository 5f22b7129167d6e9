"""The engine: many training sessions over one executor.

What they can be told is in ``commands``, ``past``, ``race_commands``, ``sweep_commands`` and
``continuing``, how slices travel in ``traffic``, ``race_traffic`` and ``sweep_traffic``.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import ParamSpec, TypeVar

from softmax_core.limits import JOIN_SECONDS
from softmax_core.service import pacing
from softmax_core.service.beginning import beginning_of
from softmax_core.service.clockwork import Clockwork
from softmax_core.service.continuing import ContinuingCommands
from softmax_core.service.giving_back import give_memory_back
from softmax_core.service.run_files import RunFiles
from softmax_core.service.session import Session, Status
from softmax_core.service.storing import Storing
from softmax_core.service.traffic import Traffic
from softmax_core.service.trouble import tell_trouble
from softmax_core.service.view import View, view_of
from softmax_core.service.wording import UNWATCHED
from softmax_core.training import TrainingConfig

P = ParamSpec("P")
T = TypeVar("T")


class Engine(ContinuingCommands):
    """All sessions, races and sweeps of one server.

    Parameters
    ----------
    make_executor : callable
        Returns a ``concurrent.futures.Executor``; called on first use and again whenever the
        executor reports itself broken.
    n_workers : int
        How many slices run at once, for the length of a slice, unless the executor says it.
    clock : callable
        Monotonic seconds.
    files : RunFiles, optional
        Where runs are stored, so that they can be continued after a restart; nowhere without.
    """

    def __init__(
        self,
        make_executor: Callable[[], Executor],
        n_workers: int,
        clock: Callable[[], float] = time.monotonic,
        files: RunFiles | None = None,
    ) -> None:
        lock = threading.RLock()
        storing = None if files is None else Storing(self.sessions, files, lock, clock)
        super().__init__(Traffic(make_executor, n_workers, lock, clock), lock, clock, storing)
        self._sessions = self._traffic.sessions
        self._clockwork = Clockwork(self._reap, self._go_on, clock)
        self._traffic.clockwork = self._clockwork

    def open(self, config: TrainingConfig) -> Session:
        """Start a session at the first state of ``config`` and return it.

        Raises
        ------
        UserError
            When the data set cannot be had.
        """
        token = secrets.token_hex(16)
        session = Session(token, config, *beginning_of(config), now=self._clock())
        with self._lock:
            self._sessions[token] = session
            self._traffic.evaluate_at_rest(session)
        return session

    def find(self, token: str) -> Session | None:
        """Return the session of this token and note that somebody watches it."""
        with self._lock:
            session = self._sessions.get(token)
            if session is not None:
                session.last_seen, session.left_at = self._clock(), None
            return session

    def leave(self, token: str) -> None:
        """Note that a page which asked by this token, whatever for, was closed."""
        with self._lock:
            sweep = self._sweeps.get(token)
            session = self._sessions.get(token) if sweep is None else sweep.session
            for party in (session, self._races.get(token)):
                if party is not None:
                    party.left_at = self._clock()

    def view(self, session: Session, generation: int = -1, last_step: int = 0) -> View:
        """Return one consistent picture of a session; see ``view_of``."""
        with self._lock:
            return view_of(session, generation, last_step)

    def question_seconds(self) -> float:
        """Return how long pages may wait between two questions: the longer, the more train."""
        with self._lock:
            return self._traffic.question_seconds()

    def sessions(self) -> list[Session]:
        """Return all sessions there are."""
        with self._lock:
            return list(self._sessions.values())

    def warm_up(self) -> None:
        """Start the workers before the first student arrives."""
        with self._lock:
            self._traffic.warm_up()

    def compute(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a worker call a pure function beside the runs' slices.

        Function, arguments and result must be picklable; an error is the future's.

        Raises
        ------
        RuntimeError
            If the engine was closed.
        """
        with self._lock:
            return self._traffic.compute(function, *args, **kwargs)

    def drop(self, session: Session) -> None:
        """Forget a session; a slice in flight is thrown away when it returns."""
        with self._lock:
            self._leave(session)
            self._forget_sweep(session)

    def wind_down(self, seconds: float = JOIN_SECONDS) -> None:
        """Start no new slices, wait for those in flight, and store all runs.

        Parameters
        ----------
        seconds : float
            The longest to wait for a slice.
        """
        with self._lock:
            self._traffic.send_nothing_more()
        patience = threading.Event()  # never set
        deadline = time.monotonic() + seconds
        while any(s.in_flight for s in self.sessions()) and time.monotonic() < deadline:
            patience.wait(0.01)  # slices announce themselves to the engine alone
        if self._storing is not None:
            self._storing.store(all_changed=True)

    def close(self) -> None:
        """Start no new slices, end the workers; safe to call twice."""
        with self._lock:
            executor = self._traffic.close()
        if self._storing is not None:
            self._storing.close()
        self._clockwork.close()
        if executor is not None:
            executor.shutdown(wait=True, cancel_futures=True)

    def _go_on(self, token: str) -> None:
        """Send the slice of a session, race or sweep that was held back until now."""
        with self._lock:
            self._go_on_race(token)
            self._go_on_sweep(token)
            session = self._sessions.get(token)
            if session is not None:
                session.waiting = False
                if session.status is Status.RUNNING:
                    self._traffic.queue(session)

    def _reap(self) -> None:
        """Stop what nobody watches: pause it soon, drop it later. Tell what holds up the rest."""
        with self._lock:
            for parties in (self._sessions, self._races, self._sweeps):
                tell_trouble(parties.values(), self._traffic.trouble)
        self._reap_races()
        self._reap_sweeps()
        now, before = self._clock(), len(self._sessions)
        for session in self.sessions():
            if now - session.last_seen > pacing.DROP_AFTER:
                self.drop(session)
            elif session.status is Status.RUNNING and pacing.is_unwatched(session, now):
                with self._lock:
                    self._traffic.rest(session, Status.IDLE, UNWATCHED)
        if len(self._sessions) < before:
            give_memory_back()
