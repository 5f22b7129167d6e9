"""How long slices are, how fast a run may go, and how long nobody may watch."""

from __future__ import annotations

import math
from typing import Final, Protocol

from softmax_core.service.session import Goal

# Short slices keep the live view moving however many share the workers; below about
# 20 ms the cost of a slice itself (pickling, a cold cache) begins to show.
_LONGEST_SLICE: Final = 0.1
_SHORT_SLICE: Final = 0.02  # rather a longer round than shorter ones than that
SHORTEST_SLICE: Final = 0.005  # where the workers get less than a core each
_ROUND: Final = 0.35  # seconds in which every running session should get a slice
_QUESTIONS: Final = 0.57  # of a round from one question of a page to the next
_HASTE: Final = 0.5  # of what a round is off, how much the next one makes good

_PACED_SLICE: Final = 0.1  # a held-back run moves about ten times a second
_EVALUATE_EVERY: Final = 0.25  # seconds between evaluations of a running session
_EVALUATION_SHARE: Final = 4.0  # times its own time that training goes on after an evaluation
_MOST_EVALUATION_SHARE: Final = 12.0

LIVE_DRAWING_COUNTS: Final = 1.0  # seconds a drawing from the moving pen is the newest

# A browser lets the timers of a hidden tab fire once a minute; longer than that is absence.
PAUSE_AFTER: Final = 90.0  # seconds unwatched
# A page that is closed says so. One that is only loaded again is back by then.
PAUSE_AFTER_LEAVING: Final = 10.0
DROP_AFTER: Final = 15 * 60.0


class Paced(Protocol):
    """A session or a race, whose steps are rounds."""

    goal: Goal
    steps_wanted: int
    last_slice: float

    @property
    def allowed_steps_a_second(self) -> float | None:
        """Return how fast it may go; None for full speed."""


class Watched(Protocol):
    """A session or a race: when a page last asked for it, and when one that did was closed."""

    last_seen: float
    left_at: float | None


def is_unwatched(party: Watched, now: float) -> bool:
    """Tell whether nobody is there any more for whom to train."""
    left = party.left_at is not None and now - party.left_at > PAUSE_AFTER_LEAVING
    return left or now - party.last_seen > PAUSE_AFTER


def slice_seconds(n_running: int, n_workers: int) -> float:
    """Return the time budget of a slice when so many sessions run."""
    share = _ROUND * n_workers / max(n_running, 1)
    return min(max(share, _SHORT_SLICE), _LONGEST_SLICE)


def round_seconds(n_running: int, n_workers: int) -> float:
    """Return how long after a session's slice the next one should be done."""
    return max(_ROUND, _SHORT_SLICE * n_running / n_workers)


def question_seconds(n_running: int, n_workers: int) -> float:
    """Return how long a page may wait from one question to the next without missing much."""
    return _QUESTIONS * round_seconds(n_running, n_workers)


def shortened(share: float, took: float, n_running: int, n_workers: int) -> float:
    """Return which share of its usual length a slice should have, from how long one took.

    The workers may get less than a core each, and evaluations take some of their time: slices
    are made shorter until rounds are as long as they should be, and longer again as they can.

    Parameters
    ----------
    share : float
        The last answer, in (0, 1].
    took : float
        Seconds from when a slice was queued until it came back.
    n_running, n_workers : int
    """
    off = round_seconds(n_running, n_workers) / max(took, 1e-3)
    least = SHORTEST_SLICE / max(slice_seconds(n_running, n_workers), SHORTEST_SLICE)
    longer = math.exp(math.log(off) * _HASTE / max(n_running, 1))
    return min(max(share * longer, least), 1.0)


def slice_steps(party: Paced) -> int | None:
    """Return how many steps one slice may make: what is wanted and what the pace allows.

    None for no bound.
    """
    rate = party.allowed_steps_a_second
    bounds = [] if rate is None else [max(1, round(rate * _PACED_SLICE))]
    if party.goal is Goal.STEPS:
        bounds.append(party.steps_wanted)
    return min(bounds, default=None)


def seconds_to_wait(party: Paced, now: float) -> float:
    """Return how long the next slice must wait to keep to the pace."""
    rate, steps = party.allowed_steps_a_second, slice_steps(party)
    if rate is None or steps is None:
        return 0.0
    return party.last_slice + steps / rate - now


def evaluation_seconds(n_running: int, n_workers: int) -> float:
    """Return how long the curves' accuracies wait for a new point.

    Longer as the class grows, so that evaluating never takes more than a small share of
    the workers' time.
    """
    return _EVALUATE_EVERY * max(1.0, n_running / n_workers)


def evaluation_share(n_running: int, n_workers: int) -> float:
    """Return how many times its own time an evaluation is followed by training.

    The more share the workers, the smaller a part of their time may go to the curves.
    """
    crowd = max(1.0, n_running / n_workers)
    return min(_EVALUATION_SHARE * crowd, _MOST_EVALUATION_SHARE)


def race_evaluation_seconds(n_running: int, n_workers: int) -> float:
    """Return the same for a race, whose lanes are many and whose places of its own are dense."""
    return 2 * evaluation_seconds(n_running, n_workers)


def glimpse_seconds(n_running: int, n_workers: int) -> float:
    """Return how long the points of a sweep wait: they are measured on few pictures.

    Less than a page waits before it asks again, while few share the workers.
    """
    return evaluation_seconds(n_running, n_workers) / 3
