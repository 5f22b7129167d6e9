"""The run of this browser: found by its token, or opened with the settings of the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import streamlit as st

from softmax_core.errors import UserError
from softmax_core.service import Session, shared_engine
from softmax_core.service.pacing import DROP_AFTER
from softmax_core.training import TrainingConfig
from ui.address import ReadSettings, read_settings, write_settings
from ui.datasets import why_not_opened
from ui.speeds import SPEEDS, speed_of
from ui.state.browser import browser
from ui.state.kept import kept_runs, remember_kept
from ui.state.keys import WEIGHTS
from ui.state.notices import add_notice
from ui.words import _

_TOKEN: Final = "token"
_SETTINGS: Final = "settings"
_LOADED_RECIPE: Final = "loaded_recipe"
_MOVED: Final = "run_moved"
_DECLINED: Final = "last_run_declined"
_RATE_MOVED: Final = "rate_moved"


def current_session() -> Session:
    """Return this browser's training session, opened on the first visit.

    The settings of the address bar decide the first one. One that was dropped because nobody
    watched it is opened anew, with the settings it had.
    """
    engine = shared_engine()
    token: str | None = st.session_state.get(_TOKEN)
    session = engine.find(token) if token else None
    if session is None:
        if token:
            _explain_absence(token)
        settings: ReadSettings | None = st.session_state.get(_SETTINGS)
        session = _open(settings or read_settings(address(), _repeated()))
        engine.bring_kept(session, kept_runs())
        st.session_state[_TOKEN] = session.token
    return session


def bind_to_browser(session: Session) -> None:
    """Note whose run it is, once in every run of the page: the browser may have got another key."""
    shared_engine().belongs_to(session, browser())


def take_over(session: Session) -> None:
    """Note that another run is the one of this page, under the same token."""
    remember_kept(session.kept)
    st.session_state.pop(_MOVED, None)
    st.session_state.pop(f"{WEIGHTS}{session.token}", None)


def is_taken_elsewhere() -> bool:
    """Tell whether another page of this browser goes on with the run that was here."""
    return bool(st.session_state.get(_MOVED))


def last_run_is_offered() -> bool:
    """Tell whether it was not declined yet to go on with the last run."""
    return not st.session_state.get(_DECLINED)


def decline_last_run() -> None:
    """Do not offer again what there is by now."""
    st.session_state[_DECLINED] = True
    st.session_state.pop(_MOVED, None)


def address() -> dict[str, str]:
    """Return the query of the address bar."""
    return st.query_params.to_dict()


def _repeated() -> frozenset[str]:
    """Return the names that the address has more than once."""
    query = st.query_params
    return frozenset(name for name in query if len(query.get_all(name)) > 1)


def show_settings_in_address(session: Session, also: Mapping[str, str] | None = None) -> None:
    """Mirror the settings in the address bar, which going to another page empties.

    Parameters
    ----------
    session : Session
    also : mapping of str to str, optional
        What else the page shown keeps there.
    """
    settings = ReadSettings(session.config, speed_of(session), [])
    st.session_state[_SETTINGS] = settings
    query = write_settings(settings.config, settings.speed) | dict(also or {})
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)


def rate_was_moved() -> bool:
    """Tell whether the learning rate's slider was moved and the address does not say so yet."""
    return bool(st.session_state.get(_RATE_MOVED))


def remember_rate_moved() -> None:
    """Note that the slider was moved."""
    st.session_state[_RATE_MOVED] = True


def rate_is_told() -> None:
    """Note that all that tells the rate follows."""
    st.session_state.pop(_RATE_MOVED, None)


def _explain_absence(token: str) -> None:
    """Say why a run is not here any more."""
    if shared_engine().was_moved(token):
        st.session_state[_MOVED] = True
        st.session_state.pop(_DECLINED, None)
        add_notice(
            _(
                "Your run goes on in another tab, and this tab no longer steers it. Here a new "
                "one begins with the same settings."
            )
        )
        return
    add_notice(
        _(
            "Nobody had watched this run for {minutes:.0f} minutes, so it was dropped. "
            "A new one begins with the same settings."
        ).format(minutes=DROP_AFTER / 60)
    )


def _open(settings: ReadSettings) -> Session:
    """Open a session; where its data set cannot be had, the embedded one serves."""
    engine, config = shared_engine(), settings.config
    notices = settings.notices
    try:
        session = engine.open(config)
    except UserError as error:
        embedded = TrainingConfig().dataset
        session = engine.open(replace(config, dataset=embedded))
        notices = [*notices, why_not_opened(error, config.dataset, embedded)]
    engine.set_pace(session, *SPEEDS[settings.speed])
    for notice in notices:
        add_notice(notice)
    return session


def loaded_recipe() -> tuple[str, str] | None:
    """Return the names of the recipe and its version that the run was begun from, or None."""
    names: tuple[str, str] | None = st.session_state.get(_LOADED_RECIPE)
    return names


def remember_recipe(names: tuple[str, str] | None) -> None:
    """Keep which recipe the run was begun from; None for settings of one's own."""
    st.session_state[_LOADED_RECIPE] = names
