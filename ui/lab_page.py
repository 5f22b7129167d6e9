"""The Lab: train and draw, side by side, on one screen."""

from __future__ import annotations

import streamlit as st

from softmax_core.service import Status
from ui.controls import controls_ui
from ui.drawing import drawing_ui
from ui.files import files_ui
from ui.live.components import live_view, weight_pictures
from ui.settings import settings_ui
from ui.state import current_session


def lab_page() -> None:
    """Show settings and buttons, live curves and weights, the canvas and its reading."""
    session = current_session()
    left, middle, right = st.columns([1.15, 2.7, 1.35], gap="medium")
    with left.container(key="settings"):
        settings_ui(session)
        # Read once: the button and the live view, which corrects it, must not disagree.
        running = session.status is Status.RUNNING
        controls_ui(session, running=running)
        files_ui(session)
    with middle.container(key="curves"):
        live_view(session, running=running, on_settled=_look_again)
    with right.container(key="drawing"):
        drawing_ui(session)
    with middle.container(key="weights"):
        weight_pictures(session)


def _look_again() -> None:
    """Do nothing: the rerun that follows brings the buttons up to date."""
