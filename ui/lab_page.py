"""The Lab: train and draw, side by side, on one screen."""

from __future__ import annotations

import streamlit as st

from ui.controls import controls_ui
from ui.drawing import drawing_ui
from ui.files import files_ui
from ui.live.components import live_view, weight_pictures
from ui.settings import settings_ui
from ui.state import current_session, show_settings_in_address


def lab_page() -> None:
    """Show settings and buttons, live curves and weights, the canvas and its reading."""
    session = current_session()
    left, middle, right = st.columns([1.15, 2.7, 1.35], gap="medium")
    with left.container(key="settings"):
        settings_ui(session)
        controls_ui(session)
        files_ui(session)
    with middle.container(key="curves"):
        live_view(session, on_settled=_look_again)
    with right.container(key="drawing"):
        drawing_ui(session)
    with middle.container(key="weights"):
        weight_pictures(session)
    show_settings_in_address(session.config)


def _look_again() -> None:
    """Do nothing: the rerun that follows brings the buttons up to date."""
