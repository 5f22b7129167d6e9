"""What this browser remembers of the drawings it has added: their ink, and how they were read."""

from __future__ import annotations

from typing import Final, NamedTuple

import streamlit as st

_TAUGHT: Final = "taught"


class Remembered(NamedTuple):
    """A drawing as it was when it was added."""

    ink: bytes  # INK_SIDE squared, to prepare it for another data set
    before: float  # probability of its class


def remembered_drawings() -> dict[str, Remembered]:
    """Return what is remembered, by the drawings' names."""
    return dict(st.session_state.get(_TAUGHT, {}))


def remember_drawing(name: str, drawing: Remembered) -> None:
    """Remember a drawing."""
    st.session_state[_TAUGHT] = {**remembered_drawings(), name: drawing}
