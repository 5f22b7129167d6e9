"""Measuring several things in turn, so that a busy moment of the machine meets them all."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple


class Spread(NamedTuple):
    """The middle and the extremes of what was measured."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """Return median, smallest and largest of at least one value."""
    return Spread(statistics.median(values), min(values), max(values))


def in_turn(measures: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Measure A, B, A, B, ...: one value of each a round, after a round that does not count.

    Parameters
    ----------
    measures : mapping
        By name, what measures once and returns the value.
    rounds : int

    Returns
    -------
    dict
        By name, ``rounds`` values in the order they were measured.
    """
    for measure in measures.values():
        measure()
    values: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            values[name].append(measure())
    return values


def milliseconds(action: Callable[[], object]) -> Callable[[], float]:
    """Return what runs the action and gives the milliseconds it took."""

    def measure() -> float:
        began = time.perf_counter()
        action()
        return (time.perf_counter() - began) * 1e3

    return measure


def ratios(values: Sequence[float], references: Sequence[float]) -> list[float]:
    """Divide round by round: the two values of one round met the same machine."""
    return [value / reference for value, reference in zip(values, references, strict=True)]
