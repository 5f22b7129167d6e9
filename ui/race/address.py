"""The lanes of a race in the address bar: a link brings them back.

``race=lr:0.01,0.1,0.5``: what differs, by its short name, and the lanes' values. What cannot
be read is ignored, and the page begins with its usual lanes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from softmax_core.limits import MAX_LANES
from softmax_core.training import TrainingConfig
from ui.race.differs import choices_of
from ui.state.race import RaceSetup
from ui.words import plain_number

RACE: Final = "race"
_NAMES: Final = {
    "lr": "learning_rate",
    "batch": "batch_size",
    "init": "init",
    "momentum": "momentum",
    "l2": "l2",
    "network": "network",
    "examples": "n_train",
}
_LONGEST: Final = 160
MIN_LANES: Final = 2


def read_lanes(
    query: Mapping[str, str], base: TrainingConfig
) -> tuple[str, tuple[Any, ...]] | None:
    """Return what differs and the lanes' values, None where the address has no such thing."""
    name, _colon, listed = query.get(RACE, "")[:_LONGEST].partition(":")
    field = _NAMES.get(name)
    if field is None:
        return None
    choices = {_text(value): value for value in choices_of(field, base)}
    asked = [choices[text] for text in listed.split(",") if text in choices]
    values = tuple(value for value in choices.values() if value in asked)[:MAX_LANES]
    return (field, values) if len(values) >= MIN_LANES else None


def write_lanes(setup: RaceSetup) -> dict[str, str]:
    """Return the query that brings the lanes back."""
    name = next(name for name, field in _NAMES.items() if field == setup.field)
    return {RACE: f"{name}:{','.join(map(_text, setup.values))}"}


def _text(value: object) -> str:
    return plain_number(value) if isinstance(value, float) else str(value)
