"""Operate: rub out weights or swap two classes, see what it does, take it back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from softmax_core.errors import UserError
from softmax_core.explain import class_weights, erased, swapped
from softmax_core.figures import scaled_weights, weights_summary
from softmax_core.service import Session, View, shared_engine
from ui.live.explained.question import Question
from ui.live.explained.subject import UNTOUCHED, Answer, Subject, finite, subject_of
from ui.words import _


def operate_answer(subject: Subject, question: Question) -> Answer:
    """Return every class's weights on one scale, and how the picture is read with them."""
    W = class_weights(subject.network, subject.params)
    pictures, limit = scaled_weights(W)
    header = {
        "k": subject.chosen_class(question.k),
        "limit": limit,
        "can_erase": subject.kind != "hidden",
        "summary": weights_summary(W, subject.names),
    }
    return header, {
        "pictures": ("i1", pictures),
        "probabilities": ("f4", subject.reading.probabilities),
    }


def erase(session: Session, k: int, region: NDArray[np.bool_]) -> None:
    """Set a class's weights to 0 in a region of the picture.

    Raises
    ------
    UserError
        If the model has a hidden layer, the class or the region do not fit it, or the weights
        shown are not the newest.
    """
    subject = _subject(session)
    params = erased(subject.network, subject.params, k, region)
    text = _("{n} weights of {name} erased")
    text = text.format(n=int(np.count_nonzero(region)), name=subject.names[k])
    _edit(session, subject.view, params, text)


def swap(session: Session, a: int, b: int) -> None:
    """Exchange two classes.

    Raises
    ------
    UserError
        If they are not two classes of the model, or the weights shown are not the newest.
    """
    subject = _subject(session)
    params = swapped(subject.network, subject.params, a, b)
    text = _("{a} and {b} swapped").format(a=subject.names[a], b=subject.names[b])
    _edit(session, subject.view, params, text)


def _subject(session: Session) -> Subject:
    view = shared_engine().view(session)
    if view.pinned:
        raise UserError(
            "edit-pinned",
            _(
                "These are the weights of step {step}, and the run has gone on. Follow the run "
                "to operate on its newest weights."
            ).format(step=view.shown.step),
        )
    return subject_of(view)


def _edit(session: Session, view: View, params: dict[str, NDArray[np.float32]], text: str) -> None:
    if not view.edits:
        evaluation = view.shown_evaluation
        accuracy = None if evaluation is None else finite(evaluation.test_accuracy)
        session.asides[UNTOUCHED] = (None, accuracy)
    shared_engine().edit(session, params, text)
