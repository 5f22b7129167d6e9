"""The buttons of a race: all lanes at once."""

from __future__ import annotations

import streamlit as st

from softmax_core.service import Race, shared_engine
from ui.words import _


def race_controls_ui(race: Race, *, running: bool) -> None:
    """Show Start or Pause, Step and Reset.

    Parameters
    ----------
    race : Race
    running : bool
        Whether it goes on, as read once for all that this run of the page shows.
    """
    engine = shared_engine()
    with st.container(horizontal=True, gap="xsmall", key="race_buttons"):
        # One button with two labels, as in the Lab: it keeps the keyboard's focus.
        st.button(
            _("Pause") if running else _("Start"),
            key="race_start",
            type="primary",
            on_click=engine.pause_race if running else engine.start_race,
            args=(race,),
        )
        st.button(
            _("Step"),
            key="race_step",
            on_click=engine.step_race,
            args=(race,),
            help=_(
                "One update of the lane with the largest batch; the others make as many as it "
                "takes to have seen as many examples."
            ),
        )
        st.button(
            _("Reset"),
            key="race_reset",
            on_click=engine.reset_race,
            args=(race,),
            help=_("All lanes back to the very same start: the same curves come again."),
        )
