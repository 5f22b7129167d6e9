"""Evidence: what every pixel adds to every logit, and the softmax of these numbers on paper."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from softmax_core.explain import (
    Ledger,
    approximate_ledger,
    evidence_ledger,
    hidden_units,
    printed_entry,
    softmax_steps,
)
from softmax_core.figures import scaled_weights
from softmax_core.figures.ledger import fixed, ledger_summary
from softmax_core.figures.saliency import saliency_summary
from softmax_core.figures.wording import percent
from ui.live.explained.question import Question
from ui.live.explained.subject import Answer, Subject
from ui.live.pack import Arrays

_ROWS: Final = 12  # of the softmax table; of more classes the least probable are one row
_UNITS: Final = 4  # hidden units shown
_DECIMALS: Final = 4


def ledger_of(subject: Subject) -> Ledger:
    """Return the exact ledger, or the approximate one of a model with a hidden layer.

    Raises
    ------
    UserError
        If a logit is not a number.
    """
    make = approximate_ledger if subject.kind == "hidden" else evidence_ledger
    return make(subject.network, subject.params, subject.x)


def evidence_text(subject: Subject, ledger: Ledger, k: int) -> str:
    """Say in a sentence what the ledger shows."""
    if subject.kind != "hidden":
        return ledger_summary(ledger, subject.names)
    units = hidden_units(subject.network, subject.params, subject.x, k)
    return saliency_summary(ledger, units, k, subject.names)


def evidence_answer(subject: Subject, question: Question) -> Answer:
    """Return ten pictures on one scale, one class's account, and the softmax's arithmetic."""
    ledger = ledger_of(subject)
    k = subject.chosen_class(question.k)
    pictures, limit = scaled_weights(ledger.products.T)
    entry = printed_entry(ledger, k)
    header = {
        "k": k,
        "limit": limit,
        "logits": [fixed(logit) for logit in ledger.logits],
        "account": [fixed(part) for part in entry],
        "amounts": [float(part) for part in entry],
        "softmax": _softmax_table(ledger),
        "summary": evidence_text(subject, ledger, k),
    }
    arrays: Arrays = {"pictures": ("i1", pictures)}
    if subject.kind == "hidden":
        units, arrays["unit_pictures"] = _units(subject, k)
        header |= units
    return header, arrays


def _softmax_table(ledger: Ledger) -> dict[str, Any]:
    """Return the arithmetic as it is printed; the sum is that of the printed exponentials.

    Rounded one by one, so that equal logits have equal exponentials; the sum then misses the
    exact one by a few of its last digits at most.
    """
    steps = softmax_steps(ledger.outputs)
    exponentials = [round(float(each), _DECIMALS) for each in steps.exponentials]
    order = np.argsort(-steps.fractions, kind="stable")
    shown = order if len(order) <= _ROWS else order[: _ROWS - 1]
    rest = order[len(shown) :]
    return {
        "largest": fixed(steps.largest),
        "total": f"{sum(exponentials):.{_DECIMALS}f}",
        "rows": [
            {
                "index": int(k),
                "logit": _output(ledger, k),
                "shifted": fixed(steps.shifted[k]),
                "exponential": f"{exponentials[k]:.{_DECIMALS}f}",
                "fraction": percent(float(steps.fractions[k])),
            }
            for k in sorted(shown)
        ],
        "others": len(rest),
        "others_exponential": f"{sum(exponentials[k] for k in rest):.{_DECIMALS}f}",
        "others_fraction": percent(float(steps.fractions[rest].sum())),
    }


def _output(ledger: Ledger, k: int) -> str:
    """Return what the softmax is taken of; with ReLU also what it was before."""
    logit = fixed(ledger.logits[k])
    cut = ledger.relu and ledger.logits[k] < 0
    return f"{logit} → 0" if cut else logit


def _units(subject: Subject, k: int) -> tuple[dict[str, Any], Any]:
    """Return the hidden units that mattered most, each with what it looks for in this ink."""
    units = hidden_units(subject.network, subject.params, subject.x, k)
    shown = units.order[:_UNITS]
    W1 = subject.params[subject.network.linear_layers[0].weight]
    pictures, limit = scaled_weights(W1[:, shown] * subject.x[:, None])
    header = {
        "unit_limit": limit,
        "units": [
            {"unit": int(h), "active": fixed(units.activations[h]), "part": fixed(part)}
            for h, part in zip(shown, units.contributions[shown], strict=True)
        ],
        "units_rest": fixed(float(units.contributions[units.order[_UNITS:]].sum())),
        "units_bias": fixed(units.bias),
    }
    return header, ("i1", pictures)
