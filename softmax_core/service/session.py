"""One training session: everything the engine knows about one browser's run."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.training import Evaluation, History, TrainingConfig, TrainingState

_SPEED_WINDOW: Final = 1.0  # seconds over which samples per second are counted


class Status(StrEnum):
    """What a session is doing, as pages and tests name it."""

    IDLE = "idle"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Goal:
    """Where a running session stops by itself."""

    until_step: int | None = None
    until_epoch: int | None = None

    def reached(self, state: TrainingState) -> bool:
        """Tell whether the state is at the goal or beyond."""
        if self.until_step is not None and state.step >= self.until_step:
            return True
        return self.until_epoch is not None and state.epoch >= self.until_epoch


@dataclass
class Session:
    """State of one session; only the engine changes it, under the engine's lock.

    Readers may take any attribute as it stands: states, configs and evaluations are never
    changed in place.

    Attributes
    ----------
    token : str
        The random key that stands for this session in requests.
    n_samples : int
        Size of the training set.
    pace : float or None
        Epochs a second at the most; None for full speed.
    steps_a_second : float or None
        Steps a second at the most; None for no such bound.
    drawing : ndarray of uint8, shape (INK_SIDE, INK_SIDE), or None
        What this browser has drawn; it outlives runs and settings.
    version : int
        Grows with every visible change.
    run_id : int
        Grows with every new start; a slice of an older run is thrown away.
    """

    token: str
    config: TrainingConfig
    state: TrainingState
    n_samples: int
    now: float
    history: History = field(default_factory=History)
    status: Status = Status.IDLE
    message: str = ""
    goal: Goal = field(default_factory=Goal)
    pace: float | None = None
    steps_a_second: float | None = None
    drawing: NDArray[np.uint8] | None = None
    test_picture: int | None = None
    version: int = 1
    run_id: int = 1
    in_flight: bool = False  # a slice is queued or being worked on
    waiting: bool = False  # held back by its pace
    failures: int = 0  # slices that failed in a row on the same state
    trained_with: TrainingConfig | None = None  # settings of the last slice
    last_seen: float = 0.0
    last_slice: float = 0.0
    last_evaluation: float = 0.0
    last_live_drawing: float = float("-inf")
    _speed: deque[tuple[float, int]] = field(default_factory=deque)
    samples_per_second: float = 0.0

    def __post_init__(self) -> None:
        self.last_seen = self.now

    @property
    def evaluation(self) -> Evaluation | None:
        """The newest evaluation at or before the current step."""
        done = [e for e in self.history.evaluations[-64:] if e.step <= self.state.step]
        return done[-1] if done else None

    @property
    def steps_per_epoch(self) -> int:
        """Updates in one pass with the present batch size."""
        return -(-self.n_samples // min(self.config.batch_size, self.n_samples))

    @property
    def allowed_steps_a_second(self) -> float | None:
        """The pace as steps a second; None when nothing holds the run back."""
        bounds = [self.steps_a_second] if self.steps_a_second is not None else []
        if self.pace is not None:
            bounds.append(self.pace * self.steps_per_epoch)
        return min(bounds, default=None)

    def changed(self) -> None:
        """Note that there is something new to show."""
        self.version += 1

    def begin_speed(self, now: float) -> None:
        """Start counting samples per second afresh."""
        self._speed.clear()
        self._speed.append((now, self.state.samples_seen))

    def count_speed(self, now: float) -> None:
        """Count the samples seen by now."""
        self._speed.append((now, self.state.samples_seen))
        while len(self._speed) > 2 and now - self._speed[1][0] > _SPEED_WINDOW:
            self._speed.popleft()
        (start, before), (end, after) = self._speed[0], self._speed[-1]
        if end > start:
            self.samples_per_second = (after - before) / (end - start)
