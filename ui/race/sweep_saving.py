"""Taking a sweep home: its curves or its map as a picture, with the sentence under it."""

from __future__ import annotations

from functools import partial
from typing import Final, Literal

import streamlit as st

from softmax_core.figures import PRINT, figure_bytes
from softmax_core.figures.sentence import sentence_figure
from softmax_core.figures.sweep import sweep_figure
from softmax_core.figures.sweep_grid import grid_figure
from softmax_core.service import Sweep, shared_engine
from ui.live.sweep_frame import facts_of, rows_of, sweep_sentence
from ui.race.swept_settings import settings_said
from ui.words import _

_KINDS: Final[tuple[Literal["png", "svg"], ...]] = ("png", "svg")


def sweep_saving_ui(sweep: Sweep) -> None:
    """Offer the picture as files, drawn when they are asked for."""
    with st.container(horizontal=True, gap="small", key="sweep_saving"):
        for kind in _KINDS:
            st.download_button(
                _("Save picture ({kind})").format(kind=kind.upper()),
                partial(sweep_picture, sweep, kind),
                f"sweep.{kind}",
                on_click="ignore",
                key=f"save_sweep_{kind}",
                type="tertiary",
                icon=":material/save:",
            )


def sweep_picture(sweep: Sweep, kind: Literal["png", "svg"]) -> bytes:
    """Return the picture, light on white, with its caption."""
    view = shared_engine().sweep_view(sweep)
    rows, facts = rows_of(view), facts_of(view)
    if len(rows) > 1:
        figure = grid_figure(rows, facts, theme=PRINT)
    else:
        figure = sweep_figure(rows[0], facts, theme=PRINT)
    settings = settings_said(view.rows[0][0], with_batch_size=len(rows) == 1)
    caption = f"{sweep_sentence(view)} {_('All runs: {settings}.').format(settings=settings)}"
    return figure_bytes(sentence_figure(figure, caption, theme=PRINT), kind)
