"""The lanes of a race in the address bar: a link brings them back.

``race=batch:8,64,512``: what differs, by the short name it has in the address, and the lanes'
values. What cannot be read is ignored, and the page begins with its usual lanes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from softmax_core.limits import MAX_ADDRESS_LANES, MAX_LANES
from softmax_core.training import TrainingConfig
from ui.address import SHORT_NAMES
from ui.race.differs import DIFFERENCES, choices_of
from ui.state.race import RaceSetup
from ui.words import plain_number

RACE: Final = "race"
MIN_LANES: Final = 2


def read_lanes(
    query: Mapping[str, str], base: TrainingConfig
) -> tuple[str, tuple[Any, ...]] | None:
    """Return what differs and the lanes' values, None where the address has no such thing."""
    text = query.get(RACE, "")
    name, _colon, listed = text.partition(":")
    field = SHORT_NAMES.get(name) if len(text) <= MAX_ADDRESS_LANES else None
    if field not in DIFFERENCES:
        return None
    choices = {_text(value): value for value in choices_of(field, base)}
    asked = [choices[text] for text in listed.split(",") if text in choices]
    values = tuple(value for value in choices.values() if value in asked)[:MAX_LANES]
    return (field, values) if len(values) >= MIN_LANES else None


def write_lanes(setup: RaceSetup) -> dict[str, str]:
    """Return the query that brings the lanes back."""
    name = next(name for name, field in SHORT_NAMES.items() if field == setup.field)
    return {RACE: f"{name}:{','.join(map(_text, setup.values))}"}


def _text(value: object) -> str:
    return plain_number(value) if isinstance(value, float) else str(value)
