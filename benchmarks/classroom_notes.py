"""What students of a benchmark have met with, each thing with its time."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import NamedTuple

import numpy as np


class Window(NamedTuple):
    """The part of a lesson that counts: when everybody is there and nobody has left."""

    began: float
    ended: float

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.ended - self.began


class Notes:
    """Times and values by name, and what went wrong.

    Attributes
    ----------
    errors : list of str
        A few words on each thing that failed; empty after a good lesson.
    """

    def __init__(self) -> None:
        self._kept: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
        self.errors: list[str] = []

    def add(self, name: str, value: float) -> None:
        """Keep a value of now."""
        self._kept[name].append((time.perf_counter(), value))

    def values(self, name: str, window: Window | None = None) -> list[float]:
        """Return what was kept under a name, within a time if one is given."""
        kept = self._kept[name]
        if window is None:
            return [value for _when, value in kept]
        return [value for when, value in kept if window.began <= when <= window.ended]


def gathered(notes: list[Notes], name: str, window: Window | None = None) -> list[float]:
    """Return the values of all students together."""
    return [value for own in notes for value in own.values(name, window)]


def percentile(values: list[float], share: float) -> float:
    """Return the value that so many percent are not above; NaN of nothing."""
    return float(np.percentile(values, share)) if values else float("nan")
