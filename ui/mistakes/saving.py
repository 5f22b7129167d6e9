"""Taking the confusion matrix home: as a picture, and as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import partial
from typing import Final, Literal

import streamlit as st

from softmax_core.data.store import open_dataset
from softmax_core.figures import PRINT, figure_bytes
from softmax_core.figures.confusion import confusion_figure
from softmax_core.service import Session
from ui.live.judging import judged_now
from ui.words import _

_PATIENCE: Final = 30.0  # seconds for a worker to judge the test set
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so is computed


def saving_ui(session: Session) -> None:
    """Offer the matrix of the weights shown, made when it is asked for."""
    downloads: list[tuple[str, str, Callable[[], bytes]]] = [
        (_("Counts (PNG)"), "confusion.png", partial(_figure, session, "png", rates=False)),
        (_("Counts (SVG)"), "confusion.svg", partial(_figure, session, "svg", rates=False)),
        (_("Per cent (PNG)"), "confusion-rates.png", partial(_figure, session, "png", rates=True)),
        (_("Per cent (SVG)"), "confusion-rates.svg", partial(_figure, session, "svg", rates=True)),
        (_("Table (CSV)"), "confusion.csv", partial(matrix_csv, session)),
    ]
    with st.popover(_("Save"), icon=":material/save:", width="stretch"):
        st.caption(_("The matrix of the weights shown, whichever step they are of."))
        with st.container(horizontal=True, gap="small"):
            for label, name, content in downloads:
                st.download_button(label, content, name, on_click="ignore", key=f"save_{name}")


def matrix_csv(session: Session) -> bytes:
    """Return the counts as a table: a row for what is true, a column for what is said."""
    names = open_dataset(session.config.dataset).info.class_names
    judged = judged_now(session, _PATIENCE)
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow([f"true class, step {judged.step}", *map(_cell, names)])
    for name, row in zip(names, judged.confusion.counts.tolist(), strict=True):
        table.writerow([_cell(name), *row])
    return text.getvalue().encode("utf-8")


def _figure(session: Session, kind: Literal["png", "svg"], *, rates: bool) -> bytes:
    names = open_dataset(session.config.dataset).info.class_names
    judged = judged_now(session, _PATIENCE)
    return figure_bytes(confusion_figure(judged.confusion, names, rates=rates, theme=PRINT), kind)


def _cell(name: str) -> str:
    """Keep a spreadsheet from taking the name of a class in somebody's folder for a formula."""
    return f"'{name}" if name[:1] in _FORMULAS else name
