"""The slider of the learning rate. It is dragged more than all else, so it redraws itself alone.

A page that follows every place the slider passes would run its whole script for each: with a
class on one server that is most of what the server does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from softmax_core.service import Session, shared_engine
from ui import state
from ui.recipes.lab_choice import is_told_of
from ui.whole import whole
from ui.words import _, long_text, plain_number

# 1, 1.5, 2, 3, 5, 7 in each decade: about equal steps on a logarithmic scale.
_DECADES: Final = (0.001, 0.01, 0.1, 1.0)
LEARNING_RATES: Final = (
    *(float(f"{decade * digit:g}") for decade in _DECADES for digit in (1, 1.5, 2, 3, 5, 7)),
    10.0,
)
UnderRate = Callable[[Session, Sequence[float], float], None]

_KEY: Final = f"{state.SETTING}learning_rate"


def learning_rate_ui(session: Session, under_rate: UnderRate | None = None) -> float:
    """Show the slider and return the rate that was chosen.

    Parameters
    ----------
    session : Session
    under_rate : callable, optional
        Shows something under the slider, of the session, the slider's choices and the one chosen.
    """
    _slider_ui(session, under_rate)
    chosen: float = state.widget_value(_KEY)
    return chosen


@st.fragment
def _slider_ui(session: Session, under_rate: UnderRate | None) -> None:
    config = session.config
    rates = sorted({*LEARNING_RATES, config.learning_rate})
    chosen: float = st.select_slider(
        _("Learning rate"),
        rates,
        format_func=plain_number,
        key=state.begin(_KEY, config.learning_rate),
        help=long_text("edge"),
        on_change=whole(_take),
    )
    if under_rate is not None:
        under_rate(session, rates, chosen)
    if state.rate_was_moved():
        state.rate_is_told()
        state.show_settings_in_address(session)
        if state.current_session() is not session or session.kept or not is_told_of(session):
            st.rerun()  # what names the rate elsewhere on the page must follow


def _take() -> None:
    """Train on with the rate that was chosen."""
    session = state.current_session()
    rate = state.widget_value(_KEY)
    shared_engine().configure(session, replace(session.config, learning_rate=rate))
    state.remember_rate_moved()
