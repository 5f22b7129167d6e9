"""Where a run is while it trains: cheap to move on at every step, a whole state when asked for.

A state has a dozen fields; making a new one for every step took a tenth of an epoch.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from softmax_core.training.state import TrainingState


class Place(NamedTuple):
    """The counts of a state; see ``TrainingState``."""

    step: int
    epoch: int
    position: int
    samples_seen: int

    def after(self, used: int, n_samples: int) -> Place:
        """Return the place one step of so many samples later."""
        position, epoch = self.position + used, self.epoch
        if position >= n_samples:
            position, epoch = 0, epoch + 1
        return Place(self.step + 1, epoch, position, self.samples_seen + used)


def at(known: TrainingState, place: Place) -> TrainingState:
    """Return what is known with the counts of a place; the parameters are still to be filled in."""
    return replace(known, **place._asdict())


def place_of(state: TrainingState) -> Place:
    """Return the counts of a state."""
    return Place(state.step, state.epoch, state.position, state.samples_seen)
