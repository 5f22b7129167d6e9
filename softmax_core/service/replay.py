"""Steps of a run's past made once more by a worker, up to the batch somebody asks about.

Training is bit for bit the same however it is sliced, so the state before any step can be had
from an earlier one. A long way is gone in short calls, so that nobody's slice waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from softmax_core.data.dataset import Dataset
from softmax_core.data.store import open_dataset
from softmax_core.explain.step_batch import StepBatch, highest_step, step_batch
from softmax_core.service.slices import train_set_of
from softmax_core.service.stretches import Leg
from softmax_core.training import Budget, StepRecords, TrainingState, advance
from softmax_core.training.state import join_records

CALL_SECONDS: Final = 0.2


@dataclass(frozen=True)
class Replay:
    """A way still to go.

    Attributes
    ----------
    dataset : str
    state : TrainingState
    legs : tuple of Leg
        How training went from there on; those that are done may be among them.
    """

    dataset: str
    state: TrainingState
    legs: tuple[Leg, ...]


def replayed(replay: Replay, step: int, seconds: float = CALL_SECONDS) -> TrainingState:
    """Train on for at most so many seconds, and not beyond a step."""
    dataset = open_dataset(replay.dataset)
    clock = Budget().clock
    deadline = clock() + seconds
    state = replay.state
    for leg in replay.legs:
        budget = Budget(until_step=min(leg.until_step, step), seconds=max(deadline - clock(), 0.0))
        if clock() >= deadline and state.step > replay.state.step:
            break
        state, _records = advance(state, leg.config, train_set_of(leg.config, dataset), budget)
        if state.step < min(leg.until_step, step):
            break
    return state


def batch_asked_for(replay: Replay, last: int) -> StepBatch:
    """Find the step with the highest loss from the one after the state to ``last``, and its batch.

    Raises
    ------
    UserError
        When there is no such step.
    """
    dataset = open_dataset(replay.dataset)
    _end, records = _made(replay, last, dataset)
    step, loss = highest_step(records)
    before, _records = _made(replay, step - 1, dataset)
    config = next(leg.config for leg in replay.legs if leg.until_step >= step)
    return step_batch(
        config,
        before,
        train_set_of(config, dataset),
        train_set_of(config, dataset, part=True),
        loss,
    )


def _made(replay: Replay, step: int, dataset: Dataset) -> tuple[TrainingState, StepRecords]:
    """Train up to a step, however long it takes."""
    state, records = replay.state, list[StepRecords]()
    for leg in replay.legs:
        budget = Budget(until_step=min(leg.until_step, step))
        state, part = advance(state, leg.config, train_set_of(leg.config, dataset), budget)
        records.append(part)
    return state, join_records(records)
