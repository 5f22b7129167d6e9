"""A run that is looked at as it was at an earlier step, and the way back to its newest weights."""

from __future__ import annotations

import streamlit as st

from softmax_core.service import Session, shared_engine
from ui.words import _


def pinned_ui(session: Session) -> None:
    """Say whose weights are on screen while they are not the newest; nothing otherwise."""
    engine = shared_engine()
    view = engine.view(session)
    if not view.pinned:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="pinned"):
        text = _("**These are the weights of step {step:,}**, here and in the reading.")
        st.markdown(text.format(step=view.shown.step), width="content")
        st.button(
            _("Follow the run"),
            key="follow_run",
            icon=":material/keyboard_double_arrow_right:",
            on_click=engine.look_at,
            args=(session, None),
            help=_("Training has gone on behind them: shows the newest weights again."),
        )
