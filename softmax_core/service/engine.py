"""The engine: fair slices of training for every session, over any executor.

A session has at most one slice in flight. When it returns, its state replaces the old one
in one assignment and the next slice joins the end of the executor's queue, which is round
robin without a scheduler. Pausing means not queueing the next; new settings are those the
next slice carries; a dead worker means queueing the same state again.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import partial

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.service import pacing
from softmax_core.service.clockwork import Clockwork
from softmax_core.service.session import Goal, Session, Status
from softmax_core.service.slices import SliceOrder, SliceResult, run_slice
from softmax_core.service.view import View, view_of
from softmax_core.service.wording import FAILED, UNWATCHED, change_of_settings
from softmax_core.training import History, TrainingConfig, TrainingState, first_state
from softmax_core.training.train import without_stop

_MAX_FAILURES = 2  # a slice that fails so often on one state stops its own session


class Engine:
    """All sessions of one server.

    Parameters
    ----------
    make_executor : callable
        Returns a ``concurrent.futures.Executor``; called on first use and again whenever the
        executor reports itself broken.
    n_workers : int
        How many slices run at once, for the length of a slice.
    clock : callable
        Monotonic seconds.
    """

    def __init__(
        self,
        make_executor: Callable[[], Executor],
        n_workers: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make_executor = make_executor
        self._n_workers = n_workers
        self._clock = clock
        self._executor: Executor | None = None
        self._sessions: dict[str, Session] = {}
        self._lock = threading.RLock()
        self._clockwork = Clockwork(self._tick, self._dispatch_due, clock)
        self._closed = False

    # Sessions

    def open(self, config: TrainingConfig) -> Session:
        """Start a session at the first state of ``config`` and return it.

        Raises
        ------
        UserError
            When the data set cannot be had.
        """
        session = self._fresh_session(secrets.token_hex(16), config)
        with self._lock:
            self._sessions[session.token] = session
            self._evaluate_at_rest(session)
        return session

    def find(self, token: str) -> Session | None:
        """Return the session of this token and note that somebody watches it."""
        with self._lock:
            session = self._sessions.get(token)
            if session is not None:
                session.last_seen = self._clock()
            return session

    def view(self, session: Session, generation: int = -1, last_step: int = 0) -> View:
        """Return one consistent picture of a session; see ``view_of``."""
        with self._lock:
            return view_of(session, generation, last_step)

    def sessions(self) -> list[Session]:
        """Return all sessions there are."""
        with self._lock:
            return list(self._sessions.values())

    def warm_up(self) -> None:
        """Start the workers before the first student arrives."""
        with self._lock:
            if self._executor is None and not self._closed:
                self._executor = self._make_executor()

    # Commands

    def start(self, session: Session) -> None:
        """Train until the epochs of the settings are done; again as many if they are."""
        epochs, done = session.config.epochs, session.state.epoch
        self._run(session, Goal(until_epoch=epochs if done < epochs else done + epochs))

    def pause(self, session: Session) -> None:
        """Stop after the slice in flight."""
        with self._lock:
            if session.status is Status.RUNNING:
                self._rest(session, Status.IDLE)

    def step(self, session: Session) -> None:
        """Make one update."""
        self._run(session, Goal(until_step=session.state.step + 1))

    def epoch(self, session: Session) -> None:
        """Train to the end of the current epoch."""
        self._run(session, Goal(until_epoch=session.state.epoch + 1))

    def reset(self, session: Session) -> None:
        """Go back to the very same start."""
        self.configure(session, session.config, restart=True)

    def configure(self, session: Session, config: TrainingConfig, *, restart: bool = False) -> None:
        """Change the settings; a change of what the start depends on starts anew.

        Raises
        ------
        UserError
            When the new data set cannot be had; the session keeps what it has.
        """
        if config.same_start(session.config) and not restart:
            with self._lock:
                if session.config != config:
                    session.config = config
                    session.changed()
            return
        fresh = self._fresh_session(session.token, config)
        self._replace_run(session, fresh.config, fresh.state, fresh.n_samples)

    def load(self, session: Session, config: TrainingConfig, state: TrainingState) -> None:
        """Go on from a saved run."""
        n_samples = len(open_dataset(config.dataset).train_labels)
        self._replace_run(session, config, state, n_samples)

    def set_pace(
        self, session: Session, epochs_a_second: float | None, steps_a_second: float | None
    ) -> None:
        """Hold a run back so that it can be watched; None for full speed."""
        with self._lock:
            session.pace, session.steps_a_second = epochs_a_second, steps_a_second

    def set_drawing(
        self, session: Session, ink: NDArray[np.uint8] | None, *, live: bool = False
    ) -> None:
        """Remember what was drawn; None when the canvas is empty.

        What comes ``live`` from the moving pen is newer than what the page sends when the
        pen was lifted, so the latter is passed over shortly after the former.
        """
        with self._lock:
            now = self._clock()
            if not live and now - session.last_live_drawing < pacing.LIVE_DRAWING_COUNTS:
                return
            if live:
                session.last_live_drawing = now
            session.drawing = ink
            session.test_picture = None
            session.changed()

    def set_test_picture(self, session: Session, index: int | None) -> None:
        """Show a picture of the test set to the model instead of the drawing."""
        with self._lock:
            if session.test_picture != index:
                session.test_picture = index
                session.changed()

    def drop(self, session: Session) -> None:
        """Forget a session; a slice in flight is thrown away when it returns."""
        with self._lock:
            session.run_id += 1
            session.status = Status.IDLE
            self._sessions.pop(session.token, None)

    def close(self) -> None:
        """Start no new slices, end the workers; safe to call twice."""
        with self._lock:
            self._closed = True
            executor, self._executor = self._executor, None
        self._clockwork.close()
        if executor is not None:
            executor.shutdown(wait=True, cancel_futures=True)

    # Inside

    def _fresh_session(self, token: str, config: TrainingConfig) -> Session:
        dataset = open_dataset(config.dataset)
        n_samples, n_features = dataset.train_images.shape
        state = first_state(config, n_features, len(dataset.info.class_names))
        return Session(token, config, state, n_samples, now=self._clock())

    def _replace_run(
        self, session: Session, config: TrainingConfig, state: TrainingState, n_samples: int
    ) -> None:
        with self._lock:
            generation = session.history.generation
            session.history = History()
            session.history.generation = generation + 1
            session.config, session.state, session.n_samples = config, state, n_samples
            session.run_id += 1
            session.trained_with = None
            session.failures = 0
            session.message = ""
            session.status = Status.IDLE
            session.test_picture = None
            session.samples_per_second = 0.0
            session.changed()
            self._evaluate_at_rest(session)

    def _run(self, session: Session, goal: Goal) -> None:
        with self._lock:
            if session.state.stop is not None or session.status is Status.STOPPED:
                session.state = without_stop(session.state)
                session.history.forget_after(session.state.step)
            session.goal, session.status, session.message = goal, Status.RUNNING, ""
            session.failures = 0
            session.begin_speed(self._clock())
            session.changed()
            self._queue(session)

    def _queue(self, session: Session) -> None:
        """Send the next slice now, or when the pace allows it."""
        if session.in_flight or self._closed:
            return
        wait = pacing.seconds_to_wait(session, self._clock())
        if wait > 0:
            if not session.waiting:
                session.waiting = True
                self._clockwork.call_at(self._clock() + wait, session.token)
        else:
            self._dispatch(session)

    def _dispatch_due(self, token: str) -> None:
        with self._lock:
            session = self._sessions.get(token)
            if session is not None:
                session.waiting = False
                if session.status is Status.RUNNING:
                    self._queue(session)

    def _dispatch(self, session: Session) -> None:
        now, n_running = self._clock(), self._n_running()
        self._mark_new_settings(session)
        order = SliceOrder(
            session.config,
            session.state,
            pacing.slice_seconds(n_running, self._n_workers),
            until_step=session.goal.until_step,
            until_epoch=session.goal.until_epoch,
            steps=pacing.slice_steps(session),
            evaluate_at_end=now - session.last_evaluation
            >= pacing.evaluation_seconds(n_running, self._n_workers),
        )
        session.last_slice = now
        self._submit(session, order)

    def _evaluate_at_rest(self, session: Session) -> None:
        """Evaluate the state a session rests at, unless that is done."""
        newest = session.evaluation
        if session.in_flight or self._closed or session.state.stop is not None:
            return
        if newest is None or newest.step != session.state.step:
            order = SliceOrder(session.config, session.state, 0.0, steps=0, evaluate_at_end=True)
            self._submit(session, order)

    def _submit(self, session: Session, order: SliceOrder) -> None:
        session.in_flight = True
        try:
            if self._executor is None:
                self._executor = self._make_executor()
            future = self._executor.submit(run_slice, order)
        except (BrokenExecutor, RuntimeError):
            self._executor = self._make_executor()
            future = self._executor.submit(run_slice, order)
        future.add_done_callback(partial(self._returned, session, session.run_id))

    def _returned(self, session: Session, run_id: int, future: Future[SliceResult]) -> None:
        with self._lock:
            session.in_flight = False
            if self._closed or future.cancelled():
                return
            error = future.exception()
            if run_id == session.run_id:
                if error is None:
                    self._take(session, future.result())
                else:
                    self._fail(session, error)
            if session.status is Status.RUNNING:
                self._queue(session)
            elif error is None and session.token in self._sessions:
                self._evaluate_at_rest(session)

    def _take(self, session: Session, result: SliceResult) -> None:
        now = self._clock()
        session.failures = 0
        session.state = result.state
        session.history.add(result.records)
        for evaluation in result.evaluations:
            session.history.add_evaluation(evaluation)
            session.last_evaluation = now
        if len(result.records.step):
            session.count_speed(now)
        if result.state.stop is not None:
            self._rest(session, Status.STOPPED, result.state.stop.reason)
        elif session.status is Status.RUNNING and session.goal.reached(result.state):
            done = result.state.epoch >= session.config.epochs
            self._rest(session, Status.FINISHED if done else Status.IDLE)
        session.changed()

    def _fail(self, session: Session, error: BaseException) -> None:
        """Count a failed slice; the state is untouched, so it can simply be tried again."""
        session.failures += 1
        if isinstance(error, UserError):
            self._settle(session, Status.STOPPED, error.text)
        elif session.failures >= _MAX_FAILURES:
            self._settle(session, Status.STOPPED, FAILED)

    def _rest(self, session: Session, status: Status, message: str = "") -> None:
        self._settle(session, status, message)
        self._evaluate_at_rest(session)

    def _settle(self, session: Session, status: Status, message: str) -> None:
        session.status, session.message = status, message
        session.changed()

    def _mark_new_settings(self, session: Session) -> None:
        before = session.trained_with
        if before is not None and before != session.config and session.state.step:
            text = change_of_settings(before, session.config)
            if text:
                session.history.mark(session.state.step, text)
        session.trained_with = session.config

    def _n_running(self) -> int:
        return sum(s.status is Status.RUNNING for s in self._sessions.values())

    def _tick(self) -> None:
        """Stop what nobody watches: pause it after a minute, drop it later."""
        now = self._clock()
        for session in self.sessions():
            unseen = now - session.last_seen
            if unseen > pacing.DROP_AFTER:
                self.drop(session)
            elif unseen > pacing.PAUSE_AFTER and session.status is Status.RUNNING:
                with self._lock:
                    self._rest(session, Status.IDLE, UNWATCHED)
