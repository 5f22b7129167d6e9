"""Why a and not b: the difference of two logits pixel by pixel, and the smallest change."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.errors import UserError
from softmax_core.explain import (
    Change,
    Contrast,
    Decision,
    approximate_contrast,
    contrast_of,
    decision_of,
    printed_parts,
    smallest_change,
    softmax_steps,
)
from softmax_core.explain.ledger import linear_parts
from softmax_core.figures import scaled_weights
from softmax_core.figures.change import change_summary, magnification
from softmax_core.figures.contrast import contrast_summary, place_name
from softmax_core.figures.ledger import fixed
from softmax_core.figures.wording import percent
from ui.live.explained.evidence import ledger_of
from ui.live.explained.question import Question
from ui.live.explained.subject import Answer, Subject
from ui.live.pack import Arrays
from ui.words import _

_PLACES: Final = 3  # that are named
_LEVELS: Final = 127


class Compared(NamedTuple):
    """Two classes, and what told them apart."""

    contrast: Contrast
    decision: Decision


def compared(subject: Subject, question: Question) -> Compared:
    """Compare the two classes asked for; the two largest logits where none are.

    Raises
    ------
    UserError
        If a logit is not a number.
    """
    ledger = ledger_of(subject)
    pair = _pair(question, ledger.logits)
    if subject.kind == "hidden":
        contrast = approximate_contrast(ledger, pair)
    else:
        contrast = contrast_of(subject.network, subject.params, subject.x, pair)
    return Compared(contrast, decision_of(contrast, subject.dataset.info.image_shape))


def change_of(subject: Subject, a: int, b: int) -> Change:
    """Find the smallest change to b; to a where the picture is read as b already.

    Raises
    ------
    UserError
        If the model has a hidden layer, or no valid picture is read so.
    """
    if subject.kind == "hidden":
        raise UserError(
            "change-hidden",
            _(
                "The nearest picture that is read otherwise has a formula for one layer of "
                "weights only. Choose softmax regression in the Lab to see it."
            ),
        )
    wanted = a if subject.reading.prediction == b else b
    bounds = (0.0, subject.full)
    return smallest_change(subject.network, subject.params, subject.x, wanted, bounds)


def contrast_answer(subject: Subject, question: Question) -> Answer:
    """Return the difference and what decided it, and the smallest change beside it."""
    contrast, decision = compared(subject, question)
    rows = np.stack([contrast.products, contrast.products * decision.mask.ravel()])
    pictures, limit = scaled_weights(rows.T)
    parts = (contrast.ink_for, contrast.ink_against, contrast.bias)
    printed = [*printed_parts(parts, contrast.total), contrast.total]
    header = {
        "a": contrast.a,
        "b": contrast.b,
        "limit": limit,
        "account": [fixed(part) for part in printed],
        "amounts": [float(part) for part in printed],
        "n_deciding": int(np.count_nonzero(decision.mask)),
        "n_inked": int(np.count_nonzero(contrast.products)),
        "share": percent(decision.share),
        "regions": _places(decision),
        "summary": contrast_summary(contrast, decision, subject.names),
    }
    arrays: Arrays = {"pictures": ("i1", pictures)}
    try:
        change = change_of(subject, contrast.a, contrast.b)
    except UserError as error:
        return header | {"change": None, "no_change": error.text}, arrays
    arrays["change_pictures"] = ("i1", _change_pictures(subject, change))
    return header | {"change": _change(subject, change)}, arrays


def _places(decision: Decision) -> list[dict[str, str]]:
    """Return where in the digit the deciding strokes lie, the strongest place first."""
    evidence: dict[str, float] = {}
    for region in decision.regions:
        evidence[region.place] = evidence.get(region.place, 0.0) + region.evidence
    strongest = sorted(evidence, key=lambda place: -evidence[place])[:_PLACES]
    return [{"place": place_name(each), "evidence": fixed(evidence[each])} for each in strongest]


def _pair(question: Question, logits: NDArray[Any]) -> tuple[int, int]:
    """Return the two classes: the one not asked for is the strongest of the others."""
    order = [int(k) for k in np.argsort(-logits, kind="stable")]
    a, b = (k if k is not None and k < len(order) else None for k in (question.a, question.b))
    if a is None:
        a = next(k for k in order if k != b)
    if b is None or b == a:
        b = next(k for k in order if k != a)
    return a, b


def _change_pictures(subject: Subject, change: Change) -> NDArray[np.int8]:
    """Return before, the change as strong as it can be drawn, and after; full ink is 127."""
    step = (change.after - change.before) / subject.full
    factor = magnification(step)
    rows = np.stack([change.before / subject.full, step * factor, change.after / subject.full])
    shades: NDArray[np.int8] = np.rint(_LEVELS * rows.clip(-1, 1)).astype(np.int8)
    return shades


def _change(subject: Subject, change: Change) -> dict[str, Any]:
    return {
        "present": change.present,
        "wanted": change.wanted,
        "prediction": change.prediction,
        "rival": change.rival,
        "distance": f"{change.distance / subject.full:.3g}",
        "factor": magnification((change.after - change.before) / subject.full),
        "before": [percent(p) for p in _probabilities(subject, change.before, change)],
        "after": [percent(p) for p in _probabilities(subject, change.after, change)],
        "summary": change_summary(change, subject.names, full=subject.full),
    }


def _probabilities(subject: Subject, x: NDArray[np.float64], change: Change) -> list[float]:
    """Return those of the class it was and of the class it becomes, in float64.

    Just beyond a boundary float32 may not tell one side from the other.
    """
    W, b = linear_parts(subject.network, subject.params)
    logits = x @ W + b
    if subject.kind == "relu":
        logits = np.maximum(logits, 0)
    fractions = softmax_steps(logits).fractions
    return [float(fractions[change.present]), float(fractions[change.wanted])]
