"""What is known of a run's edge of stability: the newest measurement, and that of its start."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

from numpy.typing import NDArray

from softmax_core.service.edge_slices import Params
from softmax_core.training import TrainingConfig
from softmax_core.training.edge import edge_settings


class MeasuredEdge(NamedTuple):
    """An edge, and the weights and settings it is of; NaN where these gave no number."""

    rate: float
    step: int
    params: Params
    settings: TrainingConfig  # ``edge_settings`` of the run's

    def is_of(self, params: Params, config: TrainingConfig) -> bool:
        """Tell whether it is the edge of these very weights."""
        return self.params is params and self.settings == edge_settings(config)


@dataclass
class EdgeWatch:
    """Edges of one run; only the engine changes it, under its lock.

    Attributes
    ----------
    asked : bool
        A worker is measuring.
    ended, seconds : float
        When the last measurement came back, and the worker's time for it.
    vector : ndarray or None
        The steepest direction last found.
    newest, first, looked_at : MeasuredEdge or None
        Of the run's newest weights, as far as known; of its very start; of the snapshot that
        was chosen last.
    """

    asked: bool = False
    ended: float = float("-inf")
    seconds: float = 0.0
    vector: NDArray[Any] | None = None
    newest: MeasuredEdge | None = None
    first: MeasuredEdge | None = None
    looked_at: MeasuredEdge | None = None

    def take(self, found: MeasuredEdge, first: Params | None, looked_at: Params | None) -> None:
        """Keep a measurement; of the weights given, one may be what it is of."""
        if found.params is first:
            self.first = found
        if found.params is looked_at:
            self.looked_at = found
        if self.newest is None or found.step >= self.newest.step:
            self.newest = found

    def forget_after(self, step: int) -> None:
        """Drop what is of later weights, which the run has gone back from."""
        if self.newest is not None and self.newest.step > step:
            self.newest = None

    def newest_rate(self, config: TrainingConfig, params: Params, step: int) -> float | None:
        """Return the edge of the run, of now or of a moment ago; None while it is not known."""
        newest = self.newest
        if newest is None or newest.settings != edge_settings(config):
            return None
        edited = newest.step == step and newest.params is not params
        return None if edited else _number(newest)

    def first_rate(self, config: TrainingConfig) -> float | None:
        """Return the edge at the run's start, under the settings of now."""
        first = self.first
        return _number(first) if first and first.settings == edge_settings(config) else None

    def knows(self, config: TrainingConfig, params: Params) -> bool:
        """Tell whether the edge of these weights has been measured."""
        known = (self.looked_at, self.newest, self.first)
        return any(each is not None and each.is_of(params, config) for each in known)

    def rate_of(self, config: TrainingConfig, params: Params) -> float | None:
        """Return the edge of the snapshot that is looked at; None while it is not known."""
        for known in (self.looked_at, self.newest, self.first):
            if known is not None and known.is_of(params, config):
                return _number(known)
        return None


def _number(known: MeasuredEdge) -> float | None:
    return None if math.isnan(known.rate) else known.rate
