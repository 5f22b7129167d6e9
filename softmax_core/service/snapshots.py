"""States of a run's past in bounded memory: dense at the start, thinner later."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from softmax_core.limits import MAX_SNAPSHOT_BYTES, MAX_SNAPSHOTS
from softmax_core.training import Evaluation, TrainingConfig, TrainingState
from softmax_core.training.history import Mark
from softmax_core.training.train import without_stop

# Added to steps: on a logarithmic scale 0 would be infinitely far from 1.
_HEAD_START: Final = 4


@dataclass(frozen=True)
class Snapshot:
    """A state a run once had, and how good it was.

    Attributes
    ----------
    state : TrainingState
        Without the earlier states that a run carries along: training goes on from it bit for
        bit, but for a loss that had already begun to run away.
    evaluation : Evaluation or None
        Of this very state; None until it has been measured.
    config : TrainingConfig
        The settings it was reached and measured with.
    marks : tuple of Mark
        Those on the curve that led to it. A change of settings right after it is none.
    """

    state: TrainingState
    evaluation: Evaluation | None
    config: TrainingConfig
    marks: tuple[Mark, ...] = ()

    @property
    def step(self) -> int:
        """The step it stands at."""
        return self.state.step


class Snapshots:
    """The states of one run that are kept, oldest first.

    At most ``MAX_SNAPSHOTS`` of at most ``MAX_SNAPSHOT_BYTES`` together. Where there are too
    many, the one goes whose neighbours are the closest on a logarithmic scale of steps, so
    that gaps grow with the step. The first, the newest and the pinned one stay, however large
    they are.

    Parameters
    ----------
    first : Snapshot
        Of the state the run begins with.
    """

    def __init__(self, first: Snapshot) -> None:
        self._kept = [first]
        self._pinned: int | None = None  # a step

    @property
    def steps(self) -> tuple[int, ...]:
        """The steps there are snapshots of, rising."""
        return tuple(snapshot.step for snapshot in self._kept)

    @property
    def all(self) -> tuple[Snapshot, ...]:
        """All that are kept, oldest first."""
        return tuple(self._kept)

    @property
    def pinned(self) -> Snapshot | None:
        """The snapshot that was chosen to be looked at."""
        return None if self._pinned is None else self.at(self._pinned)

    @property
    def n_bytes(self) -> int:
        """Bytes of all arrays kept."""
        return bytes_of(snapshot.state for snapshot in self._kept)

    def at(self, step: int) -> Snapshot:
        """Return the last snapshot not later than ``step``; the first where there is none."""
        return self._kept[max(bisect_right(self.steps, step) - 1, 0)]

    def pin(self, step: int | None) -> None:
        """Choose the snapshot ``at`` a step; None to choose none."""
        self._pinned = None if step is None else self.at(step).step

    def add(self, snapshot: Snapshot) -> None:
        """Keep a snapshot as the newest; what was kept of its step or of later ones goes."""
        self._kept = [kept for kept in self._kept if kept.step < snapshot.step]
        self._kept.append(snapshot)
        self._mind_pin()
        while len(self._kept) > MAX_SNAPSHOTS or self.n_bytes > MAX_SNAPSHOT_BYTES:
            least = self._least_missed()
            if least is None:
                return
            del self._kept[least]

    def forget_after(self, step: int) -> None:
        """Drop what came after ``step``; a pin there is released. The first one stays."""
        self._kept = [kept for kept in self._kept if kept.step <= step] or self._kept[:1]
        self._mind_pin()

    def _mind_pin(self) -> None:
        if self._pinned not in self.steps:
            self._pinned = None

    def _least_missed(self) -> int | None:
        """Return which snapshot leaves the smallest gap; None where all must stay."""
        first = self._kept[0].step
        places = [math.log(step - first + _HEAD_START) for step in self.steps]
        gaps = {
            i: places[i + 1] - places[i - 1]
            for i in range(1, len(places) - 1)
            if self._kept[i].step != self._pinned
        }
        # Seen from the last but two, the last but one has only begun to move away: else a
        # single place between the first and the newest would be held by the same for ever.
        moving = len(places) - 3
        if moving in gaps:
            gaps[moving] = min(gaps[moving], 2 * (places[moving] - places[moving - 1]))
        return min(gaps, key=gaps.__getitem__, default=None)


def bare(state: TrainingState) -> TrainingState:
    """Return the state without the earlier ones it carries along."""
    return without_stop(state)


def bytes_of(states: Iterable[TrainingState]) -> int:
    """Return the bytes of all arrays of these states, each shared one counted once."""
    arrays = {
        id(array): array.nbytes
        for state in states
        for params in (state.params, state.velocity)
        for array in params.values()
    }
    return sum(arrays.values())
