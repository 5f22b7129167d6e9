"""What widgets hold, and what a page keeps between two of its runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import streamlit as st

from softmax_core.data.fetch_job import FetchJob
from ui.state.keys import SETTING

Kept = TypeVar("Kept")

_FETCH_JOB: Final = "fetch_"  # and the name of the data set
_PICTURE_PAGE: Final = "picture_page"
_KEPT: Final = "kept_"  # and the name of the picture


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


def told_by(key: str, trigger: str) -> Any:
    """Return what a component told with this run of the page, None when it told nothing."""
    told = st.session_state.get(key)
    return None if told is None else told.get(trigger)


def set_widgets(values: Mapping[str, object]) -> None:
    """Set widgets by their keys, before they are drawn."""
    for key, value in values.items():
        st.session_state[key] = value


def forget_setting_widgets() -> None:
    """Let the Lab's widgets begin anew from the run itself, which other pages may change."""
    for key in list(st.session_state):
        if isinstance(key, str) and key.startswith(SETTING):
            del st.session_state[key]


def kept(key: str, make: Callable[[], Kept]) -> Kept:
    """Return what this browser keeps under a key; it is made on the first call."""
    if key not in st.session_state:
        st.session_state[key] = make()
    value: Kept = st.session_state[key]
    return value


def kept_picture(name: str) -> tuple[object, Any]:
    """Return a picture that was kept and what it shows the state of; (None, None) before."""
    kept: tuple[object, Any] = st.session_state.get(_KEPT + name, (None, None))
    return kept


def keep_picture(name: str, shows: object, picture: object) -> None:
    """Keep a picture for the next run of the page."""
    st.session_state[_KEPT + name] = (shows, picture)


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
