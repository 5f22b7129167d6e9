"""The one typed door to what Streamlit keeps for this browser."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, Final, NamedTuple, TypeVar

import streamlit as st

from softmax_core.data.fetch_job import FetchJob
from softmax_core.errors import UserError
from softmax_core.service import Session, shared_engine
from softmax_core.service.pacing import DROP_AFTER
from softmax_core.training import TrainingConfig, TrainingState
from ui.address import ReadSettings, read_settings, write_settings
from ui.datasets import why_not_opened
from ui.speeds import SPEEDS, speed_of
from ui.words import _

Kept = TypeVar("Kept")

# Keys of widgets, which Streamlit keeps in the same place.
SETTING: Final = "setting_"  # and the name of the setting
CANVAS: Final = "canvas"
WHAT_TO_READ: Final = "what_to_read"
UPLOAD: Final = "upload"
SHOWN_DATASET: Final = "data_page_dataset"
RECIPE: Final = "recipe"
RECIPES_SECTION: Final = "recipes_section"
SHOWN_RECIPE: Final = "shown_recipe"
SHOWN_VERSION: Final = "shown_version_"  # and the name of the recipe
SPOT_MISTAKE: Final = "spot_mistake"
SPOT_RATE: Final = "spot_rate_"  # and the name of the mistake
SPOT_GUESS: Final = "spot_guess"
BREAK_SWITCH: Final = "break_"  # and the name of the switch

_TOKEN: Final = "token"
_SETTINGS: Final = "settings"
_NOTICES: Final = "notices"
_PICTURE_PAGE: Final = "picture_page"
_UPLOAD_SAID: Final = "upload_said"
_UPLOADS_READ: Final = "uploads_read"
_FETCH_JOB: Final = "fetch_"  # and the name of the data set
_CANVAS_IMAGE: Final = "canvas_image"
_CANVAS_START: Final = "canvas_start"
_CANVAS_GONE: Final = "canvas_gone"
_STROKES: Final = "strokes"
_LOADED_RECIPE: Final = "loaded_recipe"
_KEPT: Final = "kept_"  # and the name of the picture
_JOB: Final = "job_"  # and what it works out
_SPOT_REVEALED: Final = "spot_revealed"
_BREAK_ASIDE: Final = "break_aside"


class Job(NamedTuple):
    """Something that a worker was asked to work out."""

    future: Future[Any]
    about: Any  # what it was asked about
    started: float  # of a monotonic clock


class Aside(NamedTuple):
    """A run as it was before it was broken on purpose."""

    config: TrainingConfig
    state: TrainingState
    pace: tuple[float | None, float | None]  # epochs and steps a second
    replaced: bool  # another run took its place


class Upload(NamedTuple):
    """A file that was dropped on the page."""

    name: str
    content: bytes


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


# Spot the bug, Break it safely


def job(name: str) -> Job | None:
    """Return what a worker was asked for under this name, None before that."""
    asked: Job | None = st.session_state.get(_JOB + name)
    return asked


def remember_job(name: str, asked: Job | None) -> None:
    """Keep what a worker was asked for, or forget it."""
    st.session_state[_JOB + name] = asked


def revealed_guess() -> str | None:
    """Return what was guessed of the hidden mistake, None while it is hidden."""
    guess: str | None = st.session_state.get(_SPOT_REVEALED)
    return guess


def reveal(guess: str | None) -> None:
    """Lift the cover off the hidden mistake, or put it on again."""
    st.session_state[_SPOT_REVEALED] = guess


def put_aside() -> Aside | None:
    """Return the run that was put aside, None when there is none."""
    aside: Aside | None = st.session_state.get(_BREAK_ASIDE)
    return aside


def remember_aside(aside: Aside | None) -> None:
    """Keep a run while it is being broken, or forget it."""
    st.session_state[_BREAK_ASIDE] = aside


# Widgets


def begin(key: str, value: object) -> str:
    """Give a widget its first value and return its key.

    Not as the widget's default: Streamlit wants one or the other, and a loaded run sets
    the widget from outside.
    """
    st.session_state.setdefault(key, value)
    return key


def widget_value(key: str) -> Any:
    """Return what a widget on the page holds, None when it is not there."""
    return st.session_state.get(key)


def set_widgets(values: Mapping[str, object]) -> None:
    """Set widgets by their keys, before they are drawn."""
    for key, value in values.items():
        st.session_state[key] = value


def forget_setting_widgets() -> None:
    """Let the Lab's widgets begin anew from the run itself, which other pages may change."""
    for key in list(st.session_state):
        if isinstance(key, str) and key.startswith(SETTING):
            del st.session_state[key]


def loaded_recipe() -> tuple[str, str] | None:
    """Return the names of the recipe and its version that the run was begun from, or None."""
    names: tuple[str, str] | None = st.session_state.get(_LOADED_RECIPE)
    return names


def remember_recipe(names: tuple[str, str] | None) -> None:
    """Keep which recipe the run was begun from; None for settings of one's own."""
    st.session_state[_LOADED_RECIPE] = names


def kept_picture(name: str) -> tuple[object, Any]:
    """Return a picture that was kept and what it shows the state of; (None, None) before."""
    kept: tuple[object, Any] = st.session_state.get(_KEPT + name, (None, None))
    return kept


def keep_picture(name: str, shows: object, picture: object) -> None:
    """Keep a picture for the next run of the page."""
    st.session_state[_KEPT + name] = (shows, picture)


def unread_uploads() -> list[Upload]:
    """Return the files in the uploader that nothing has been made of yet."""
    read = st.session_state.get(_UPLOADS_READ, frozenset())
    uploaded = [file for file in st.session_state.get(UPLOAD) or [] if file.file_id not in read]
    return [Upload(file.name, bytes(file.getvalue())) for file in uploaded]


def uploads_are_read() -> None:
    """Note that something was made of all files in the uploader."""
    uploaded = st.session_state.get(UPLOAD) or []
    st.session_state[_UPLOADS_READ] = frozenset(file.file_id for file in uploaded)


def say_of_upload(said: Said) -> None:
    """Keep what became of the uploaded files."""
    st.session_state[_UPLOAD_SAID] = said


def said_of_upload() -> Said | None:
    """Return what became of the uploaded files, for as long as there is one in the uploader."""
    said: Said | None = st.session_state.get(_UPLOAD_SAID)
    return said if st.session_state.get(UPLOAD) else None


def kept(key: str, make: Callable[[], Kept]) -> Kept:
    """Return what this browser keeps under a key; it is made on the first call."""
    if key not in st.session_state:
        st.session_state[key] = make()
    value: Kept = st.session_state[key]
    return value


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
