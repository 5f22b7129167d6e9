"""What the page Why? is told about one reading: one answer for each of its sections."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from softmax_core.errors import UserError
from softmax_core.service import Session, View
from ui.live.explained.contrast import contrast_answer
from ui.live.explained.evidence import evidence_answer
from ui.live.explained.nudge import nudge_answer
from ui.live.explained.operate import operate_answer
from ui.live.explained.question import Question
from ui.live.explained.subject import Answer, Subject, common_header, subject_of
from ui.live.pack import Arrays, pack

_SHARE: Final = 10  # of the time between two answers that one may take to work out

_SECTIONS: Final[dict[str, Callable[[Subject, Question], Answer]]] = {
    "evidence": evidence_answer,
    "contrast": contrast_answer,
    "nudge": nudge_answer,
    "operate": operate_answer,
}


def explain(session: Session, view: View, question: Question) -> bytes:
    """Answer one question about what the view shows, packed as a frame is.

    What cannot be explained is answered with ``trouble``, a sentence, and without arrays.
    ``pause_ms`` is how long to wait before the next answer that nobody has asked for by hand.
    """
    began = time.perf_counter()
    subject = subject_of(view)
    header = common_header(session, subject, question)
    arrays: Arrays = {}
    try:
        more, arrays = _SECTIONS[question.section](subject, question)
        header |= more
    except UserError as error:
        header["trouble"] = error.text
    header["pause_ms"] = round(_SHARE * 1000 * (time.perf_counter() - began))
    return pack(header, arrays)
