"""What the result of a slice changes in its race."""

from __future__ import annotations

from softmax_core.service.race import Race
from softmax_core.service.race_slices import RaceOrder, RaceResult
from softmax_core.service.session import Status
from softmax_core.service.wording import RACE_ALL_STOPPED


def take_race(race: Race, order: RaceOrder, result: RaceResult, now: float) -> None:
    """Put each lane's state in place of the old one and its records behind the others."""
    race.failures = 0
    for lane, found in zip(race.lanes, result.lanes, strict=True):
        lane.state = found.state
        lane.history.add(found.records)
        lane.seconds += found.seconds
        for evaluation in found.evaluations:
            lane.history.add_evaluation(evaluation)
            race.last_evaluation = now
    race.measuring = result.measuring
    if result.evaluation_seconds:
        race.evaluation_took = result.evaluation_seconds
    if order.counts_rounds:
        race.steps_wanted -= result.rounds
    if not race.goes_on:
        race.settle(Status.STOPPED, RACE_ALL_STOPPED)
    elif race.status is Status.RUNNING and race.reached_goal:
        race.settle(Status.FINISHED if race.is_over else Status.IDLE)
    race.changed()
