"""What a browser asks of a reading: a section, classes, and a nudge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from softmax_core.errors import UserError
from softmax_core.explain import Nudge
from ui.live.asking import plain_number, whole_number
from ui.words import _

SECTIONS: Final = ("evidence", "contrast", "nudge", "operate")
_NUMBERS: Final = ("down", "right", "scale", "thickness", "tilt")


@dataclass(frozen=True)
class Question:
    """One question; a class that is None is left to the model's own reading."""

    section: str
    k: int | None = None  # the class that is looked at
    a: int | None = None  # why a ...
    b: int | None = None  # ... and not b?
    nudge: Nudge = field(default_factory=Nudge)


def read_question(query: Mapping[str, str]) -> Question:
    """Read a question from an address.

    Raises
    ------
    UserError
        If it names no section, or a nudge that is none.
    """
    section = query.get("section", "")
    if section not in SECTIONS:
        raise UserError("why-section", _("There is no such section."))
    k, a, b = (_class(query.get(name, "")) for name in ("k", "a", "b"))
    return Question(section, k, a, b, _nudge(query))


def _class(text: str) -> int | None:
    return whole_number(text) if len(text) < 4 and whole_number(text) >= 0 else None


def _nudge(query: Mapping[str, str]) -> Nudge:
    values = {name: _number(query[name]) for name in _NUMBERS if name in query}
    nudge = Nudge(**values, invert=query.get("invert") == "1")
    nudge.check()
    return nudge


def _number(text: str) -> float:
    value = plain_number(text)
    if value is None:
        raise UserError("nudge-number", _("A nudge is given in plain numbers."))
    return value
