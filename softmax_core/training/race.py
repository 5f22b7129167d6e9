"""One slice of a race: several runs that go on together, fairly, by examples seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from softmax_core.training.advance import Budget
from softmax_core.training.config import TrainingConfig
from softmax_core.training.race_runner import RacingLane, may_meet, runners_of
from softmax_core.training.samples import Samples
from softmax_core.training.state import (
    StepRecords,
    TrainingState,
    fitted,
    join_records,
    step_records,
)
from softmax_core.training.taught import TaughtSamples, TrainSet
from softmax_core.training.threads import one_blas_thread

_MOST_ROUNDS: Final = 64  # between two looks at the clock
_TICK: Final = 1e-6  # seconds, where a clock has not moved


class RaceSlice(NamedTuple):
    """What a slice did; each field has one entry a lane.

    ``seconds`` is the time of a lane's steps, which lanes computed as one have together: all
    of them took it.
    """

    states: tuple[TrainingState, ...]
    records: tuple[StepRecords, ...]
    seconds: tuple[float, ...]


def advance_race(
    states: Sequence[TrainingState],
    configs: Sequence[TrainingConfig],
    train_sets: TrainSet | Sequence[TrainSet],
    budget: Budget,
) -> tuple[tuple[TrainingState, ...], tuple[StepRecords, ...]]:
    """Train all lanes until the budget is used up; pure, as ``advance``.

    Lanes go on in rounds: in a round the lane with the largest batch takes one step, and the
    others as many as it takes to have seen as many examples. So no lane is ever ahead of
    another by more than a batch of the largest size; one that starts behind catches up first.
    Lanes with the same batches are computed as one, and their weights are those of running
    alone but for the rounding of float32; all others are run by ``advance`` itself. A lane
    that must stop stops alone.

    However a race is cut into slices, its weights and records are the same bit for bit: which
    lanes are computed together depends on the states and settings alone. Only a bound that
    ends some lanes before others (``until_step``, where their steps differ) changes that, and
    then in the last bits.

    Parameters
    ----------
    states : sequence of TrainingState
        One for each lane; not changed.
    configs : sequence of TrainingConfig
        Likewise. Each may differ from the last slice's as for ``advance``.
    train_sets : Samples or TaughtSamples, or a list with one of them for each lane
        Lanes share batches where theirs is the very same object.
    budget : Budget
        ``steps`` counts rounds; ``until_step``, ``until_epoch`` and ``until_samples`` are each
        lane's own;
        ``seconds`` ends the slice after a whole round, and at least one is made.

    Returns
    -------
    states : tuple of TrainingState
        A lane that had to stop has ``stop`` set.
    records : tuple of StepRecords
        Each lane's own steps, those of a stopped lane without the step that was refused.

    Raises
    ------
    UserError
        As ``advance``.
    """
    done = advance_race_timed(states, configs, train_sets, budget)
    return done.states, done.records


def advance_race_timed(
    states: Sequence[TrainingState],
    configs: Sequence[TrainingConfig],
    train_sets: TrainSet | Sequence[TrainSet],
    budget: Budget,
) -> RaceSlice:
    """Do as ``advance_race``, and tell how long each lane's steps took."""
    race = _Race(states, configs, train_sets, budget)
    with one_blas_thread(), np.errstate(all="ignore"):
        _run(race, budget)
    return race.results()


def _run(race: _Race, budget: Budget) -> None:
    """Let the race go on until the budget is used up."""
    began = 0.0 if budget.seconds is None else budget.clock()
    done, n_rounds = 0, 1
    while race.goes_on and (budget.steps is None or done < budget.steps):
        left = n_rounds if budget.steps is None else min(n_rounds, budget.steps - done)
        done += race.go_on(left)
        n_rounds = _MOST_ROUNDS
        if budget.seconds is not None:
            elapsed = budget.clock() - began
            if elapsed >= budget.seconds:
                return
            # A look at the clock after every round would cut the work of lanes that run alone
            # into single steps; half of the rounds that seem to be left overshoot by little.
            to_come = done * (budget.seconds - elapsed) / max(elapsed, _TICK)
            n_rounds = max(1, min(done, int(to_come / 2), _MOST_ROUNDS))


class _Race:
    """The lanes of a slice, and those who move them."""

    def __init__(
        self,
        states: Sequence[TrainingState],
        configs: Sequence[TrainingConfig],
        train_sets: TrainSet | Sequence[TrainSet],
        budget: Budget,
    ) -> None:
        if isinstance(train_sets, Samples | TaughtSamples):
            train_sets = [train_sets] * len(states)
        self._budget = budget
        self._lanes = [
            RacingLane(fitted(state, train_set.n_samples), config, train_set)
            for state, config, train_set in zip(states, configs, train_sets, strict=True)
        ]
        self._runners = runners_of(self._lanes, budget)

    @property
    def goes_on(self) -> bool:
        """Whether some lane can take another step within the budget."""
        return bool(self._runners)

    def go_on(self, n_rounds: int) -> int:
        """Make so many rounds, or one where lanes may meet; return how many were made."""
        meeting = may_meet(self._runners)
        n_rounds = 1 if meeting else n_rounds
        goal = self._goal(n_rounds)
        # Regrouped lanes that are not there yet go on to the same goal.
        while self._advance_to(goal):
            self._regroup()
        if meeting:
            self._regroup()
        return n_rounds

    def results(self) -> RaceSlice:
        """Return every lane's state, records and time."""
        for runner in self._runners:
            runner.finish()
        records = (
            join_records(lane.records) if lane.records else step_records([]) for lane in self._lanes
        )
        seconds = tuple(lane.seconds for lane in self._lanes)
        return RaceSlice(tuple(lane.state for lane in self._lanes), tuple(records), seconds)

    def _goal(self, n_rounds: int) -> int:
        """Return how many examples all lanes have seen after so many rounds."""
        leader = max(self._runners, key=lambda runner: (runner.batch_size, runner.samples_seen))
        last = min(runner.samples_seen for runner in self._runners)
        if last < leader.samples_seen:
            return min(leader.samples_seen, last + n_rounds * leader.batch_size)
        return leader.after(n_rounds)

    def _advance_to(self, goal: int) -> bool:
        """Move all lanes to the goal or a bound; tell whether they must be regrouped."""
        regroup = [runner.advance_to(goal, self._budget) for runner in self._runners]
        return any(regroup)

    def _regroup(self) -> None:
        for runner in self._runners:
            runner.finish()
        self._runners = runners_of(self._lanes, self._budget)
