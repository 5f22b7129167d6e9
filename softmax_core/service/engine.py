"""The engine: many training sessions over one executor, and the commands they understand.

Pausing means not queueing the next slice; new settings are those the next slice carries.
How slices travel is told in ``traffic``.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.service import pacing
from softmax_core.service.clockwork import Clockwork
from softmax_core.service.session import Goal, Session, Status
from softmax_core.service.traffic import Traffic
from softmax_core.service.view import View, view_of
from softmax_core.service.wording import UNWATCHED
from softmax_core.training import TrainingConfig, TrainingState, first_state
from softmax_core.training.train import without_stop

P = ParamSpec("P")
T = TypeVar("T")


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
        self._clock = clock
        self._lock = threading.RLock()
        self._traffic = Traffic(make_executor, n_workers, self._lock, clock)
        self._sessions = self._traffic.sessions
        self._clockwork = Clockwork(self._reap, self._go_on, clock)
        self._traffic.clockwork = self._clockwork

    # Sessions

    def open(self, config: TrainingConfig) -> Session:
        """Start a session at the first state of ``config`` and return it.

        Raises
        ------
        UserError
            When the data set cannot be had.
        """
        state, n_samples = _start(config)
        token = secrets.token_hex(16)
        session = Session(token, config, state, n_samples, now=self._clock())
        with self._lock:
            self._sessions[token] = session
            self._traffic.evaluate_at_rest(session)
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
            session.run_id += 1
            session.status = Status.IDLE
            self._sessions.pop(session.token, None)

    def close(self) -> None:
        """Start no new slices, end the workers; safe to call twice."""
        with self._lock:
            executor = self._traffic.close()
        self._clockwork.close()
        if executor is not None:
            executor.shutdown(wait=True, cancel_futures=True)

    # Commands

    def start(self, session: Session) -> None:
        """Train until the epochs of the settings are done; again as many if they are."""
        with self._lock:
            if session.state.epoch >= session.epochs_target:
                session.train_from = session.state.epoch
            self._run(session, Goal.TRAIN)

    def pause(self, session: Session) -> None:
        """Stop after the slice in flight."""
        with self._lock:
            if session.status is Status.RUNNING:
                self._traffic.rest(session, Status.IDLE)

    def step(self, session: Session) -> None:
        """Make one update more; a run in training ends its slice and makes one."""
        with self._lock:
            counting = session.status is Status.RUNNING and session.goal is Goal.STEPS
            session.steps_wanted = session.steps_wanted + 1 if counting else 1
            self._run(session, Goal.STEPS)

    def epoch(self, session: Session) -> None:
        """Train to the end of the current epoch."""
        with self._lock:
            session.until_epoch = session.state.epoch + 1
            self._run(session, Goal.EPOCH)

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
                    before, session.config = session.config, config
                    if (before.pixels, before.loss) != (config.pixels, config.loss):
                        session.history.forget_evaluation(session.state.step)
                        self._traffic.evaluate_at_rest(session)
                    session.changed()
            return
        self._replace_run(session, config, *_start(config))

    def load(self, session: Session, config: TrainingConfig, state: TrainingState) -> None:
        """Go on from a saved run.

        Raises
        ------
        UserError
            When its data set cannot be had or is not the one it was trained on.
        """
        n_samples = len(open_dataset(config.dataset).train_labels)
        if state.position >= n_samples:
            raise UserError(
                "load-position",
                f"This run was saved at picture {state.position:,} of an epoch, and its data set "
                f"has {n_samples:,}: it was trained on other data. Nothing was changed.",
            )
        self._replace_run(session, config, state, n_samples)

    def rewind(self, session: Session) -> None:
        """Give up the steps since the loss left all bounds, if it has; the curve before stays."""
        with self._lock:
            doubt = session.state.doubt
            if doubt is not None:
                session.run_id += 1  # a slice in flight is of what is given up
                session.state = without_stop(doubt.before)
                session.history.forget_after(session.state.step)
                session.changed()

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

    # Inside

    def _replace_run(
        self, session: Session, config: TrainingConfig, state: TrainingState, n_samples: int
    ) -> None:
        with self._lock:
            session.begin_run(config, state, n_samples)
            self._traffic.evaluate_at_rest(session)

    def _run(self, session: Session, goal: Goal) -> None:
        if session.state.stop is not None or session.status is Status.STOPPED:
            session.state = without_stop(session.state)
            session.history.forget_after(session.state.step)
        session.goal, session.failures, session.not_before = goal, 0, 0.0
        session.settle(Status.RUNNING)
        session.begin_speed(self._clock())
        self._traffic.queue(session)

    def _go_on(self, token: str) -> None:
        """Send the slice of a session that was held back until now."""
        with self._lock:
            session = self._sessions.get(token)
            if session is not None:
                session.waiting = False
                if session.status is Status.RUNNING:
                    self._traffic.queue(session)

    def _reap(self) -> None:
        """Stop what nobody watches: pause it soon, drop it later."""
        now = self._clock()
        for session in self.sessions():
            unseen = now - session.last_seen
            if unseen > pacing.DROP_AFTER:
                self.drop(session)
            elif unseen > pacing.PAUSE_AFTER and session.status is Status.RUNNING:
                with self._lock:
                    self._traffic.rest(session, Status.IDLE, UNWATCHED)


def _start(config: TrainingConfig) -> tuple[TrainingState, int]:
    """Return the first state of these settings and the size of their training set."""
    dataset = open_dataset(config.dataset)
    state = first_state(config, dataset.info.n_features, dataset.info.n_classes)
    return state, len(dataset.train_labels)
