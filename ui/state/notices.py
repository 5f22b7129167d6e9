"""Sentences that wait for the next run of the page."""

from __future__ import annotations

from typing import Final

import streamlit as st

_NOTICES: Final = "notices"
_TOLD: Final = "notices_told"


def add_notice(text: str) -> None:
    """Keep a sentence to be shown on the next run of the page."""
    st.session_state.setdefault(_NOTICES, []).append(text)


def notices() -> list[str]:
    """Return the sentences to show."""
    waiting: list[str] = st.session_state.get(_NOTICES, [])
    return waiting


def notices_are_shown() -> None:
    """Forget the sentences, once they have been shown."""
    st.session_state.pop(_NOTICES, None)


def add_notice_once(text: str) -> None:
    """Keep a sentence to be shown unless this page has shown it before."""
    told: set[str] = st.session_state.setdefault(_TOLD, set())
    if text not in told:
        st.session_state[_TOLD] = {*told, text}
        add_notice(text)
