"""The page Recipes: published notebooks to run, mistakes to find, and things to break."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from softmax_core.service import Session
from ui import state
from ui.recipes.break_it import break_it_ui
from ui.recipes.receipts import receipts_ui
from ui.recipes.spot_the_bug import spot_the_bug_ui
from ui.words import _


def recipes_page() -> None:
    """Show one section at a time; all look at the same run."""
    session = state.current_session()
    state.canvas_is_gone()
    sections: dict[str, Callable[[Session], None]] = {
        _("Receipts"): receipts_ui,
        _("Spot the bug"): spot_the_bug_ui,
        _("Break it safely"): break_it_ui,
    }
    section = st.segmented_control(
        _("Section"),
        list(sections),
        required=True,
        key=state.begin(state.RECIPES_SECTION, next(iter(sections))),
        label_visibility="collapsed",
    )
    sections[section or next(iter(sections))](session)
