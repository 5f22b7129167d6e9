"""The buttons of a run."""

from __future__ import annotations

import streamlit as st

from softmax_core.service import Session, Status, shared_engine
from ui.words import _


def controls_ui(session: Session) -> None:
    """Show Train or Pause, Step, Epoch and Reset."""
    engine = shared_engine()
    running = session.status is Status.RUNNING
    with st.container(horizontal=True, gap="xsmall", key="buttons"):
        # What a button says when it is pressed is what it does, even if the run has ended
        # by itself in the meantime.
        st.button(
            _("Pause") if running else _("Train"),
            key="pause" if running else "train",
            type="primary",
            on_click=engine.pause if running else engine.start,
            args=(session,),
        )
        st.button(_("Step"), key="step", on_click=_step, args=(session,), help=_("One update."))
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


def _step(session: Session) -> None:
    shared_engine().pause(session)
    shared_engine().step(session)
