"""A film of the run in the making: a few pictures with every request of who waits for it."""

from __future__ import annotations

import logging
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from softmax_core.errors import UserError
from softmax_core.figures.film import film_file
from softmax_core.figures.runs import run_curves
from softmax_core.service import Session, View, WorkerDiedError, shared_engine
from softmax_core.service.film import FilmOrder, Still, film_stills
from softmax_core.service.traffic import MAX_FAILURES
from ui.datasets import dataset_title
from ui.live.seen import without_seen_test
from ui.words import _, network_title, plain_number

_LOG: Final = logging.getLogger(__name__)
_NAME: Final = "film"  # of a session's asides
_FAILED: Final = "The film could not be drawn. Nothing was lost: ask for it again."
FEWEST: Final = 2  # pictures of a film


@dataclass
class FilmJob:
    """How far it is; changed by one request at a time."""

    order: FilmOrder
    stills: list[bytes] = field(default_factory=list)
    future: Future[Any] | None = None
    file: bytes | None = None
    failures: int = 0  # of the same call, in a row

    @property
    def n_stills(self) -> int:
        """How many pictures it will have."""
        return len(self.order.stills)


def film_job(session: Session) -> FilmJob:
    """Go on with the film of this run, or begin it, and tell how far it is.

    Raises
    ------
    UserError
        When there is not enough to show, or no worker could draw it.
    """
    _kept, job = session.asides.get(_NAME, (None, None))
    if not isinstance(job, FilmJob):
        job = FilmJob(_order(session))
        session.asides[_NAME] = (None, job)
    _take(session, job)
    if job.file is None and job.future is None:
        engine, done = shared_engine(), len(job.stills)
        if done < job.n_stills:
            rest = replace(job.order, stills=job.order.stills[done:])
            job.future = engine.compute(film_stills, rest)
        else:
            job.future = engine.compute(film_file, job.stills)
    return job


def cancel_film(session: Session) -> None:
    """Forget the film; what a worker is drawing of it is the last."""
    session.asides.pop(_NAME, None)


def film_file_name(session: Session) -> str:
    """Return what the file is called."""
    return f"run-{session.state.step}-steps.gif"


def _order(session: Session) -> FilmOrder:
    view, snapshots = _view(session)
    if len(snapshots) < FEWEST:
        raise UserError("film-short", _("A film needs two steps that were kept: train first."))
    curves = run_curves(view.curve, view.evaluations, view.marks)
    return FilmOrder(view.config, _heading(view), curves, snapshots)


def _view(session: Session) -> tuple[View, tuple[Still, ...]]:
    engine = shared_engine()
    view = without_seen_test(engine.view(session))
    measured = {evaluation.step: evaluation for evaluation in view.evaluations}
    stills = tuple(
        Still(snapshot.step, snapshot.state, measured.get(snapshot.step))
        for snapshot in engine.snapshots_of(session)
        if all(np.isfinite(array).all() for array in snapshot.state.params.values())
    )
    return view, stills


def _heading(view: View) -> str:
    return _("{dataset}, {network}, learning rate {rate}, batch {batch:,}").format(
        dataset=dataset_title(view.config.dataset),
        network=network_title(view.config.network),
        rate=plain_number(view.config.learning_rate),
        batch=view.batch_size,
    )


def _take(session: Session, job: FilmJob) -> None:
    """Keep what a worker has drawn, once it has."""
    if job.future is None or not job.future.done():
        return
    future, job.future = job.future, None
    try:
        result = future.result()
    except (CancelledError, WorkerDiedError) as error:
        job.failures += 1
        if job.failures < MAX_FAILURES:
            return  # asked again
        cancel_film(session)
        raise UserError("film-failed", _(_FAILED)) from error
    except UserError:
        cancel_film(session)
        raise
    except Exception as error:
        _LOG.exception("A worker could not draw a film.")
        cancel_film(session)
        raise UserError("film-failed", _(_FAILED)) from error
    job.failures = 0
    if isinstance(result, bytes):
        job.file = result
    else:
        job.stills += result
