"""The drawing: what the canvas sent last, and what it is to begin with."""

from __future__ import annotations

import hashlib
import time
from typing import Any, Final

import streamlit as st

from ui.state.keys import WHAT_TO_READ

_CANVAS_IMAGE: Final = "canvas_image"
_CANVAS_START: Final = "canvas_start"
_CANVAS_GONE: Final = "canvas_gone"
_CANVAS_PAGE: Final = "canvas_page"
_STROKES: Final = "strokes"


def is_new_canvas_image(image: bytes | None) -> bool:
    """Tell whether the canvas sent something that was not taken yet."""
    return bool(_digest(image) != st.session_state.get(_CANVAS_IMAGE, ""))


def canvas_image_is_taken(image: bytes | None) -> None:
    """Note that what the canvas sent was made use of."""
    st.session_state[_CANVAS_IMAGE] = _digest(image)


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
    st.session_state[_CANVAS_START] = {**drawing, "drawn": time.monotonic_ns()}
    # Last: cut short before this, whoever asks again still finds the strokes as they were.
    remember_strokes(drawing)


def canvas_is_gone() -> None:
    """Note that the page now shown has no canvas, which makes Streamlit forget its content."""
    st.session_state[_CANVAS_GONE] = True


def canvas_is_on(page: str) -> None:
    """Note the page now shown: another page's canvas is a new one, also under the same key.

    So is its choice of what to read. Kept, the browser would show nothing chosen: it forgets
    a widget with its page, and is told only of values that the page itself has set.
    """
    if st.session_state.get(_CANVAS_PAGE) not in (None, page):
        canvas_is_gone()
        st.session_state.pop(WHAT_TO_READ, None)
    st.session_state[_CANVAS_PAGE] = page


def restore_canvas() -> None:
    """Let a canvas that comes back begin with the last drawing."""
    drawing = strokes()
    if st.session_state.pop(_CANVAS_GONE, False) and drawing is not None:
        redraw_canvas(drawing)


def _digest(image: bytes | None) -> str:
    return hashlib.sha256(image).hexdigest() if image else ""
