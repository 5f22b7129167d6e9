"""A picture that is drawn once for what it shows, and kept for the page's next runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from softmax_core.figures import DARK, LIGHT, Theme, figure_bytes
from ui import state

if TYPE_CHECKING:
    from softmax_core.figures import Figure


def drawn_ui(name: str, shows: object, draw: Callable[[Theme], tuple[Figure, str]]) -> None:
    """Show a picture with its sentence.

    Parameters
    ----------
    name : str
        Of its place on the page.
    shows : object
        Compared with ``==``; where it is what it was, nothing is drawn again.
    draw : callable
        Takes the theme; returns the figure and what it shows in one sentence.
    """
    dark = st.context.theme.type == "dark"
    known, picture = state.kept_picture(name)
    if known != (shows, dark):
        figure, summary = draw(DARK if dark else LIGHT)
        picture = figure_bytes(figure, "png"), summary
        state.keep_picture(name, (shows, dark), picture)
    png, summary = picture
    st.image(png, width="stretch")
    st.caption(summary)
