"""The race of this browser: what its lanes are, and what the class has bet."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import streamlit as st

from softmax_core.training import TrainingConfig

_RACE: Final = "race_token"
_SETUP: Final = "race_setup"
_BETS: Final = "race_bets"
_RESULT: Final = "race_result"


class RaceSetup(NamedTuple):
    """Lanes by what they share and by what they differ in."""

    base: TrainingConfig
    field: str
    values: tuple[Any, ...]


def race_token() -> str | None:
    """Return the token of this browser's race, None before the first."""
    token: str | None = st.session_state.get(_RACE)
    return token


def remember_race(token: str) -> None:
    """Keep the token of a race."""
    st.session_state[_RACE] = token


def race_setup() -> RaceSetup | None:
    """Return what the lanes are, None before the first visit."""
    setup: RaceSetup | None = st.session_state.get(_SETUP)
    return setup


def remember_race_setup(setup: RaceSetup) -> None:
    """Keep what the lanes are."""
    st.session_state[_SETUP] = setup


def bets() -> dict[str, int]:
    """Return how many have bet on each lane, by its name."""
    return dict(st.session_state.get(_BETS, {}))


def remember_bets(tally: dict[str, int]) -> None:
    """Keep how many have bet on each lane."""
    st.session_state[_BETS] = tally


def race_result() -> tuple[object, str]:
    """Return which end was told of last, and what was said; (None, "") before."""
    result: tuple[object, str] = st.session_state.get(_RESULT, (None, ""))
    return result


def remember_race_result(of: object, text: str) -> None:
    """Keep what was said of an end."""
    st.session_state[_RESULT] = (of, text)
