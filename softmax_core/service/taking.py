"""What the result of a slice changes in its session."""

from __future__ import annotations

from dataclasses import replace

from softmax_core.service.session import Session, Status, measured_alike
from softmax_core.service.slices import SliceOrder, SliceResult
from softmax_core.service.snapshots import Snapshot
from softmax_core.service.wording import change_of_settings
from softmax_core.training.state import fitted


def take(session: Session, order: SliceOrder, result: SliceResult, now: float) -> None:
    """Put a slice's state in place of the old one and its records behind the others."""
    session.failures = 0
    session.state = result.state
    session.history.add(result.records)
    n_steps = len(result.records.step)
    if n_steps:
        session.edits = ()  # an undo would go back behind these steps
        session.speed.count(now, result.state.samples_seen)
        if result.ratio is not None:
            session.history.ratios.add(result.ratio.step, result.ratio.whole)
    _take_evaluations(session, order, result, now)
    if result.evaluations:
        session.evaluation_took, session.trained_since = result.evaluation_seconds, 0.0
    else:
        session.trained_since += result.seconds
    if order.counts_steps:
        session.steps_wanted -= n_steps
    if result.state.stop is not None:
        session.settle(Status.STOPPED, result.state.stop.reason)
    elif session.status is Status.RUNNING and session.reached_goal:
        done = result.state.epoch >= session.epochs_target
        session.settle(Status.FINISHED if done else Status.IDLE)
    session.changed()


def _take_evaluations(session: Session, order: SliceOrder, result: SliceResult, now: float) -> None:
    marks = tuple(session.history.marks)
    for evaluation, state in result.evaluated:
        session.snapshots.add(Snapshot(state, evaluation, order.config, marks))
        session.last_snapshot = now
    for evaluation in result.evaluations:
        session.history.add_evaluation(evaluation, keep=session.snapshots.steps)
        session.last_evaluation = now
        if evaluation.step == result.state.step and measured_alike(order.config, session.config):
            session.unmeasured = False


def take_settings(session: Session) -> None:
    """Ready a session for a slice with other settings than the last one had, and mark them."""
    before = session.trained_with
    if before is not None and before != session.config and session.state.step:
        text = change_of_settings(before, session.config)
        if text:
            session.history.mark(session.state.step, text)
    if before is not None and before.taught != session.config.taught:
        # Signs of life are counted in passes over one and the same training set.
        session.state = replace(fitted(session.state, session.n_samples), last_active=None)
        session.history.resize(session.n_samples, session.state)
    session.trained_with = session.config
    session.stretches.begin(session.state.step, session.config)
