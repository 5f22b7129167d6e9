"""The Lab: train and draw, side by side, on one screen."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from softmax_core.data.store import open_dataset
from softmax_core.service import Status
from ui.controls import controls_ui
from ui.drawing import drawing_ui
from ui.edge import edge_ui
from ui.files import files_ui
from ui.kept.difference import short_names
from ui.kept.kept_list import keep, kept_ui
from ui.live.components import live_view, weight_pictures
from ui.live.reading import is_pictures
from ui.settings import settings_ui
from ui.state import current_session
from ui.trained_model import trained_model_ui

_WIDTHS: Final = (1.15, 2.7, 1.35)
_WIDTHS_OF_POINTS: Final = (1.15, 2.2, 1.85)  # a plane with points is looked at, not drawn on


def lab_page() -> None:
    """Show settings and buttons, live curves and weights, the canvas and its reading."""
    session = current_session()
    shows_pictures = is_pictures(open_dataset(session.config.dataset))
    left, middle, right = st.columns(_WIDTHS if shows_pictures else _WIDTHS_OF_POINTS, gap="medium")
    with left.container(key="settings"):
        settings_ui(session, edge_ui)
        # Read once: the button and the live view, which corrects it, must not disagree.
        running = session.status is Status.RUNNING
        controls_ui(session, running=running)
        files_ui(session)
        trained_model_ui(session)
        kept_ui(session)
    with middle.container(key="curves"):
        live_view(
            session,
            running=running,
            kept=short_names(session.kept, session.config),
            on_settled=_look_again,
            on_keep=partial(keep, session),
        )
    with right.container(key="drawing"):
        drawing_ui(session, lessons=True)
    if shows_pictures:
        with middle.container(key="weights"):
            weight_pictures(session)


def _look_again() -> None:
    """Do nothing: the rerun that follows brings the buttons up to date."""
