"""The slices' way of a race to the workers and back: as a session's, whatever its lanes.

A race is one party among the sessions: it has at most one slice in flight, with the time
budget of one, and joins the end of the same queue.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Final

from softmax_core.errors import UserError
from softmax_core.service import pacing
from softmax_core.service.race import Race
from softmax_core.service.race_slices import RaceOrder, RaceResult, run_race_slice
from softmax_core.service.race_taking import take_race
from softmax_core.service.session import Goal, Status
from softmax_core.service.traffic import MAX_FAILURES, Traffic
from softmax_core.service.wording import RACE_FAILED
from softmax_core.training import TrainingConfig, TrainingState

EVALUATION_SHARE: Final = 4.0  # an evaluation is followed by so many times its time without one


class RaceTraffic:
    """Sends the slices of races, takes their results, and keeps every race moving.

    Its methods are called with the engine's lock held, except ``returned``, which takes it.

    Parameters
    ----------
    traffic : Traffic
        Of the sessions, with whom races share the workers.
    lock : threading.RLock
        The engine's.
    clock : callable
        Monotonic seconds.
    """

    def __init__(self, traffic: Traffic, lock: threading.RLock, clock: Callable[[], float]) -> None:
        self._traffic, self._lock, self._clock = traffic, lock, clock

    def queue(self, race: Race) -> None:
        """Send the next slice now, or when its pace and fairness allow it."""
        if race.in_flight or self._traffic.is_closed:
            return
        now = self._clock()
        wait = max(pacing.seconds_to_wait(race, now), race.not_before - now)
        if wait <= 0:
            self._send_slice(race, now)
        elif not race.waiting:
            race.waiting = True
            self._traffic.call_at(now + wait, race.token)

    def evaluate_at_rest(self, race: Race) -> None:
        """Evaluate the lanes where they rest, unless that is done."""
        if race.in_flight or self._traffic.is_closed or race.is_measured:
            return
        order = RaceOrder(
            _configs(race),
            _states(race),
            self._traffic.slice_seconds(),
            rounds=0,
            evaluate_at_end=not race.is_measuring_here,
            measuring=race.measuring,
        )
        self._submit(race, order)

    def rest(self, race: Race, status: Status, message: str = "") -> None:
        """Let a race come to rest and evaluate where it rests."""
        race.settle(status, message)
        self.evaluate_at_rest(race)

    def _send_slice(self, race: Race, now: float) -> None:
        trains = race.goal is Goal.TRAIN
        order = RaceOrder(
            _configs(race),
            _states(race),
            self._traffic.slice_seconds(),
            until_samples=race.examples_target if trains else None,
            rounds=pacing.slice_steps(race),
            evaluate_at_end=not race.measuring
            and now - race.last_evaluation >= self._evaluation_wait(race),
            measuring=race.measuring,
        )
        race.last_slice = now
        self._submit(race, order)

    def _evaluation_wait(self, race: Race) -> float:
        """Return how long its measurements wait: many large networks take longer to read."""
        usual = self._traffic.race_evaluation_seconds()
        return max(usual, EVALUATION_SHARE * race.evaluation_took)

    def _submit(self, race: Race, order: RaceOrder) -> None:
        future = self._traffic.send(run_race_slice, order)
        race.in_flight = True
        future.add_done_callback(partial(self.returned, race, race.run_id, order))

    def returned(
        self, race: Race, run_id: int, order: RaceOrder, future: Future[RaceResult]
    ) -> None:
        """Take what a worker sends back and send the race's next slice."""
        with self._lock:
            race.in_flight = False
            if self._traffic.is_closed or future.cancelled():
                return
            error = future.exception()
            if run_id != race.run_id:
                error = None  # of a start that is gone
            elif error is not None:
                self._fail(race, error)
            else:
                result, now = future.result(), self._clock()
                take_race(race, order, result, now)
                race.not_before = now + self._traffic.time_out(result.seconds, order.seconds)
            if race.token not in self._traffic.races:
                return
            if race.status is Status.RUNNING:
                self.queue(race)
            elif error is None or race.failures < MAX_FAILURES:
                self.evaluate_at_rest(race)

    def _fail(self, race: Race, error: BaseException) -> None:
        """Count a failed slice; the states are untouched, so it can simply be tried again."""
        race.failures += 1
        if race.status is not Status.RUNNING:
            return  # an evaluation: nothing is lost by its absence
        if isinstance(error, UserError):
            race.settle(Status.STOPPED, error.text)
        elif race.failures >= MAX_FAILURES:
            race.settle(Status.STOPPED, RACE_FAILED)


def _configs(race: Race) -> tuple[TrainingConfig, ...]:
    return tuple(lane.config for lane in race.lanes)


def _states(race: Race) -> tuple[TrainingState, ...]:
    return tuple(lane.state for lane in race.lanes)
