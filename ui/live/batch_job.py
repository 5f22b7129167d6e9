"""The way back to one step's batch, a short call to a worker at a time.

The next call is made when somebody asks how far it is: without a browser that waits for it,
nothing is trained once more.
"""

from __future__ import annotations

import logging
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from softmax_core.errors import UserError
from softmax_core.explain.step_batch import StepBatch
from softmax_core.limits import MAX_REPLAYED_SAMPLES
from softmax_core.service import Session, WorkerDiedError, shared_engine
from softmax_core.service.past import Way
from softmax_core.service.replay import Replay, batch_asked_for, replayed
from softmax_core.service.traffic import MAX_FAILURES
from softmax_core.training import TrainingState
from ui.words import _

_LOG: Final = logging.getLogger(__name__)
_NAME: Final = "step_batch"  # of a session's asides
_FAILED: Final = "This batch could not be worked out. Nothing was lost."


class Span(NamedTuple):
    """The steps behind one point of the curve; the one with the highest loss is shown."""

    run: int  # it is of: the numbers of steps begin anew where a run does
    first: int
    last: int


@dataclass
class BatchJob:
    """How far the way has been gone; changed by one request at a time."""

    span: Span
    begin: int  # where the way began
    replay: Replay
    future: Future[Any] | None = None
    batch: StepBatch | None = None
    failures: int = 0  # of the same call, in a row

    @property
    def at_step(self) -> int:
        """How far it is."""
        return self.replay.state.step


def batch_job(session: Session, step: int) -> BatchJob:
    """Go on with the way to the batch behind a point of the curve, and tell how far it is.

    Parameters
    ----------
    session : Session
    step : int
        One of those the point stands for.

    Raises
    ------
    UserError
        When it cannot be reached, or no worker could do it.
    """
    span = _span(session, step)
    _kept, job = session.asides.get(_NAME, (None, None))
    if not isinstance(job, BatchJob) or job.span != span:
        job = _begun(session, span)
        session.asides[_NAME] = (None, job)
    _take(session, job)
    if job.batch is None and job.future is None:
        job.future = _next_call(job)
    return job


def _span(session: Session, step: int) -> Span:
    newest = session.state.step
    if not 1 <= step <= newest:
        text = _("Step {step:,} has not been made; the run is at step {newest:,}.")
        raise UserError("batch-step", text.format(step=step, newest=newest))
    width = session.history.width
    first = (step - 1) // width * width + 1
    return Span(session.run_id, first, min(first + width - 1, newest))


def _begun(session: Session, span: Span) -> BatchJob:
    engine = shared_engine()
    try:  # a step further back, so that it can be said what that step did
        way = engine.way_to(session, span.last, max(span.first - 2, 0))
    except UserError:
        way = engine.way_to(session, span.last, span.first - 1)
    _check_length(session, span, way)
    return BatchJob(span, way.start.step, Replay(session.config.dataset, way.start, way.legs))


def _check_length(session: Session, span: Span, way: Way) -> None:
    n_steps = span.last - way.start.step
    if n_steps * min(session.batch_size, session.n_samples) > MAX_REPLAYED_SAMPLES:
        text = _(
            "To see this batch, {n:,} steps would have to be made again from step {start:,}, the "
            "last one that was kept: too many. Choose a step sooner after a kept one."
        )
        raise UserError("batch-far", text.format(n=n_steps, start=way.start.step))


def _next_call(job: BatchJob) -> Future[Any]:
    engine, before = shared_engine(), job.span.first - 1
    if job.at_step < before:
        return engine.compute(replayed, job.replay, before)
    return engine.compute(batch_asked_for, job.replay, job.span.last)


def _take(session: Session, job: BatchJob) -> None:
    """Keep what a worker has come to, once it has."""
    if job.future is None or not job.future.done():
        return
    future, job.future = job.future, None
    try:
        result = future.result()
    except (CancelledError, WorkerDiedError) as error:
        job.failures += 1
        if job.failures < MAX_FAILURES:
            return  # asked again
        session.asides.pop(_NAME, None)
        raise UserError("batch-failed", _(_FAILED)) from error
    except UserError:
        session.asides.pop(_NAME, None)
        raise
    except Exception as error:
        _LOG.exception("A worker could not work out a batch.")
        session.asides.pop(_NAME, None)
        raise UserError("batch-failed", _(_FAILED)) from error
    job.failures = 0
    if isinstance(result, TrainingState):
        job.replay = replace(job.replay, state=result)
    else:
        job.batch = result
