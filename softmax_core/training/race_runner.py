"""Lanes on their way through a slice: together where they share batches, or alone."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from softmax_core.training.advance import Budget, advance, real_batch_size
from softmax_core.training.config import TrainingConfig
from softmax_core.training.lane_group import LaneGroup, can_share
from softmax_core.training.state import StepRecords, TrainingState
from softmax_core.training.taught import TrainSet

# What lanes computed together have in common besides the data: the order of examples, how
# they are cut into batches and what becomes of the pixels.
SHARED_FIELDS: Final = ("seed", "order", "batch_size", "pixels")


@dataclass
class RacingLane:
    """A lane as far as it is; its state is up to date between two runners."""

    state: TrainingState
    config: TrainingConfig
    train_set: TrainSet
    records: list[StepRecords] = field(default_factory=list)
    seconds: float = 0.0  # of the steps of all who were computed with it

    def may_go_on(self, budget: Budget) -> bool:
        """Tell whether neither a stop nor a bound of its own has ended it."""
        state = self.state
        at_bound = budget.ends_at(state.step, state.epoch, state.samples_seen)
        return state.stop is None and not at_bound

    def sharing(self) -> object:
        """Return what is equal for lanes that have the same batches at the same places."""
        if not can_share(self.config):
            return id(self)
        fields = tuple(getattr(self.config, name) for name in SHARED_FIELDS)
        return (id(self.train_set), self.state.params["W"].shape, *fields)

    def place(self) -> tuple[int, int, int]:
        """Return where it is in the order of examples."""
        return self.state.samples_seen, self.state.epoch, self.state.position


class Runner:
    """Moves lanes that are at one place and share their batches, or a single lane.

    Parameters
    ----------
    lanes : sequence of RacingLane
    """

    def __init__(self, lanes: Sequence[RacingLane]) -> None:
        self.lanes = lanes
        self.train_set = lanes[0].train_set
        self.batch_size = real_batch_size(lanes[0].config, self.train_set)
        self.samples_seen, self._epoch, self._position = lanes[0].place()
        self._step = max(lane.state.step for lane in lanes)
        self._group: LaneGroup | None = None
        if len(lanes) > 1:
            states = [lane.state for lane in lanes]
            self._group = LaneGroup(states, [lane.config for lane in lanes], self.train_set)

    def after(self, n_steps: int) -> int:
        """Return how many examples will have been seen after so many more steps."""
        n_samples, position = self.train_set.n_samples, self._position
        seen = self.samples_seen
        for _ in range(n_steps):
            used = min(self.batch_size, n_samples - position)
            seen, position = seen + used, (position + used) % n_samples
        return seen

    def advance_to(self, goal: int, budget: Budget) -> bool:
        """Take steps until so many examples are seen; tell whether the lanes must be regrouped.

        They must when one of them stopped, or came to a bound of the budget before the others.
        """
        n_steps = self._count(goal, budget)
        if not n_steps:
            return False
        began = time.perf_counter()
        regroup = self._advance(n_steps, budget)
        seconds = time.perf_counter() - began
        for lane in self.lanes:
            lane.seconds += seconds
        return regroup

    def _advance(self, n_steps: int, budget: Budget) -> bool:
        """Take so many steps, fewer when a lane must stop; tell as ``advance_to`` does."""
        if self._group is not None:
            return self._group.advance(n_steps) or not self._all_go_on(budget)
        (lane,) = self.lanes
        lane.state, records = advance(
            lane.state, lane.config, self.train_set, Budget(steps=n_steps)
        )
        lane.records.append(records)
        return not lane.may_go_on(budget)

    def finish(self) -> None:
        """Bring the lanes' states and records up to date."""
        if self._group is None:
            return
        for lane, (state, records) in zip(self.lanes, self._group.results(), strict=True):
            lane.state = state
            lane.records.append(records)

    def _count(self, goal: int, budget: Budget) -> int:
        """Return how many steps lead to the goal or to a bound; note where that will be."""
        n_samples, count = self.train_set.n_samples, 0
        while self.samples_seen < goal and self._all_go_on(budget):
            used = min(self.batch_size, n_samples - self._position)
            self.samples_seen += used
            self._position += used
            if self._position >= n_samples:
                self._position, self._epoch = 0, self._epoch + 1
            self._step, count = self._step + 1, count + 1
        return count

    def _all_go_on(self, budget: Budget) -> bool:
        return not budget.ends_at(self._step, self._epoch, self.samples_seen)


def runners_of(lanes: Sequence[RacingLane], budget: Budget) -> list[Runner]:
    """Put the lanes that may go on into as few runners as can be."""
    groups: dict[object, list[RacingLane]] = {}
    for lane in lanes:
        if lane.may_go_on(budget):
            groups.setdefault((lane.sharing(), lane.place()), []).append(lane)
    return [Runner(group) for group in groups.values()]


def may_meet(runners: Sequence[Runner]) -> bool:
    """Tell whether some lanes share batches but are at different places of the order."""
    return len({runner.lanes[0].sharing() for runner in runners}) < len(runners)
