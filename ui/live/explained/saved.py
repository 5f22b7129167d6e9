"""What a section shows as a picture to keep, with its sentence under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from softmax_core.errors import UserError
from softmax_core.explain import class_weights
from softmax_core.figures import PRINT, figure_bytes, weights_figure, weights_summary
from softmax_core.figures.change import change_figure, change_summary
from softmax_core.figures.contrast import contrast_figure, contrast_summary
from softmax_core.figures.ledger import ledger_figure
from softmax_core.figures.nudge import nudge_figure, nudge_summary
from softmax_core.figures.saliency import saliency_figure
from softmax_core.figures.sentence import sentence_figure
from softmax_core.service import Session, View
from ui.live.explained.contrast import change_of, compared
from ui.live.explained.evidence import evidence_text, ledger_of
from ui.live.explained.nudge import known_accuracy, nudged_reading
from ui.live.explained.question import Question
from ui.live.explained.subject import Subject, subject_of
from ui.words import _

if TYPE_CHECKING:
    from softmax_core.figures import Figure

PICTURES: Final = ("evidence", "contrast", "change", "nudge", "operate")


def saved_picture(session: Session, view: View, question: Question, name: str) -> bytes:
    """Return one of ``PICTURES`` as a PNG file, light on white.

    Raises
    ------
    UserError
        If there is no such picture, or nothing can be explained.
    """
    if name not in PICTURES:
        raise UserError("why-picture", _("There is no such picture."))
    subject = subject_of(view)
    if name == "nudge":
        figure, summary = _nudge(session, subject, question)
    elif name == "operate":
        W = class_weights(subject.network, subject.params)
        shape = subject.dataset.info.image_shape
        figure = weights_figure(W, shape, subject.names, theme=PRINT)
        summary = weights_summary(W, subject.names)
    elif name == "evidence":
        figure, summary = _evidence(subject, question)
    else:
        figure, summary = _contrast(subject, question, name)
    step = _("Weights of step {step}.").format(step=f"{view.shown.step:,}")
    return figure_bytes(sentence_figure(figure, f"{summary} {step}", theme=PRINT), "png")


def _evidence(subject: Subject, question: Question) -> tuple[Figure, str]:
    ledger = ledger_of(subject)
    draw = saliency_figure if subject.kind == "hidden" else ledger_figure
    figure = draw(ledger, subject.dataset.info.image_shape, subject.names, theme=PRINT)
    return figure, evidence_text(subject, ledger, subject.chosen_class(question.k))


def _contrast(subject: Subject, question: Question, name: str) -> tuple[Figure, str]:
    contrast, decision = compared(subject, question)
    if name == "contrast":
        figure = contrast_figure(contrast, decision, subject.names, theme=PRINT)
        return figure, contrast_summary(contrast, decision, subject.names)
    change = change_of(subject, contrast.a, contrast.b)
    shape, full = subject.dataset.info.image_shape, subject.full
    figure = change_figure(change, shape, subject.names, full=full, theme=PRINT)
    return figure, change_summary(change, subject.names, full=full)


def _nudge(session: Session, subject: Subject, question: Question) -> tuple[Figure, str]:
    picture, reading = nudged_reading(subject, question.nudge)
    pictures = np.stack([subject.digit.ravel(), picture])
    readings = (subject.reading, reading)
    shape = subject.dataset.info.image_shape
    figure = nudge_figure(pictures, shape, readings, subject.names, theme=PRINT)
    known = known_accuracy(session, subject.view, question.nudge)
    return figure, nudge_summary(question.nudge, readings, subject.names, known)
