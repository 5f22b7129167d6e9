"""The one typed door to what Streamlit keeps for this browser."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

import streamlit as st

from softmax_core.data.fetch_job import FetchJob
from softmax_core.errors import UserError
from softmax_core.service import Session, shared_engine
from softmax_core.service.pacing import DROP_AFTER
from softmax_core.training import TrainingConfig
from ui.address import ReadSettings, read_settings, write_settings
from ui.datasets import why_not_opened
from ui.speeds import SPEEDS, speed_of
from ui.words import _

# Keys of widgets, which Streamlit keeps in the same place.
SETTING: Final = "setting_"  # and the name of the setting
CANVAS: Final = "canvas"
WHAT_TO_READ: Final = "what_to_read"
UPLOAD: Final = "upload"
SHOWN_DATASET: Final = "data_page_dataset"

_TOKEN: Final = "token"
_SETTINGS: Final = "settings"
_NOTICES: Final = "notices"
_PICTURE_PAGE: Final = "picture_page"
_UPLOAD_SAID: Final = "upload_said"
_FETCH_JOB: Final = "fetch_"  # and the name of the data set
_CANVAS_IMAGE: Final = "canvas_image"
_CANVAS_START: Final = "canvas_start"
_CANVAS_GONE: Final = "canvas_gone"
_STROKES: Final = "strokes"


class Said(NamedTuple):
    """What became of the last file."""

    loaded: bool
    text: str


# This browser's run


def current_session() -> Session:
    """Return this browser's training session, opened on the first visit.

    The settings of the address bar decide the first one. One that was dropped because nobody
    watched it is opened anew, with the settings it had.
    """
    token: str | None = st.session_state.get(_TOKEN)
    session = shared_engine().find(token) if token else None
    if session is None:
        if token:
            add_notice(
                _(
                    "Nobody had watched this run for {minutes:.0f} minutes, so it was dropped. "
                    "A new one begins with the same settings."
                ).format(minutes=DROP_AFTER / 60)
            )
        settings: ReadSettings | None = st.session_state.get(_SETTINGS)
        session = _open(settings or read_settings(st.query_params.to_dict()))
        st.session_state[_TOKEN] = session.token
    return session


def show_settings_in_address(session: Session) -> None:
    """Mirror the settings in the address bar, which going to another page empties."""
    settings = ReadSettings(session.config, speed_of(session), [])
    st.session_state[_SETTINGS] = settings
    query = write_settings(settings.config, settings.speed)
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)


def _open(settings: ReadSettings) -> Session:
    """Open a session; where its data set cannot be had, the embedded one serves."""
    engine, config = shared_engine(), settings.config
    notices = settings.notices
    try:
        session = engine.open(config)
    except UserError as error:
        embedded = TrainingConfig().dataset
        session = engine.open(replace(config, dataset=embedded))
        notices = [*notices, why_not_opened(error, config.dataset, embedded)]
    engine.set_pace(session, *SPEEDS[settings.speed])
    for notice in notices:
        add_notice(notice)
    return session


# Sentences


def add_notice(text: str) -> None:
    """Keep a sentence to be shown on the next run of the page."""
    st.session_state.setdefault(_NOTICES, []).append(text)


def take_notices() -> list[str]:
    """Return the sentences to show and forget them."""
    notices: list[str] = st.session_state.pop(_NOTICES, [])
    return notices


# Widgets


def begin(key: str, value: object) -> str:
    """Give a widget its first value and return its key.

    Not as the widget's default: Streamlit wants one or the other, and a loaded run sets
    the widget from outside.
    """
    st.session_state.setdefault(key, value)
    return key


def set_widgets(values: Mapping[str, object]) -> None:
    """Set widgets by their keys, before they are drawn."""
    for key, value in values.items():
        st.session_state[key] = value


def uploaded_file() -> bytes | None:
    """Return the content of the file in the uploader, None when there is none."""
    uploaded = st.session_state.get(UPLOAD)
    return None if uploaded is None else bytes(uploaded.getvalue())


def say_of_upload(said: Said) -> None:
    """Keep what became of the uploaded file."""
    st.session_state[_UPLOAD_SAID] = said


def said_of_upload() -> Said | None:
    """Return what became of the uploaded file, for as long as it is in the uploader."""
    said: Said | None = st.session_state.get(_UPLOAD_SAID)
    return None if st.session_state.get(UPLOAD) is None else said


def fetch_job(dataset: str) -> FetchJob | None:
    """Return the download that was started on this page, None before and after it."""
    job: FetchJob | None = st.session_state.get(_FETCH_JOB + dataset)
    return job


def remember_fetch_job(dataset: str, job: FetchJob | None) -> None:
    """Keep a download, or forget it."""
    st.session_state[_FETCH_JOB + dataset] = job


def picture_page() -> int:
    """Return how often other test pictures were asked for."""
    page: int = st.session_state.get(_PICTURE_PAGE, 0)
    return page


def next_picture_page() -> None:
    """Ask for other test pictures."""
    st.session_state[_PICTURE_PAGE] = picture_page() + 1


# The drawing


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
