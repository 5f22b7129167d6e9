"""What a session can be told to do: train, stop, begin anew, be looked at, be drawn for.

Pausing means not queueing the next slice; new settings are those the next slice carries.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from softmax_core.errors import UserError
from softmax_core.service import pacing
from softmax_core.service.beginning import Beginning, beginning_of, check_position
from softmax_core.service.session import Goal, Session, Status, measured_alike
from softmax_core.service.traffic import Traffic
from softmax_core.training import TrainingConfig, TrainingState
from softmax_core.training.train import without_stop


class Commands:
    """Commands to one session at a time; each is whole when it returns.

    Parameters
    ----------
    traffic : Traffic
    lock : threading.RLock
        Held while anything of a session changes.
    clock : callable
        Monotonic seconds.
    """

    def __init__(self, traffic: Traffic, lock: threading.RLock, clock: Callable[[], float]) -> None:
        self._traffic, self._lock, self._clock = traffic, lock, clock

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
        self.steps(session, 1)

    def steps(self, session: Session, count: int) -> None:
        """Make so many updates more; a run in training ends its slice and makes them.

        Raises
        ------
        UserError
            When ``count`` is not positive.
        """
        if count < 1:
            raise UserError(
                "steps-count", f"The number of steps must be at least 1; it is {count}."
            )
        with self._lock:
            counting = session.status is Status.RUNNING and session.goal is Goal.STEPS
            session.steps_wanted = session.steps_wanted + count if counting else count
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
            When the new data set cannot be had, or a drawing that was added does not fit it;
            the session keeps what it has.
        """
        if restart or not config.same_start(session.config):
            self._replace_run(session, config, beginning_of(config))
            return
        n_samples = session.n_samples
        if config.taught != session.config.taught:
            n_samples = beginning_of(config).n_samples
        with self._lock:
            if session.config != config:
                before, session.config = session.config, config
                session.n_samples = n_samples
                if not measured_alike(before, config):
                    session.unmeasured = True
                    self._traffic.evaluate_at_rest(session)
                session.changed()

    def load(self, session: Session, config: TrainingConfig, state: TrainingState) -> None:
        """Go on from a saved run.

        Raises
        ------
        UserError
            When its data set cannot be had or is not the one it was trained on.
        """
        beginning = beginning_of(config)
        check_position(state, beginning)
        self._replace_run(session, config, beginning._replace(state=state))

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

    def _replace_run(self, session: Session, config: TrainingConfig, beginning: Beginning) -> None:
        with self._lock:
            session.begin_run(config, beginning)
            self._traffic.evaluate_at_rest(session)

    def _run(self, session: Session, goal: Goal) -> None:
        if session.state.stop is not None or session.status is Status.STOPPED:
            session.state = without_stop(session.state)
            session.forget_after(session.state.step)
        session.goal, session.failures, session.not_before = goal, 0, 0.0
        session.settle(Status.RUNNING)
        session.speed.begin(self._clock(), session.state.samples_seen)
        self._traffic.queue(session)
