"""The buttons of a run."""

from __future__ import annotations

import streamlit as st

from softmax_core.service import Session, shared_engine
from ui.words import _


def controls_ui(session: Session, *, running: bool) -> None:
    """Show Train or Pause, Step, Epoch and Reset.

    Parameters
    ----------
    session : Session
    running : bool
        Whether the run goes on, as read once for all that this run of the page shows.
    """
    engine = shared_engine()
    with st.container(horizontal=True, gap="xsmall", key="buttons"):
        # One button with two labels: it keeps the keyboard's focus. What it says is what it
        # does, even if the run has ended by itself in the meantime.
        st.button(
            _("Pause") if running else _("Train"),
            key="train",
            type="primary",
            on_click=engine.pause if running else engine.start,
            args=(session,),
        )
        st.button(
            _("Step"), key="step", on_click=engine.step, args=(session,), help=_("One update.")
        )
        st.button(
            _("Epoch"),
            key="epoch",
            on_click=engine.epoch,
            args=(session,),
            help=_("To the end of this pass over the training pictures."),
        )
        st.button(
            _("Reset"),
            key="reset",
            on_click=engine.reset,
            args=(session,),
            help=_("Back to the very same start."),
        )
