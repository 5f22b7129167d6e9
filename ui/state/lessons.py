"""What Spot the bug and Break it safely have under way."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any, Final, NamedTuple

import streamlit as st

from softmax_core.training import TrainingConfig, TrainingState

_JOB: Final = "job_"  # and what it works out
_SPOT_REVEALED: Final = "spot_revealed"
_BREAK_ASIDE: Final = "break_aside"


class Job(NamedTuple):
    """Something that a worker was asked to work out."""

    future: Future[Any]
    about: Any  # what it was asked about
    started: float  # of a monotonic clock


class Aside(NamedTuple):
    """A run as it was before it was broken on purpose."""

    config: TrainingConfig
    state: TrainingState
    pace: tuple[float | None, float | None]  # epochs and steps a second
    replaced: bool  # another run took its place


def job(name: str) -> Job | None:
    """Return what a worker was asked for under this name, None before that."""
    asked: Job | None = st.session_state.get(_JOB + name)
    return asked


def remember_job(name: str, asked: Job | None) -> None:
    """Keep what a worker was asked for, or forget it."""
    st.session_state[_JOB + name] = asked


def revealed_guess() -> str | None:
    """Return what was guessed of the hidden mistake, None while it is hidden."""
    guess: str | None = st.session_state.get(_SPOT_REVEALED)
    return guess


def reveal(guess: str | None) -> None:
    """Lift the cover off the hidden mistake, or put it on again."""
    st.session_state[_SPOT_REVEALED] = guess


def put_aside() -> Aside | None:
    """Return the run that was put aside, None when there is none."""
    aside: Aside | None = st.session_state.get(_BREAK_ASIDE)
    return aside


def remember_aside(aside: Aside | None) -> None:
    """Keep a run while it is being broken, or forget it."""
    st.session_state[_BREAK_ASIDE] = aside
