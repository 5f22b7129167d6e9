"""One training session: everything the engine knows about one browser's run."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from softmax_core.service.beginning import Beginning
from softmax_core.service.edge_watch import EdgeWatch
from softmax_core.service.edits import Edit
from softmax_core.service.kept import KeptRun
from softmax_core.service.snapshots import Snapshot, Snapshots, bare
from softmax_core.service.speed import Speed
from softmax_core.service.stretches import Stretches
from softmax_core.training import Evaluation, History, TrainingConfig, TrainingState


class Status(StrEnum):
    """What a session is doing, as pages and tests name it."""

    IDLE = "idle"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"


class Goal(StrEnum):
    """What a running session runs for."""

    TRAIN = "train"  # to the epochs of its settings, whatever they are by then
    EPOCH = "epoch"  # to the end of one epoch
    STEPS = "steps"  # a number of single updates


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
        Size of the training set, with the drawings that have joined it.
    n_base : int
        Its size without them.
    train_from : int
        The epoch from which the epochs of the settings are counted: 0, or where a finished
        run was when Train was pressed again.
    until_epoch : int
        Where ``Goal.EPOCH`` ends.
    steps_wanted : int
        Updates still to make for ``Goal.STEPS``.
    pace : float or None
        Epochs a second at the most; None for full speed.
    steps_a_second : float or None
        Steps a second at the most; None for no such bound.
    not_before : float
        When the next slice may start, after one that took more than its time.
    drawing : ndarray of uint8, shape (INK_SIDE, INK_SIDE), or None
        What this browser has drawn; it outlives runs and settings.
    version : int
        Grows with every visible change.
    run_id : int
        Grows with every new start; a slice of an older run is thrown away.
    failures : int
        Slices that failed in a row on the same state.
    trained_with : TrainingConfig or None
        Settings of the last slice.
    last_seen, left_at : float, float or None
        When a page last asked; when one that did was closed, if none has asked since.
    evaluation_took, trained_since : float
        Seconds of a worker that the last evaluation took, and the slices since.
    snapshots : Snapshots
        States of this run's past, and which of them is looked at.
    stretches : Stretches
        The settings its steps were made with, so that they can be made again.
    edits : tuple of Edit
        Those made by hand since the last step, which can be undone.
    unmeasured : bool
        The present weights or how they are measured have changed since they were evaluated.
    edge : EdgeWatch
        What is known of this run's edge of stability.
    browser : str
        The hash of the key of the browser it belongs to; empty for none.
    kept, kept_version : tuple of KeptRun, int
        Runs that stay on the chart, and a number that changes with them.
    asides : dict
        What pages have worked out beside this run, by name: what it is of, and a future or
        the result. A handful of names at most; another run has none.
    """

    token: str
    config: TrainingConfig
    state: TrainingState
    n_samples: int
    n_base: int
    now: float
    history: History = field(init=False)
    snapshots: Snapshots = field(init=False)
    stretches: Stretches = field(init=False)
    edits: tuple[Edit, ...] = ()
    unmeasured: bool = False
    edge: EdgeWatch = field(default_factory=EdgeWatch)
    browser: str = ""
    kept: tuple[KeptRun, ...] = ()
    kept_version: int = 0
    asides: dict[str, tuple[object, object]] = field(default_factory=dict)
    status: Status = Status.IDLE
    message: str = ""
    goal: Goal = Goal.TRAIN
    train_from: int = 0
    until_epoch: int = 0
    steps_wanted: int = 0
    pace: float | None = None
    steps_a_second: float | None = None
    not_before: float = 0.0
    drawing: NDArray[np.uint8] | None = None
    test_picture: int | None = None
    version: int = 1
    run_id: int = 1
    in_flight: bool = False  # a slice is queued or being worked on
    waiting: bool = False  # held back by its pace
    failures: int = 0
    trained_with: TrainingConfig | None = None
    last_seen: float = 0.0
    left_at: float | None = None
    last_slice: float = 0.0
    last_evaluation: float = 0.0
    evaluation_took: float = 0.0
    trained_since: float = 0.0
    last_snapshot: float = 0.0
    last_live_drawing: float = float("-inf")
    speed: Speed = field(default_factory=Speed)

    def __post_init__(self) -> None:
        self.last_seen = self.now
        self._begin_past(generation=0)

    @property
    def evaluation(self) -> Evaluation | None:
        """The newest evaluation at or before the current step; None while it is not right."""
        if self.unmeasured:
            return None
        newest = reversed(self.history.evaluations)
        return next((e for e in newest if e.step <= self.state.step), None)

    @property
    def epochs_target(self) -> int:
        """The epoch at which training stops by itself."""
        return self.train_from + self.config.epochs

    @property
    def goal_epoch(self) -> int | None:
        """The epoch at which what was asked for is done; None when steps were."""
        if self.goal is Goal.STEPS:
            return None
        return self.epochs_target if self.goal is Goal.TRAIN else self.until_epoch

    @property
    def reached_goal(self) -> bool:
        """Tell whether what was asked for is done."""
        epoch = self.goal_epoch
        return self.steps_wanted <= 0 if epoch is None else self.state.epoch >= epoch

    @property
    def batch_size(self) -> int:
        """Samples of an update; all there are where the settings ask for the whole data set."""
        return self.n_samples if self.config.batch_size >= self.n_base else self.config.batch_size

    @property
    def steps_per_epoch(self) -> int:
        """Updates in one pass with the present batch size."""
        return -(-self.n_samples // self.batch_size)

    @property
    def allowed_steps_a_second(self) -> float | None:
        """The pace as steps a second; None when nothing holds the run back."""
        bounds = [self.steps_a_second] if self.steps_a_second is not None else []
        if self.pace is not None:
            bounds.append(self.pace * self.steps_per_epoch)
        return min(bounds, default=None)

    def begin_run(self, config: TrainingConfig, beginning: Beginning) -> None:
        """Put another run in place of this one; drawing, pace and token stay."""
        self.config = config
        self.state, self.n_samples, self.n_base = beginning
        self._begin_past(self.history.generation + 1)
        self.edits, self.unmeasured = (), False
        self.asides.clear()
        self.run_id += 1
        self.trained_with, self.test_picture = None, None
        self.speed = Speed()
        self.come_to_rest()

    def forget_after(self, step: int) -> None:
        """Drop the curve, the snapshots and the settings after a step."""
        self.history.forget_after(step)
        self.snapshots.forget_after(step)
        self.edge.forget_after(step)
        self.stretches.forget_after(step)

    def come_to_rest(self) -> None:
        """Stand still at the present state, with nothing asked for."""
        self.failures, self.steps_wanted, self.not_before = 0, 0, 0.0
        self.train_from = 0 if self.state.epoch < self.config.epochs else self.state.epoch
        self.settle(Status.IDLE)

    def _begin_past(self, generation: int) -> None:
        self.history = History(self.n_samples)
        self.history.resize(self.n_samples, self.state)  # a loaded run's may have changed its size
        self.history.generation = generation
        self.snapshots = Snapshots(Snapshot(bare(self.state), None, self.config))
        self.edge = EdgeWatch(ended=self.edge.ended, seconds=self.edge.seconds)
        self.stretches = Stretches()

    def settle(self, status: Status, message: str = "") -> None:
        """Take a status and what there is to say about it."""
        self.status, self.message = status, message
        self.changed()

    def changed(self) -> None:
        """Note that there is something new to show."""
        self.version += 1


def measured_alike(one: TrainingConfig, other: TrainingConfig) -> bool:
    """Tell whether the same weights have the same loss and accuracy with both settings."""
    return (one.pixels, one.loss) == (other.pixels, other.loss)
