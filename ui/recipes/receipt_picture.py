"""The published curve, ours over several seeds and this run's, drawn together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from softmax_core.figures import Theme
from softmax_core.figures.receipt import receipt_figure, receipt_summary
from softmax_core.service import Session, Status
from softmax_core.training.recipes.receipt import Receipt
from ui.recipes.drawn import drawn_ui
from ui.recipes.receipt_table import run_so_far
from ui.words import _

if TYPE_CHECKING:
    from softmax_core.figures import Figure


def receipt_picture_ui(session: Session, receipt: Receipt | None, *, is_loaded: bool) -> None:
    """Show the picture; it is drawn anew whenever the run rests, not while it moves."""
    if receipt is None:
        st.caption(_("No runs of ours are stored for this recipe."))
        return
    run = run_so_far(session) if is_loaded else None
    step = None if session.status is Status.RUNNING else session.state.step

    def draw(theme: Theme) -> tuple[Figure, str]:
        return receipt_figure(receipt, run, theme=theme), receipt_summary(receipt)

    shows = (receipt.recipe.name, receipt.version.name, is_loaded, session.run_id, step)
    with st.container(key="receipt_figure"):
        if is_loaded and step is None:
            st.caption(_("This run joins the picture when it rests."))
        drawn_ui("receipt", shows, draw)
