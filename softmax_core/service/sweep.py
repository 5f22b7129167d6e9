"""One sweep: many runs that differ in learning rate, or batch size too, trained for their figures.

Unlike the lanes of a race they have no curves, and no weights are kept once they are measured:
what is opened in the Lab is trained there again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from softmax_core.service.beginning import Beginning
from softmax_core.service.session import Session, Status
from softmax_core.training import TrainingConfig, TrainingState
from softmax_core.training.evaluate_lanes import LaneEvaluation
from softmax_core.training.lane_group import can_share
from softmax_core.training.sweep_board import Board, empty_board, noted, without_half

# Runs that cannot be computed as one go in small groups: none holds a worker for long, and
# the groups take every so-maniest rate, so that the curve's shape is seen early.
_ALONE_AT_ONCE: Final = 4

# The work of an epoch beside its examples: a step is as much as about so many of them
# (MNIST, 16 lanes: 3.9 s at batch size 8, 0.6 s at 2048).
_STEP_WORK: Final = 40.0

Configs = tuple[TrainingConfig, ...]


class Group(NamedTuple):
    """Runs that go on together: of one row, and which of it."""

    row: int
    lanes: tuple[int, ...]


@dataclass(frozen=True)
class SweepView:
    """A sweep at one moment.

    Attributes
    ----------
    rows : tuple of tuples of TrainingConfig
        A row for each batch size, small to large; a run for each rate, low to high.
    board : Board
        What is known of them: measured on a part of the pictures while they are trained.
    progress : float
        Share of the work that is done, in [0, 1].
    n_samples : int
        Size of the training set.
    """

    version: int
    status: Status
    message: str
    rows: tuple[Configs, ...]
    board: Board
    progress: float
    n_samples: int


class Sweep:
    """State of one sweep; only the engine changes it, under the engine's lock.

    Parameters
    ----------
    token : str
        The random key that stands for this sweep in requests.
    session : Session
        Of the same browser: while its page is watched, the sweep goes on.
    rows : sequence of tuples of TrainingConfig
        As in ``SweepView``; all alike but for learning rate and batch size.
    beginning : Beginning
        Of all of them.

    Attributes
    ----------
    states : tuple of TrainingState
        Of the group that is being trained.
    in_flight, waiting, failures, not_before, last_measured
        As those of a race.
    """

    def __init__(
        self, token: str, session: Session, rows: Sequence[Configs], beginning: Beginning
    ) -> None:
        self.token, self.session, self.rows = token, session, tuple(rows)
        self.n_samples, self._first = beginning.n_samples, beginning.state
        self.board = empty_board(len(self.rows), len(self.rows[0]))
        self.groups = _groups_of(self.rows)
        self._n_groups = len(self.groups)
        self._work = [self._work_of(group) for group in self.groups]
        self.status, self.message, self.version = Status.RUNNING, "", 1
        self.in_flight = self.waiting = False
        self.failures, self.not_before, self.last_measured = 0, 0.0, 0.0
        self.states: tuple[TrainingState, ...] = ()
        self._begin_group()

    @property
    def group(self) -> Group:
        """The group that is being trained."""
        return self.groups[0]

    @property
    def configs(self) -> Configs:
        """The settings of its runs."""
        return tuple(self.rows[self.group.row][lane] for lane in self.group.lanes)

    @property
    def progress(self) -> float:
        """Share of the work that is done, in [0, 1]."""
        if not self.groups:
            return 1.0
        place = self._n_groups - len(self.groups)
        whole = self.rows[0][0].epochs * self.n_samples
        share = max((state.samples_seen for state in self.states), default=0) / whole
        done = sum(self._work[:place]) + min(share, 1.0) * self._work[place]
        return done / sum(self._work)

    def note(self, found: LaneEvaluation, *, final: bool) -> None:
        """Take figures of the group's runs; final ones, or what is known so far."""
        runs = self.configs[0], self.states
        self.board = noted(self.board, self.group, runs, found, final=final)

    def next_group(self) -> None:
        """Go on to the next group, or end."""
        self.groups = self.groups[1:]
        self.states = ()
        if self.groups:
            self._begin_group()
        else:
            self.settle(Status.FINISHED)

    def settle(self, status: Status, message: str = "") -> None:
        """Take a status and what there is to say about it."""
        self.status, self.message = status, message
        if status is not Status.RUNNING:
            self.states = ()
            self.board = without_half(self.board)
        self.changed()

    def changed(self) -> None:
        """Note that there is something new to show."""
        self.version += 1

    def view(self) -> SweepView:
        """Return what a page may see; the engine's lock must be held."""
        return SweepView(
            self.version,
            self.status,
            self.message,
            self.rows,
            self.board,
            self.progress,
            self.n_samples,
        )

    def _begin_group(self) -> None:
        self.states = (self._first,) * len(self.group.lanes)

    def _work_of(self, group: Group) -> float:
        size = min(self.rows[group.row][0].batch_size, self.n_samples)
        return len(group.lanes) * (1 + _STEP_WORK / size)


def _groups_of(rows: tuple[Configs, ...]) -> tuple[Group, ...]:
    """Return the groups in the order of their work: large batches, which are quick, first."""
    n_lanes = len(rows[0])
    apart = 1 if can_share(rows[0][0]) else -(-n_lanes // _ALONE_AT_ONCE)
    return tuple(
        Group(row, tuple(range(first, n_lanes, apart)))
        for row in reversed(range(len(rows)))
        for first in range(apart)
    )
