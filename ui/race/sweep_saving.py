"""Taking a sweep home: its curves or its map as a picture, with the sentence under it."""

from __future__ import annotations

from functools import partial

from softmax_core.figures import PRINT, figure_bytes
from softmax_core.figures.sentence import sentence_figure
from softmax_core.figures.sweep import sweep_figure
from softmax_core.figures.sweep_grid import grid_figure
from softmax_core.service import Sweep, shared_engine
from ui.live.sweep_frame import facts_of, rows_of, sweep_sentence
from ui.race.picture_buttons import Kind, picture_buttons_ui
from ui.race.swept_settings import settings_said
from ui.words import _


def sweep_saving_ui(sweep: Sweep) -> None:
    """Offer the picture as files."""
    hint = _("What is on screen as a picture, with the sentence below it.")
    picture_buttons_ui("sweep", _("Save picture ({kind})"), partial(sweep_picture, sweep), hint)


def sweep_picture(sweep: Sweep, kind: Kind) -> bytes:
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
