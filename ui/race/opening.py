"""The race of this browser: found by its token, or opened with lanes around the run's settings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from softmax_core.errors import UserError
from softmax_core.service import Race, Session, shared_engine
from softmax_core.training import TrainingConfig
from ui import state
from ui.race.address import RACE, read_lanes
from ui.race.differs import DIFFERENCES, first_values, lane_configs
from ui.state import RaceSetup
from ui.words import _

_EPOCHS: Final = 3  # a minute of a lesson, at an epoch a second and with time to talk


def current_race(session: Session) -> tuple[Race, RaceSetup]:
    """Return this browser's race, opened on the first visit.

    One that was dropped because nobody watched it is opened anew with the lanes it had.
    """
    setup = state.race_setup() or first_setup(session.config)
    token = state.race_token()
    race = shared_engine().find_race(token) if token else None
    if race is None:
        race, setup = _open(setup, session)
        state.remember_race(race.token)
        shared_engine().set_race_pace(race, 1.0)
    state.remember_race_setup(setup)
    return race, setup


def first_setup(config: TrainingConfig) -> RaceSetup:
    """Return lanes around the run's settings: as the address has them, or four learning rates."""
    base = race_base(config)
    lanes = read_lanes(state.address(), base)
    if lanes is not None:
        return RaceSetup(base, *lanes)
    if RACE in state.address():
        state.add_notice(
            _("The lanes that the address asks for cannot be raced; four learning rates are.")
        )
    return setup_for(base, DIFFERENCES[0])


def race_base(config: TrainingConfig) -> TrainingConfig:
    """Return what a race takes from the run: all but how long it goes on."""
    return replace(config, epochs=_EPOCHS)


def setup_for(base: TrainingConfig, field: str) -> RaceSetup:
    """Return the lanes that a race in this difference begins with."""
    return RaceSetup(base, field, first_values(field, base))


def set_lanes(race: Race, setup: RaceSetup, **changes: Any) -> str | None:
    """Give a race other lanes, at their start; return why that cannot be, or None."""
    asked = setup._replace(**changes)
    if asked == setup:
        return None
    try:
        configs = lane_configs(asked.base, asked.field, asked.values)
        shared_engine().configure_race(race, configs)
    except UserError as error:
        return error.text
    state.remember_race_setup(asked)
    return None


def _open(setup: RaceSetup, session: Session) -> tuple[Race, RaceSetup]:
    """Open a race; where its lanes cannot be had, one of the run's own settings."""
    engine = shared_engine()
    try:
        return engine.open_race(lane_configs(*setup), session), setup
    except UserError as error:
        state.add_notice(error.text)
    setup = setup_for(race_base(session.config), DIFFERENCES[0])
    return engine.open_race(lane_configs(*setup), session), setup
