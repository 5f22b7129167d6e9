"""The runs this browser keeps on the chart: for the case that its session is dropped."""

from __future__ import annotations

from typing import Final

import streamlit as st

from softmax_core.service import KeptRun

_KEPT_RUNS: Final = "kept_runs"


def kept_runs() -> tuple[KeptRun, ...]:
    """Return the runs that were kept."""
    runs: tuple[KeptRun, ...] = st.session_state.get(_KEPT_RUNS, ())
    return runs


def remember_kept(runs: tuple[KeptRun, ...]) -> None:
    """Keep them, beyond the session they were made in."""
    st.session_state[_KEPT_RUNS] = runs
