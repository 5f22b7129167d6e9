"""The page Why?: one reading explained, compared, nudged, and operated on."""

from __future__ import annotations

import streamlit as st

from softmax_core.data.store import open_dataset
from ui import state
from ui.drawing import drawing_ui
from ui.live.components import why_view
from ui.live.reading import is_pictures
from ui.words import _


def why_page() -> None:
    """Show the drawing on the left and one section about its reading on the right."""
    session = state.current_session()
    if not is_pictures(open_dataset(session.config.dataset)):
        state.canvas_is_gone()
        _points_ui()
        return
    section = _section()
    left, right = st.columns([1, 3.1], gap="medium")
    with left.container(key="why_drawing"):
        drawing_ui(session)
    with right.container(key="why"):
        why_view(session, section)


def _section() -> str:
    titles = {
        "evidence": _("Evidence"),
        "contrast": _("This, not that"),
        "nudge": _("Nudge"),
        "operate": _("Operate"),
    }
    chosen: str | None = st.segmented_control(
        _("Section"),
        list(titles),
        format_func=titles.__getitem__,
        required=True,
        key=state.begin(state.WHY_SECTION, next(iter(titles))),
        label_visibility="collapsed",
    )
    return chosen or next(iter(titles))


def _points_ui() -> None:
    st.info(
        _(
            "This data set has points in the plane, and no strokes that could speak for a class: "
            "the Lab draws which class the model chooses where. Choose a data set of pictures "
            "there, and this page explains each reading."
        ),
        icon=":material/scatter_plot:",
    )
