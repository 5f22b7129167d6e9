"""Sentences that wait for the next run of the page."""

from __future__ import annotations

from typing import Final

import streamlit as st

_NOTICES: Final = "notices"


def add_notice(text: str) -> None:
    """Keep a sentence to be shown on the next run of the page."""
    st.session_state.setdefault(_NOTICES, []).append(text)


def take_notices() -> list[str]:
    """Return the sentences to show and forget them."""
    notices: list[str] = st.session_state.pop(_NOTICES, [])
    return notices
