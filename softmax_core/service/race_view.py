"""What a page may see of a race: one consistent, unchanging picture of it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from softmax_core.service.race import Race, RaceLane
from softmax_core.service.session import Status
from softmax_core.training import Evaluation, TrainingConfig, TrainingState
from softmax_core.training.divergence import without_button
from softmax_core.training.history import Curve


@dataclass(frozen=True)
class LaneView:
    """A lane at one moment.

    Attributes
    ----------
    stop_text : str
        Why it had to stop; empty while it goes on.
    curve : Curve
        The buckets asked for; ``curve_from`` is the first step they cover.
    evaluations : tuple of Evaluation
        All of them, without the accuracy of each class.
    epoch_fraction : float
        Share of its current epoch that is done, in [0, 1).
    samples_seen : int
        Examples since the start.
    seconds : float
        How long its steps took; lanes computed as one have that time together.
    n_samples, batch_size : int
        Of its training set and of one update, with the drawings that have joined it.
    """

    config: TrainingConfig
    state: TrainingState
    stop_text: str
    curve: Curve
    evaluations: tuple[Evaluation, ...]
    epoch_fraction: float
    samples_seen: int
    seconds: float
    curve_from: int
    n_samples: int
    batch_size: int


@dataclass(frozen=True)
class RaceView:
    """A race at one moment.

    Attributes
    ----------
    examples_seen : int
        How many examples every lane that goes on has seen at least.
    n_samples : int
        Size of the largest training set: what an epoch of the race is.
    examples_target : int
        Where the race ends by itself.
    drawing, test_picture
        What the lanes are shown; at most one of them is not None.
    """

    version: int
    generation: int
    status: Status
    message: str
    lanes: tuple[LaneView, ...]
    examples_seen: int
    n_samples: int
    drawing: NDArray[np.uint8] | None
    test_picture: int | None
    examples_target: int


def race_view_of(race: Race, generation: int = -1, last_examples: int = 0) -> RaceView:
    """Take the picture; the engine's lock must be held.

    Parameters
    ----------
    race : Race
    generation, last_examples : int
        What the asker has already: both as in its last view, the latter its
        ``examples_seen``. With the present generation only the buckets are given that end at
        that example or later, since those may have grown.
    """
    after = last_examples if generation == race.generation else 0
    session = race.session
    return RaceView(
        version=race.version,
        generation=race.generation,
        status=race.status,
        message=race.message,
        lanes=tuple(_lane_view(lane, after) for lane in race.lanes),
        examples_seen=race.examples_seen,
        n_samples=race.n_samples,
        drawing=session.drawing if session.test_picture is None else None,
        test_picture=session.test_picture,
        examples_target=race.examples_target,
    )


def _lane_view(lane: RaceLane, after: int) -> LaneView:
    state, curve_from = lane.state, _first_step(lane, after)
    return LaneView(
        config=lane.config,
        state=state,
        stop_text="" if state.stop is None else without_button(state.stop.reason),
        curve=lane.history.curve(curve_from - 1),
        evaluations=tuple(lane.history.evaluations),
        epoch_fraction=state.position / lane.n_samples,
        samples_seen=state.samples_seen,
        seconds=lane.seconds,
        curve_from=curve_from,
        n_samples=lane.n_samples,
        batch_size=lane.batch_size,
    )


def _first_step(lane: RaceLane, after: int) -> int:
    """Return the first step of the buckets that end at this example or later."""
    curve = lane.history.curve()
    n_before = bisect_left(curve.samples_seen, after)
    return int(curve.step[n_before - 1]) + 1 if n_before else 1
