"""Nudge: the picture moved, and how it is read; a worker asks the whole test set."""

from __future__ import annotations

import logging
from concurrent.futures import CancelledError, Future
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.errors import UserError
from softmax_core.explain import Nudge, NudgedAccuracy, Reading, nudged, nudged_accuracy, read_digit
from softmax_core.figures.nudge import nudge_summary
from softmax_core.nn import Params
from softmax_core.service import Session, View, WorkerDiedError, shared_engine
from ui.live.explained.question import Question
from ui.live.explained.subject import Answer, Subject
from ui.words import _

_LOG: Final = logging.getLogger(__name__)
_ASIDE: Final = "nudged"


class Measured(NamedTuple):
    """What a worker was asked: weights, told apart by being the same arrays, and a nudge."""

    step: int
    params: Params
    pixels: str
    nudge: Nudge

    def is_same(self, other: Measured) -> bool:
        """Tell whether nothing has changed that the answer depends on."""
        mine, its = (self.pixels, self.nudge), (other.pixels, other.nudge)
        return self.params is other.params and mine == its


def nudged_reading(subject: Subject, nudge: Nudge) -> tuple[NDArray[np.uint8], Reading]:
    """Return the picture as the nudge leaves it, and how it is read."""
    shape = subject.dataset.info.image_shape
    picture = nudged(subject.digit.reshape(1, -1), shape, nudge)[0]
    pixels = subject.view.shown_config.pixels
    return picture, read_digit(subject.network, subject.params, picture, pixels)


def nudge_answer(subject: Subject, question: Question) -> Answer:
    """Return both pictures and both readings."""
    picture, reading = nudged_reading(subject, question.nudge)
    readings = (subject.reading, reading)
    header = {
        "after": reading.prediction,
        "after_confidence": reading.confidence,
        "summary": nudge_summary(question.nudge, readings, subject.names),
        "is_nudged": question.nudge != Nudge(),
    }
    return header, {
        "digits": ("u1", np.stack([subject.digit.ravel(), picture])),
        "probabilities": ("f4", np.stack([each.probabilities for each in readings])),
    }


def accuracy_answer(session: Session, view: View, nudge: Nudge) -> dict[str, Any]:
    """Tell how far a worker is with the nudged test set; have it begin where none has.

    A session has at most one such job: a newer nudge waits until the older has ended, and
    what that found is dropped. Called from the server's own loop alone.
    """
    wanted = Measured(view.shown.step, view.shown.params, view.shown_config.pixels, nudge)
    of, future = session.asides.get(_ASIDE, (None, None))
    if isinstance(of, Measured) and isinstance(future, Future):
        if of.is_same(wanted):
            return _progress(session, of, future)
        if not future.done() and not future.cancel():
            return {"state": "working"}
    job = shared_engine().compute(nudged_accuracy, view.shown_config, view.shown.params, nudge)
    session.asides[_ASIDE] = (wanted, job)
    return {"state": "working"}


def known_accuracy(session: Session, view: View, nudge: Nudge) -> NudgedAccuracy | None:
    """Return what a worker has found already of this nudge and the weights shown."""
    wanted = Measured(view.shown.step, view.shown.params, view.shown_config.pixels, nudge)
    of, future = session.asides.get(_ASIDE, (None, None))
    if not isinstance(of, Measured) or not of.is_same(wanted) or not isinstance(future, Future):
        return None
    if not future.done() or future.cancelled() or future.exception() is not None:
        return None
    found = future.result()
    return found if isinstance(found, NudgedAccuracy) else None


def _progress(session: Session, of: Measured, future: Future[Any]) -> dict[str, Any]:
    if not future.done():
        return {"state": "working"}
    try:
        found: NudgedAccuracy = future.result()
    except UserError as error:
        return {"state": "failed", "text": error.text}
    except (CancelledError, WorkerDiedError):
        session.asides.pop(_ASIDE, None)  # asked for anew at the next look
        return {"state": "working"}
    except Exception:
        _LOG.exception("A worker could not nudge a test set.")
        return {"state": "failed", "text": _("The test set could not be nudged. Nothing is lost.")}
    return {"state": "done", "step": of.step, "plain": found.plain, "nudged": found.nudged}
