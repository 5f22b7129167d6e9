"""What can be done with a race: begin it, run it, look at it; each command is for all lanes."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from softmax_core import limits
from softmax_core.errors import UserError
from softmax_core.service import pacing
from softmax_core.service.beginning import beginning_of
from softmax_core.service.kept_commands import KeptCommands
from softmax_core.service.race import Race
from softmax_core.service.race_traffic import RaceTraffic
from softmax_core.service.race_view import RaceView, race_view_of
from softmax_core.service.session import Goal, Session, Status
from softmax_core.service.traffic import Traffic
from softmax_core.service.wording import RACE_UNWATCHED
from softmax_core.training import TrainingConfig


class RaceCommands(KeptCommands):
    """Commands to one race at a time, beside those to sessions."""

    def __init__(self, traffic: Traffic, lock: threading.RLock, clock: Callable[[], float]) -> None:
        super().__init__(traffic, lock, clock)
        self._races = traffic.races
        self._race_traffic = RaceTraffic(traffic, lock, clock)

    def open_race(self, configs: Sequence[TrainingConfig], session: Session) -> Race:
        """Line up the lanes at their first states.

        Parameters
        ----------
        configs : sequence of TrainingConfig
            One for each lane, 1 to ``limits.MAX_LANES_CARRIED``; data set and epochs alike.
        session : Session
            Of the same browser, whose drawing is shown to the lanes.

        Raises
        ------
        UserError
            ``race-lanes`` or ``race-settings``, or when the data set cannot be had.
        """
        race = Race(secrets.token_hex(16), session, self._clock())
        self._begin_race(race, configs)
        with self._lock:
            self._races[race.token] = race
        return race

    def find_race(self, token: str) -> Race | None:
        """Return the race of this token and note that somebody watches it and its drawing."""
        with self._lock:
            race = self._races.get(token)
            if race is not None:
                race.last_seen = race.session.last_seen = self._clock()
                race.left_at = race.session.left_at = None
            return race

    def race_view(self, race: Race, generation: int = -1, last_examples: int = 0) -> RaceView:
        """Return one consistent picture of a race; see ``race_view_of``."""
        with self._lock:
            return race_view_of(race, generation, last_examples)

    def races(self) -> list[Race]:
        """Return all races there are."""
        with self._lock:
            return list(self._races.values())

    def start_race(self, race: Race) -> None:
        """Train all lanes until the epochs of the settings are done; again as many if they are.

        The race ends when every lane has seen as many examples as the largest training set
        gives in these epochs. A lane that had to stop stays where it is.
        """
        with self._lock:
            if race.examples_seen >= race.examples_target:
                race.set_target(race.examples_seen // race.n_samples)
            self._run_race(race, Goal.TRAIN)

    def pause_race(self, race: Race) -> None:
        """Stop all lanes after the slice in flight."""
        with self._lock:
            if race.status is Status.RUNNING:
                self._race_traffic.rest(race, Status.IDLE)

    def step_race(self, race: Race) -> None:
        """Make one round more: an update of the largest batch, and as many examples of others.

        A race in training ends its slice and makes one.
        """
        with self._lock:
            counting = race.status is Status.RUNNING and race.goal is Goal.STEPS
            race.steps_wanted = race.steps_wanted + 1 if counting else 1
            self._run_race(race, Goal.STEPS)

    def reset_race(self, race: Race) -> None:
        """Go back to the very same start.

        Raises
        ------
        UserError
            When the data set is gone; the race keeps what it has.
        """
        self._begin_race(race, [lane.config for lane in race.lanes])

    def configure_race(self, race: Race, configs: Sequence[TrainingConfig]) -> None:
        """Change the lanes, as for ``open_race``; all begin anew, unless only epochs differ.

        Raises
        ------
        UserError
            As ``open_race``; the race keeps what it has.
        """
        present = [lane.config for lane in race.lanes]
        epochs = present[0].epochs
        if [replace(config, epochs=epochs) for config in configs] != present:
            self._begin_race(race, configs)
        elif list(configs) != present:
            _check(configs)
            with self._lock:
                for lane, config in zip(race.lanes, configs, strict=True):
                    lane.config = config
                race.set_target(0)
                race.changed()

    def set_race_pace(self, race: Race, epochs_a_second: float | None) -> None:
        """Hold a race back so that it can be watched; None for full speed."""
        with self._lock:
            race.pace = epochs_a_second

    def drop_race(self, race: Race) -> None:
        """Forget a race; a slice in flight is thrown away when it returns."""
        with self._lock:
            race.run_id += 1
            race.status = Status.IDLE
            self._races.pop(race.token, None)

    def _begin_race(self, race: Race, configs: Sequence[TrainingConfig]) -> None:
        _check(configs)
        beginnings = [beginning_of(config) for config in configs]
        with self._lock:
            race.begin(tuple(configs), beginnings)
            self._race_traffic.evaluate_at_rest(race)

    def _run_race(self, race: Race, goal: Goal) -> None:
        if not race.goes_on:
            return
        race.goal, race.failures, race.not_before = goal, 0, 0.0
        race.settle(Status.RUNNING)
        self._race_traffic.queue(race)

    def _go_on_race(self, token: str) -> None:
        """Send the slice of a race that was held back until now."""
        with self._lock:
            race = self._races.get(token)
            if race is not None:
                race.waiting = False
                if race.status is Status.RUNNING:
                    self._race_traffic.queue(race)

    def _reap_races(self) -> None:
        """Pause a race nobody watches; drop it when its browser is gone altogether."""
        now = self._clock()
        for race in self.races():
            if now - max(race.last_seen, race.session.last_seen) > pacing.DROP_AFTER:
                self.drop_race(race)
            elif race.status is Status.RUNNING and pacing.is_unwatched(race, now):
                with self._lock:
                    self._race_traffic.rest(race, Status.IDLE, RACE_UNWATCHED)


def _check(configs: Sequence[TrainingConfig]) -> None:
    """Refuse lanes that cannot race each other."""
    if not 1 <= len(configs) <= limits.MAX_LANES_CARRIED:
        raise UserError(
            "race-lanes",
            f"A race has 1 to {limits.MAX_LANES_CARRIED} lanes; these are {len(configs)}. "
            "Choose again; the race is as it was.",
        )
    if len({(config.dataset, config.epochs) for config in configs}) > 1:
        raise UserError(
            "race-settings",
            "All lanes of a race learn from the same data set for as many epochs. "
            "Choose again; the race is as it was.",
        )
