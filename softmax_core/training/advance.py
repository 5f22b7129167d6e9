"""One slice of training: a pure function from a state to a later state."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn import Params, Variant
from softmax_core.training.bookkeeping import Place, at, place_of
from softmax_core.training.config import TrainingConfig
from softmax_core.training.diagnosis import cure, diagnose
from softmax_core.training.divergence import (
    HIGH_LOSS_STEPS,
    is_high,
    stopped,
    why_lost,
    why_not,
)
from softmax_core.training.fused import FusedStepper, is_fused
from softmax_core.training.layered import LayeredStepper, network_of
from softmax_core.training.orders import kept_order
from softmax_core.training.samples import input_scale
from softmax_core.training.start import first_state
from softmax_core.training.state import (
    Doubt,
    LastActive,
    StepRecords,
    Stop,
    TrainingState,
    fitted,
    step_records,
)
from softmax_core.training.stepper import StepFigures, Stepper
from softmax_core.training.taught import TaughtSamples, TrainSet, check_taught
from softmax_core.training.threads import one_blas_thread

__all__ = ["Budget", "advance", "first_state"]


@dataclass(frozen=True)
class Budget:
    """How far a slice may go; it ends at whichever bound comes first.

    Attributes
    ----------
    steps : int or None
        At most so many steps.
    until_step, until_epoch : int or None
        Not beyond this step, not beyond so many whole epochs.
    until_samples : int or None
        No new step once so many samples have been seen since the start.
    seconds : float or None
        No new step after this time by ``clock``; at least one step is taken.
    clock : callable
        Seconds, monotonic. The only clock training ever sees.
    """

    steps: int | None = None
    until_step: int | None = None
    until_epoch: int | None = None
    until_samples: int | None = None
    seconds: float | None = None
    clock: Callable[[], float] = time.perf_counter

    def ends_at(self, step: int, epoch: int, samples_seen: int) -> bool:
        """Tell whether a run that has come so far makes no further step."""
        return (
            (self.until_step is not None and step >= self.until_step)
            or (self.until_epoch is not None and epoch >= self.until_epoch)
            or (self.until_samples is not None and samples_seen >= self.until_samples)
        )


def advance(
    state: TrainingState, config: TrainingConfig, train_set: TrainSet, budget: Budget
) -> tuple[TrainingState, StepRecords]:
    """Train from ``state`` until the budget is used up or the run must stop.

    The result depends on the state, the settings and the data alone: however a run
    is cut into slices, its weights and records are the same bit for bit. Every epoch
    visits each sample once, in the order of ``epoch_order(seed, epoch)``; the last
    batch of an epoch may be short and is averaged over its real size.

    Taught drawings may join or leave in the middle of an epoch. Then that epoch's order is
    drawn anew for the new number of samples and the position in it is kept, so that this one
    epoch may visit a sample twice or not at all; where the new set ends before the position,
    the epoch is over.

    Parameters
    ----------
    state : TrainingState
        Not changed.
    config : TrainingConfig
        May differ from the last slice's in anything but what the start depends on.
    train_set : Samples or TaughtSamples
        As ``with_taught`` makes it of the data set and ``config.taught``.
    budget : Budget

    Returns
    -------
    state : TrainingState
        With ``stop`` set when the loss or the update left all bounds.
    records : StepRecords
        One row for every step taken, the step that was refused left out.

    Raises
    ------
    UserError
        When a taught drawing is of a class that the network has not.
    """
    n_samples = train_set.n_samples
    batch_size = real_batch_size(config, train_set)
    state = fitted(state, n_samples)
    if isinstance(train_set, TaughtSamples):
        check_taught(config.taught, train_set.n_features, n_classes=_n_classes(state.params))
    stepper = _stepper(state, config, train_set, batch_size)
    rows: list[tuple[float, ...]] = []
    order: NDArray[np.unsignedinteger] = np.empty(0, np.uint8)
    order_epoch = -1
    deadline = None if budget.seconds is None else budget.clock() + budget.seconds
    known, place = state, place_of(state)
    earlier = None if state.previous is None else (state.previous, place_of(state.previous))
    # Overflow is looked for, and named, by the code that judges each step.
    with one_blas_thread(), np.errstate(all="ignore"):
        while known.stop is None and not _spent(budget, place, len(rows), deadline):
            if place.epoch != order_epoch:
                order_epoch = place.epoch
                order = kept_order(config.seed, order_epoch, n_samples, config.order)
            batch = order[place.position : place.position + batch_size].astype(np.int64)
            figures = stepper.measure(batch, config.l2)
            cause = why_not(figures, config.learning_rate)
            if cause is not None or not _is_well(known, figures.loss):
                known, cause = _judge(known, place, earlier, figures, cause, stepper)
            if cause is not None:
                fault = diagnose(stepper.snapshot()[0], config, train_set, batch)
                reason = cause if fault is None else fault.sentence()
                stop = Stop(place.step + 1, reason, fault)
                return stopped(known, stop, cure(config)), step_records(rows)
            stepper.update(config.learning_rate, config.momentum)
            earlier = known, place
            place = place.after(len(batch), n_samples)
            if figures.active is not None:
                known = _seen_alive(known, earlier[1], place, figures.active)
            rows.append(_row(place, figures, config, len(batch)))
    if known.stop is not None:
        return known, step_records(rows)
    here = _with_params(at(known, place), stepper.snapshot())
    return replace(here, previous=_before(earlier, stepper)), step_records(rows)


def real_batch_size(config: TrainingConfig, train_set: TrainSet) -> int:
    """Return how many samples a batch has; the whole data set means all that joined it, too."""
    base = train_set.base if isinstance(train_set, TaughtSamples) else train_set
    whole = config.batch_size >= base.n_samples
    return train_set.n_samples if whole else config.batch_size


def _n_classes(params: Params) -> int:
    return int([array for array in params.values() if array.ndim == 2][-1].shape[1])


def _stepper(
    state: TrainingState, config: TrainingConfig, train_set: TrainSet, batch_size: int
) -> Stepper:
    network = network_of(config, state.params)
    if is_fused(network) and config.variant == Variant():
        scale = input_scale(train_set, config.pixels)
        return FusedStepper(network, state, train_set, batch_size, scale)
    return LayeredStepper(config, state, train_set, batch_size)


def _spent(budget: Budget, place: Place, done: int, deadline: float | None) -> bool:
    if budget.steps is not None and done >= budget.steps:
        return True
    if budget.ends_at(place.step, place.epoch, place.samples_seen):
        return True
    return deadline is not None and done > 0 and budget.clock() >= deadline


def _is_well(known: TrainingState, loss: float) -> bool:
    """Tell whether nothing is to be noted: the loss is low, as it has been since the start."""
    start_loss = known.start_loss
    return start_loss is not None and known.doubt is None and not is_high(loss, start_loss)


def _judge(
    known: TrainingState,
    place: Place,
    earlier: tuple[TrainingState, Place] | None,
    figures: StepFigures,
    cause: str | None,
    stepper: Stepper,
) -> tuple[TrainingState, str | None]:
    """Return what is known, its doubts brought up to date, and why to stop, if it must.

    A doubt carries the parameters to go back to: those whose own loss was still good,
    which are one step behind the ones just measured.
    """
    start_loss = figures.loss if known.start_loss is None else known.start_loss
    if cause is None and not is_high(figures.loss, start_loss):
        return replace(known, start_loss=start_loss, doubt=None), None
    if known.doubt is None:
        trusted = _before(earlier, stepper)
        trusted = trusted or _with_params(at(known, place), stepper.snapshot())
        known = replace(known, start_loss=start_loss, doubt=Doubt(trusted, 0))
    doubt = known.doubt
    assert doubt is not None  # begun above
    doubt = replace(doubt, high_steps=doubt.high_steps + 1)
    if cause is None and doubt.high_steps >= HIGH_LOSS_STEPS:
        cause = why_lost(doubt, figures.loss, start_loss)
    return replace(known, doubt=doubt), cause


def _seen_alive(
    known: TrainingState, before: Place, place: Place, active: NDArray[np.bool_]
) -> TrainingState:
    """Note for each class that is alive that it was so here."""
    # A class of which nothing is known yet, as after loading, has until now been alive.
    then = LastActive(before.step, before.samples_seen)
    now = LastActive(place.step, place.samples_seen)
    last = known.last_active or (then,) * len(active)
    signs = (now if alive else sign for alive, sign in zip(active, last, strict=True))
    return replace(known, last_active=tuple(signs))


def _row(
    place: Place, figures: StepFigures, config: TrainingConfig, used: int
) -> tuple[float, ...]:
    return (
        place.step,
        figures.loss,
        figures.accuracy,
        figures.gradient_norm,
        config.learning_rate,
        used,
        place.samples_seen,
    )


def _before(earlier: tuple[TrainingState, Place] | None, stepper: Stepper) -> TrainingState | None:
    """Return the state one step behind, with its parameters and no past of its own."""
    if earlier is None:
        return None
    state = _with_params(at(*earlier), stepper.snapshot_before())
    return replace(state, previous=None, doubt=None)


def _with_params(state: TrainingState, snapshot: tuple[Params, Params]) -> TrainingState:
    params, velocity = snapshot
    return replace(state, params=params, velocity=velocity)
