"""The buttons that save a picture of the page Race, drawn when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, Literal

import streamlit as st

Kind = Literal["png", "svg"]
_KINDS: Final[tuple[Kind, ...]] = ("png", "svg")


def picture_buttons_ui(name: str, label: str, draw: Callable[[Kind], bytes], hint: str) -> None:
    """Offer a picture as PNG and as SVG.

    Parameters
    ----------
    name : str
        Of the files and the widgets.
    label : str
        With the place for the ``{kind}``.
    draw : callable
        Returns the file of a kind.
    hint : str
        What the picture shows.
    """
    with st.container(horizontal=True, gap="small", key=f"{name}_saving"):
        for kind in _KINDS:
            st.download_button(
                label.format(kind=kind.upper()),
                partial(draw, kind),
                f"{name}.{kind}",
                on_click="ignore",
                key=f"save_{name}_{kind}",
                type="tertiary",
                icon=":material/save:",
                help=hint,
            )
