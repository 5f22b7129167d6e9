"""The one typed door to what Streamlit keeps for this browser."""

from __future__ import annotations

import hashlib
import time
from typing import Any, Final

import streamlit as st

from softmax_core.errors import UserError
from softmax_core.service import Session, shared_engine
from softmax_core.training import TrainingConfig
from ui.address import read_settings, write_settings

# A run begins at a pace that can be watched: an epoch a second, no bound on the steps.
WATCH: Final = (1.0, None)

_TOKEN: Final = "token"
_NOTICES: Final = "notices"
_CANVAS_IMAGE: Final = "canvas_image"
_CANVAS_START: Final = "canvas_start"
_CANVAS_GONE: Final = "canvas_gone"
_STROKES: Final = "strokes"


def current_session() -> Session:
    """Return this browser's training session, opened on the first visit.

    The settings of the address bar decide the first one. A session that was dropped because
    nobody watched it is opened anew with the settings still on the page.
    """
    engine = shared_engine()
    token = st.session_state.get(_TOKEN)
    session = engine.find(token) if token else None
    if session is None:
        config, notices = read_settings(st.query_params.to_dict())
        session, more = _open(config)
        engine.set_pace(session, *WATCH)
        st.session_state[_TOKEN] = session.token
        for notice in [*notices, *more]:
            add_notice(notice)
    return session


def show_settings_in_address(config: TrainingConfig) -> None:
    """Mirror the settings in the address bar."""
    query = write_settings(config)
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)


def add_notice(text: str) -> None:
    """Keep a sentence to be shown on the next run of the page."""
    st.session_state.setdefault(_NOTICES, []).append(text)


def take_notices() -> list[str]:
    """Return the sentences to show and forget them."""
    notices: list[str] = st.session_state.pop(_NOTICES, [])
    return notices


def is_new_canvas_image(image: bytes | None) -> bool:
    """Tell whether the canvas sent something since it was last asked about."""
    digest = hashlib.sha256(image).hexdigest() if image else ""
    known = st.session_state.get(_CANVAS_IMAGE, "")
    st.session_state[_CANVAS_IMAGE] = digest
    return bool(digest != known)


def strokes() -> dict[str, Any] | None:
    """Return the strokes on the canvas as it last sent them, None before the first."""
    value: dict[str, Any] | None = st.session_state.get(_STROKES)
    return value


def remember_strokes(drawing: dict[str, Any] | None) -> None:
    """Keep what the canvas sent, for Undo and for coming back from another page."""
    st.session_state[_STROKES] = drawing


def canvas_start() -> dict[str, Any] | None:
    """Return the drawing the canvas begins with; it redraws only when this changes."""
    value: dict[str, Any] | None = st.session_state.get(_CANVAS_START)
    return value


def redraw_canvas(drawing: dict[str, Any]) -> None:
    """Make the canvas show this drawing; a number in it makes the same drawing new."""
    remember_strokes(drawing)
    st.session_state[_CANVAS_START] = {**drawing, "drawn": time.monotonic_ns()}


def canvas_is_gone() -> None:
    """Note that the page now shown has no canvas, which makes Streamlit forget its content."""
    st.session_state[_CANVAS_GONE] = True


def restore_canvas() -> None:
    """Let a canvas that comes back begin with the last drawing."""
    drawing = strokes()
    if st.session_state.pop(_CANVAS_GONE, False) and drawing is not None:
        redraw_canvas(drawing)


def _open(config: TrainingConfig) -> tuple[Session, list[str]]:
    """Open a session; where its data set cannot be had, the embedded one serves."""
    try:
        return shared_engine().open(config), []
    except UserError as error:
        fallback = TrainingConfig(
            network=config.network,
            learning_rate=config.learning_rate,
            batch_size=config.batch_size,
        )
        return shared_engine().open(fallback), [error.text]
