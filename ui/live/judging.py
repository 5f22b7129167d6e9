"""A run's test set judged by a worker, with the weights that are shown.

At most one job a session is under way; what it finds is kept with the session, and what is
newer by then is asked for next. Called from the server's own loop alone, so that two tabs of
a browser cannot ask twice.
"""

from __future__ import annotations

import logging
from concurrent.futures import CancelledError, Future
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.explain import Confusion, Verdicts, confusion_of
from softmax_core.explain.judging import JudgedSet, average_pictures, judge_test_set
from softmax_core.explain.mistakes import Indices
from softmax_core.figures.confusion import confusion_summary
from softmax_core.nn import Params
from softmax_core.service import Session, View, WorkerDiedError, shared_engine
from softmax_core.service.traffic import MAX_FAILURES
from ui.words import _

_LOG: Final = logging.getLogger(__name__)
_ASKED: Final = "judging"  # names of a session's asides
_FOUND: Final = "judged"
_AVERAGES: Final = "averages"
_FAILURES: Final = "judging_failures"


class Subject(NamedTuple):
    """What is judged: weights, told apart by being the same arrays, and how they read pixels."""

    step: int
    params: Params
    pixels: str

    def is_same(self, other: Subject) -> bool:
        """Tell whether nothing has changed that a verdict depends on."""
        return self.params is other.params and self.pixels == other.pixels


class Judged(NamedTuple):
    """What was found, with the weights of ``step``; ``serial`` tells it from what was before."""

    step: int
    serial: int
    sentence: str
    verdicts: Verdicts
    confusion: Confusion
    surest: Indices
    mistaken: NDArray[np.uint8]  # (n_classes, n_features): means of what is wrongly read so


class Judging(NamedTuple):
    """How far the judging of what is shown has come."""

    judged: Judged | None  # the newest there is, None before the first
    is_stale: bool  # it is of other weights than those shown; newer ones are being judged
    trouble: str  # why it could not be worked out, or nothing


def judging_of(session: Session, view: View) -> Judging:
    """Return what is known of the weights shown, and have a worker judge them if need be."""
    wanted = Subject(view.shown.step, view.shown.params, view.shown_config.pixels)
    _take(session)
    of, judged, trouble = _found(session)
    fresh = of is not None and wanted.is_same(of)
    if not fresh and _ASKED not in session.asides:
        future = shared_engine().compute(judge_test_set, view.shown_config, wanted.params)
        session.asides[_ASKED] = (wanted, future)
    return Judging(judged, not fresh, trouble if fresh else "")


def averages_of(session: Session) -> NDArray[np.uint8] | None:
    """Return the mean training picture of each class; None while a worker computes them."""
    name = session.config.dataset
    of, known = session.asides.get(_AVERAGES, (None, None))
    if of != name:
        known = shared_engine().compute(average_pictures, name)
    elif isinstance(known, Future):
        if not known.done():
            return None
        known, _trouble = _answer(known)
    session.asides[_AVERAGES] = (name, known)
    return known if isinstance(known, np.ndarray) else None


def _found(session: Session) -> tuple[Subject | None, Judged | None, str]:
    of, found = session.asides.get(_FOUND, (None, (None, "")))
    assert of is None or isinstance(of, Subject)  # nothing else is kept under this name
    assert isinstance(found, tuple)
    return of, *found


def _take(session: Session) -> None:
    """Keep what the worker has found, once it has."""
    subject, future = session.asides.get(_ASKED, (None, None))
    if not isinstance(subject, Subject) or not isinstance(future, Future) or not future.done():
        return
    del session.asides[_ASKED]
    found, trouble = _answer(future)
    failures = int(found is None and not trouble) and _failures(session) + 1
    session.asides[_FAILURES] = (None, failures)
    if failures >= MAX_FAILURES:
        trouble = _("The test set could not be judged: it was interrupted twice.")
    elif failures:
        return  # interrupted: asked for again
    judged = _found(session)[1]
    if found is not None:
        serial = 1 if judged is None else judged.serial + 1
        judged = _judged(session, subject.step, found, serial)
    session.asides[_FOUND] = (subject, (judged, trouble))


def _failures(session: Session) -> int:
    """Return how often in a row a worker did not come to an end."""
    counted = session.asides.get(_FAILURES, (None, 0))[1]
    return counted if isinstance(counted, int) and counted < MAX_FAILURES else 0


def _judged(session: Session, step: int, found: JudgedSet, serial: int = 0) -> Judged:
    names = open_dataset(session.config.dataset).info.class_names
    confusion = confusion_of(found.verdicts, len(names))
    sentence = confusion_summary(confusion, names)
    return Judged(step, serial, sentence, found.verdicts, confusion, found.surest, found.mistaken)


def _answer(future: Future[Any]) -> tuple[Any, str]:
    """Return what a worker found, and why not if it has found nothing."""
    try:
        return future.result(), ""
    except UserError as error:
        return None, error.text
    except (CancelledError, WorkerDiedError):
        return None, ""
    except Exception:
        _LOG.exception("A worker could not judge a test set.")
        return None, _("The test set could not be judged with these weights. Nothing was lost.")


def judged_now(session: Session, seconds: float) -> Judged:
    """Wait for a verdict on the weights shown; for downloads, which have a thread of their own.

    Raises
    ------
    UserError
        When the data set cannot be had.
    TimeoutError
        When the workers are too busy for it.
    """
    view = shared_engine().view(session)
    future = shared_engine().compute(judge_test_set, view.shown_config, view.shown.params)
    return _judged(session, view.shown.step, future.result(timeout=seconds))
