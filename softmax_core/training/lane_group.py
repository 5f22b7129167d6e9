"""Lanes that share every batch, trained as one computation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn import Params, Variant
from softmax_core.training.advance import real_batch_size
from softmax_core.training.config import TrainingConfig
from softmax_core.training.diagnosis import cure, diagnose
from softmax_core.training.divergence import (
    HIGH_LOSS_FACTOR,
    HIGH_LOSS_FLOOR,
    HIGH_LOSS_STEPS,
    LONGEST_UPDATE,
    is_high,
    stopped,
    why_lost,
    why_not,
)
from softmax_core.training.side_by_side import LaneFigures, SideBySide
from softmax_core.training.start import epoch_order
from softmax_core.training.state import Doubt, StepRecords, Stop, TrainingState
from softmax_core.training.stepper import StepFigures
from softmax_core.training.taught import TrainSet


@dataclass(frozen=True)
class _Place:
    """Where all lanes of a group are; steps and samples are counted from the group's start."""

    steps: int
    epoch: int
    position: int
    samples: int


def can_share(config: TrainingConfig) -> bool:
    """Tell whether a lane can be computed beside others: plain softmax regression."""
    return config.network == "softmax" and config.bias != "none" and config.variant == Variant()


class LaneGroup:
    """Some lanes that begin at the same place of the same order, with the same batches.

    Parameters
    ----------
    states : sequence of TrainingState
        All with the same epoch and position. They are not changed.
    configs : sequence of TrainingConfig
        Alike in seed, order, pixels, batch size and taught drawings; ``can_share`` is true.
    train_set : Samples or TaughtSamples
    """

    def __init__(
        self,
        states: Sequence[TrainingState],
        configs: Sequence[TrainingConfig],
        train_set: TrainSet,
    ) -> None:
        self._states, self._configs, self._train_set = states, configs, train_set
        self._batch_size = real_batch_size(configs[0], train_set)
        self._stepper = SideBySide(states, configs, train_set, self._batch_size)
        self._now = self._before = _Place(0, states[0].epoch, states[0].position, 0)
        self._doubts = {i: state.doubt for i, state in enumerate(states) if state.doubt}
        self._start_loss = np.array(
            [np.nan if state.start_loss is None else state.start_loss for state in states]
        )
        self._rates = np.array([config.learning_rate for config in configs])
        self._stopped: dict[int, TrainingState] = {}
        self._figures: list[LaneFigures] = []
        self._sizes: list[int] = []
        self._order, self._order_epoch = np.empty(0, np.int64), -1

    def advance(self, n_steps: int) -> bool:
        """Take so many steps, fewer when a lane must stop; tell whether one did.

        The other lanes take the step at which it stopped.
        """
        for _ in range(n_steps):
            if self._stopped:
                break
            rows = self._rows()
            figures = self._stepper.measure(rows)
            self._judge(figures, rows)
            self._stepper.update()
            self._count(len(rows))
            self._figures.append(figures)
        return bool(self._stopped)

    def results(self) -> list[tuple[TrainingState, StepRecords]]:
        """Return each lane's state and its records since the group was made."""
        n_lanes = len(self._states)
        table = np.array(self._figures, np.float32).reshape(-1, len(LaneFigures._fields), n_lanes)
        return [
            (self._stopped.get(lane) or self._state(lane), self._records(lane, table[:, :, lane]))
            for lane in range(n_lanes)
        ]

    def _rows(self) -> NDArray[np.int64]:
        config, n_samples = self._configs[0], self._train_set.n_samples
        if self._now.epoch != self._order_epoch:
            self._order_epoch = self._now.epoch
            self._order = epoch_order(config.seed, self._order_epoch, n_samples, config.order)
        return self._order[self._now.position : self._now.position + self._batch_size]

    def _count(self, used: int) -> None:
        self._before, now = self._now, self._now
        self._sizes.append(used)
        position, epoch = now.position + used, now.epoch
        if position >= self._train_set.n_samples:
            position, epoch = 0, epoch + 1
        self._now = _Place(now.steps + 1, epoch, position, now.samples + used)

    def _judge(self, figures: LaneFigures, rows: NDArray[np.int64]) -> None:
        """Look closer at lanes whose loss is high, or whose update would not do."""
        loss, start = figures.loss, self._start_loss
        if not self._now.steps:
            start = self._start_loss = np.where(np.isnan(start), loss, start)
        bound = np.maximum(HIGH_LOSS_FACTOR * start, HIGH_LOSS_FLOOR)
        length = self._rates * figures.gradient_norm
        # Written so that NaN is not fine.
        fine = (loss <= bound) & (length <= LONGEST_UPDATE)
        if fine.all() and not self._doubts:
            return
        for lane in sorted({*np.flatnonzero(~fine).tolist(), *self._doubts}):
            own_loss, own_accuracy, own_norm = (float(column[lane]) for column in figures)
            self._judge_lane(lane, StepFigures(own_loss, own_accuracy, own_norm), rows)

    def _judge_lane(self, lane: int, figures: StepFigures, rows: NDArray[np.int64]) -> None:
        """Doubt a lane or trust it again, or stop it; as ``advance`` does with a run."""
        config, start_loss = self._configs[lane], float(self._start_loss[lane])
        cause = why_not(figures, config.learning_rate)
        if cause is None and not is_high(figures.loss, start_loss):
            self._doubts.pop(lane, None)
            return
        doubt = self._doubts.get(lane) or Doubt(self._trusted(lane), 0)
        doubt = self._doubts[lane] = replace(doubt, high_steps=doubt.high_steps + 1)
        if cause is None and doubt.high_steps >= HIGH_LOSS_STEPS:
            cause = why_lost(doubt, figures.loss, start_loss)
        if cause is not None:
            fault = diagnose(self._stepper.snapshot(lane)[0], config, self._train_set, rows)
            step = self._states[lane].step + self._now.steps + 1
            stop = Stop(step, cause if fault is None else fault.sentence(), fault)
            self._stopped[lane] = stopped(self._state(lane), stop, cure(config))

    def _trusted(self, lane: int) -> TrainingState:
        """Return what a lane goes back to: the last weights whose own loss was good."""
        before = self._previous(lane)
        return self._states[lane] if before is None else before

    def _state(self, lane: int) -> TrainingState:
        state = self._at(lane, self._now, self._stepper.snapshot(lane))
        return replace(state, previous=self._previous(lane), doubt=self._doubts.get(lane))

    def _previous(self, lane: int) -> TrainingState | None:
        if not self._now.steps:
            return self._states[lane].previous
        return self._at(lane, self._before, self._stepper.snapshot_before(lane))

    def _at(self, lane: int, place: _Place, arrays: tuple[Params, Params]) -> TrainingState:
        first, start_loss = self._states[lane], float(self._start_loss[lane])
        return TrainingState(
            params=arrays[0],
            velocity=arrays[1],
            step=first.step + place.steps,
            epoch=place.epoch,
            position=place.position,
            samples_seen=first.samples_seen + place.samples,
            start_loss=None if np.isnan(start_loss) else start_loss,
        )

    def _records(self, lane: int, figures: NDArray[np.float32]) -> StepRecords:
        first, done = self._states[lane], self._now.steps - (lane in self._stopped)
        loss, accuracy, norm = figures[:done].T.copy()
        sizes = np.array(self._sizes[:done], np.int32)
        return StepRecords(
            first.step + 1 + np.arange(done, dtype=np.int64),
            loss,
            accuracy,
            norm,
            np.full(done, self._rates[lane], np.float32),
            sizes,
            first.samples_seen + np.cumsum(sizes, dtype=np.int64),
        )
