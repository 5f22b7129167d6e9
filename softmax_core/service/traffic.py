"""The slices' way to the workers and back.

A session has at most one slice in flight. When it returns, its state replaces the old one
in one assignment and the next slice joins the end of the executor's queue, which is round
robin without a scheduler. A dead worker means queueing the same state again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import partial
from typing import Final, ParamSpec, TypeVar

from softmax_core.errors import UserError
from softmax_core.service import pacing
from softmax_core.service.clockwork import Clockwork
from softmax_core.service.race import Race
from softmax_core.service.session import Session, Status
from softmax_core.service.slices import SliceOrder, SliceResult, run_slice
from softmax_core.service.sweep import Sweep
from softmax_core.service.taking import take, take_settings
from softmax_core.service.wording import FAILED

P = ParamSpec("P")
P1 = TypeVar("P1")
T = TypeVar("T")

MAX_FAILURES: Final = 2  # a slice that fails so often on one state stops its own session


class Traffic:
    """Sends slices, takes their results, and keeps every session moving.

    Its methods are called with the engine's lock held, except ``returned``, which takes it.

    Parameters
    ----------
    make_executor : callable
        Returns a ``concurrent.futures.Executor``; called on first use and again whenever the
        executor reports itself broken.
    n_workers : int
        How many slices run at once, unless the executor says it.
    lock : threading.RLock
        The engine's.
    clock : callable
        Monotonic seconds.
    """

    def __init__(
        self,
        make_executor: Callable[[], Executor],
        n_workers: int,
        lock: threading.RLock,
        clock: Callable[[], float],
    ) -> None:
        self._make_executor = make_executor
        self._n_workers_expected = n_workers
        self._lock = lock
        self._clock = clock
        self._executor: Executor | None = None
        self._closed = False  # nothing more is sent
        self._ended = False  # nor is anything taken
        self._shortened = 1.0  # share of its usual length that a slice has
        self.sessions: dict[str, Session] = {}
        self.races: dict[str, Race] = {}
        self.sweeps: dict[str, Sweep] = {}
        self.clockwork: Clockwork | None = None  # set by the engine, which it calls back

    def warm_up(self) -> None:
        """Make the executor before the first slice needs it."""
        if self._executor is None and not self._closed:
            self._executor = self._make_executor()

    @property
    def is_closed(self) -> bool:
        """Tell whether nothing more is sent."""
        return self._closed

    @property
    def trouble(self) -> str:
        """What keeps the workers from working just now, in a sentence; mostly nothing."""
        return getattr(self._executor, "trouble", "")

    @property
    def _n_workers(self) -> int:
        """How many slices run at once; the workers of a cluster come and go."""
        return getattr(self._executor, "n_workers", 0) or self._n_workers_expected

    @property
    def _n_running(self) -> int:
        """How many share the workers; a race or a sweep is one, whatever its lanes."""
        statuses = [session.status for session in self.sessions.values()]
        statuses += [race.status for race in self.races.values()]
        statuses += [sweep.status for sweep in self.sweeps.values()]
        return statuses.count(Status.RUNNING)

    def slice_seconds(self) -> float:
        """Return the time budget of a slice, a session's or a race's."""
        return self._shortened * pacing.slice_seconds(self._n_running, self._n_workers)

    def race_evaluation_seconds(self) -> float:
        """Return how long a race's curves of accuracy wait for a new point."""
        return pacing.race_evaluation_seconds(self._n_running, self._n_workers)

    def glimpse_seconds(self) -> float:
        """Return how long the points of a sweep wait for what is known by then."""
        return pacing.glimpse_seconds(self._n_running, self._n_workers)

    def crowd(self) -> float:
        """Return how many share a worker, at least 1."""
        return max(self._n_running / self._n_workers, 1.0)

    def question_seconds(self) -> float:
        """Return how long a page may wait from one question to the next."""
        return pacing.question_seconds(self._n_running, self._n_workers)

    def aside(self, taken: float, share: float) -> float:
        """Return how long work aside from the runs rests after so many seconds of it.

        So that it takes no more than a share of the workers' time while several runs need it.
        """
        busy = self._n_running > 1
        return taken * (1 / share - 1) / self._n_workers if busy else 0.0

    def time_out(self, taken: float, allowed: float) -> float:
        """Return how long those whose slice took far more than its time sit out, in seconds.

        A slice is at least one step, and a step of a large network on a whole data set may
        take twenty times the budget: without this it would take that from all others.
        """
        return max(taken - 2 * allowed, 0.0) * (self.crowd() - 1)

    def call_at(self, when: float, token: str) -> None:
        """Have the engine reminded of a session or race that is held back."""
        if self.clockwork is not None:
            self.clockwork.call_at(when, token)

    def send_nothing_more(self) -> None:
        """Send nothing more, and still take what comes back."""
        self._closed = True

    def close(self) -> Executor | None:
        """Send and take nothing more; return the executor for the engine to shut down."""
        self._closed = self._ended = True
        executor, self._executor = self._executor, None
        return executor

    def compute(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have the executor call a function; a broken executor is replaced."""
        if self._closed:
            raise RuntimeError("The engine was closed.")
        try:
            self.warm_up()
            assert self._executor is not None  # warmed up
            return self._executor.submit(function, *args, **kwargs)
        except (BrokenExecutor, RuntimeError):
            self._executor = self._make_executor()
            return self._executor.submit(function, *args, **kwargs)

    def send(self, function: Callable[[P1], T], order: P1) -> Future[T]:
        """Have the executor call a function; what keeps it from that is the future's error.

        An error raised here would end in the executor's own thread, and the session would wait
        for ever for a slice that nobody has.
        """
        try:
            return self.compute(function, order)
        except Exception as error:
            failed: Future[T] = Future()
            failed.set_exception(error)
            return failed

    def queue(self, session: Session) -> None:
        """Send the next slice now, or when its pace and fairness allow it."""
        if session.in_flight or self._closed:
            return
        if session.unmeasured:  # else the effect of an edit would be lost in further steps
            self._send_evaluation(session)
            return
        now = self._clock()
        wait = max(pacing.seconds_to_wait(session, now), session.not_before - now)
        if wait <= 0:
            self._send_slice(session, now)
        elif not session.waiting:
            session.waiting = True
            self.call_at(now + wait, session.token)

    def evaluate_at_rest(self, session: Session) -> None:
        """Evaluate the state a session rests at, unless that is done."""
        newest = session.evaluation
        if session.in_flight or self._closed or session.state.stop is not None:
            return
        if newest is None or newest.step != session.state.step:
            self._send_evaluation(session)

    def rest(self, session: Session, status: Status, message: str = "") -> None:
        """Let a session come to rest and evaluate where it rests."""
        session.settle(status, message)
        self.evaluate_at_rest(session)

    def _send_evaluation(self, session: Session) -> None:
        """Have the present state evaluated as it is."""
        order = SliceOrder(session.config, session.state, 0.0, steps=0, evaluate_at_end=True)
        self._submit(session, order)

    def _send_slice(self, session: Session, now: float) -> None:
        pause = pacing.evaluation_seconds(self._n_running, self._n_workers)
        take_settings(session)
        order = SliceOrder(
            session.config,
            session.state,
            self.slice_seconds(),
            until_epoch=session.goal_epoch,
            steps=pacing.slice_steps(session),
            evaluate_at_end=now - session.last_evaluation >= pause
            and self._may_measure(session, now),
            snapshot=now - session.last_snapshot >= pause,
        )
        session.last_slice = now
        self._submit(session, order)

    def _may_measure(self, session: Session, now: float) -> bool:
        """Tell whether an evaluation takes little of a worker beside the training since the last.

        Where each session has a worker to itself, the time in which that rests counts as well: a
        run that is held back trains for milliseconds a second, and nobody waits for its worker.
        """
        share = pacing.evaluation_share(self._n_running, self._n_workers)
        alone = self._n_running <= self._n_workers
        since = now - session.last_evaluation if alone else session.trained_since
        return since >= share * session.evaluation_took

    def _submit(self, session: Session, order: SliceOrder) -> None:
        future = self.send(run_slice, order)
        session.in_flight = True
        future.add_done_callback(partial(self.returned, session, session.run_id, order))

    def returned(
        self, session: Session, run_id: int, order: SliceOrder, future: Future[SliceResult]
    ) -> None:
        """Take what a worker sends back and send the session's next slice."""
        with self._lock:
            session.in_flight = False
            if self._ended or future.cancelled():
                return
            error = future.exception()
            if run_id != session.run_id:
                error = None  # of a run that is gone
            elif error is not None:
                self._fail(session, error)
            else:
                result, now = future.result(), self._clock()
                take(session, order, result, now)
                if len(result.records.step):
                    self._watch_round(now - session.last_slice)
                    session.not_before = now + self.time_out(result.seconds, order.seconds)
            if session.token not in self.sessions:
                return
            if session.status is Status.RUNNING:
                self.queue(session)
            elif error is None or session.failures < MAX_FAILURES:
                self.evaluate_at_rest(session)

    def _watch_round(self, took: float) -> None:
        """Keep rounds as long as they should be."""
        n_running = self._n_running
        self._shortened = pacing.shortened(self._shortened, took, n_running, self._n_workers)

    def _fail(self, session: Session, error: BaseException) -> None:
        """Count a failed slice; the state is untouched, so it can simply be tried again."""
        session.failures += 1
        if session.status is not Status.RUNNING:
            return  # an evaluation: nothing is lost by its absence
        if isinstance(error, UserError):
            session.settle(Status.STOPPED, error.text)
        elif session.failures >= MAX_FAILURES:
            session.settle(Status.STOPPED, FAILED)
