"""How a drawing becomes the picture the model reads, step by step, beside a mere shrinking."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st

from softmax_core.data.dataset import Dataset
from softmax_core.data.ink import InkStep, ink_steps, naive_digit
from softmax_core.data.picture_files import ink_png
from softmax_core.data.store import open_dataset
from softmax_core.explain import read_digit
from softmax_core.figures.wording import percent
from softmax_core.service import Session, View, shared_engine
from ui.live.reading import network_of
from ui.words import _


class _Caption(NamedTuple):
    title: str
    text: str


def ink_steps_ui(session: Session) -> None:
    """Offer to show the steps of the drawing; a button, and a dialog behind it."""
    asked = st.button(
        _("How your drawing becomes this picture"),
        key="ink_steps",
        type="tertiary",
        icon=":material/animation:",
        disabled=session.drawing is None,
        help=_("Draw a digit first.") if session.drawing is None else None,
    )
    if asked:
        _steps_dialog(session)


@st.dialog(_("How your drawing becomes the picture"), width="large")
def _steps_dialog(session: Session) -> None:
    view = shared_engine().view(session)
    dataset = open_dataset(view.config.dataset)
    info = dataset.info
    steps = None
    if view.drawing is not None:
        steps = ink_steps(view.drawing, info.image_shape, info.upright)
    if view.drawing is None or steps is None:
        st.info(_("There is no ink to show yet: draw a digit and look again."))
        return
    _steps_ui(steps.in_order(), dataset)
    st.divider()
    _lesson_ui(view, dataset, np.rint(255 * steps.centred).astype(np.uint8))


def _steps_ui(steps: tuple[InkStep, ...], dataset: Dataset) -> None:
    captions = _captions(dataset)
    columns = st.container(key="ink_pictures").columns(len(steps), gap="small")
    for i, (column, step) in enumerate(zip(columns, steps, strict=True), 1):
        title, text = captions[step.name]
        with column:
            png = ink_png(step.picture, dark_paper=step.name != "drawn")
            st.image(png, width="stretch", alt=f"{title}. {text}")
            st.markdown(f"**{i}. {title}**")
            st.caption(text)


def _lesson_ui(view: View, dataset: Dataset, prepared: np.ndarray) -> None:
    """Show the prepared picture and the shrunk one with what the weights on screen make of them."""
    if view.drawing is None:
        return
    shrunk = naive_digit(view.drawing, dataset.info.image_shape)
    words, left, right = st.columns([1.4, 1, 1], gap="large", vertical_alignment="center")
    with words:
        st.markdown(
            _(
                "**Why so much trouble?** Most digit demos merely shrink the canvas. A model looks "
                "at places, not at shapes: ink that lies elsewhere than in its training pictures "
                "is another picture to it. Of real people's drawings, softmax regression trained "
                "on MNIST reads 3 or 4 in 10 when they are merely shrunk, and more than 8 in 10 "
                "when they are made as its training pictures were. Draw a small digit in a corner "
                "and look again."
            )
        )
    with left:
        _reading_ui(view, dataset, prepared, _("Prepared as the training pictures were"))
    with right:
        _reading_ui(view, dataset, shrunk, _("The canvas merely shrunk"))


def _reading_ui(view: View, dataset: Dataset, digit: np.ndarray, title: str) -> None:
    network = network_of(view, dataset)
    reading = read_digit(network, view.shown.params, digit, view.shown_config.pixels)
    name = dataset.info.class_names[reading.prediction]
    text = _("Read as **{name}**, {percent} sure.").format(
        name=name, percent=percent(reading.confidence)
    )
    st.markdown(f"**{title}**")
    st.image(ink_png(digit, dark_paper=True), width=168, alt=title)
    st.markdown(text)


def _captions(dataset: Dataset) -> dict[str, _Caption]:
    rows, columns = dataset.info.image_shape
    upright = dataset.info.upright
    captions = {
        "drawn": _Caption(_("Your canvas"), _("How dark each small block of it is.")),
        "ink": _Caption(
            _("Ink"), _("White is ink, black is paper, whichever of the two you drew darker.")
        ),
        "crop": _Caption(_("Crop"), _("The box around the ink: where you drew does not matter.")),
        "thickened": _Caption(
            _("Thicken"), _("Thin or grey strokes grow as thick and dark as the training set's.")
        ),
        "upright": _Caption(
            _("No slant"), _("Sheared until it stands upright, as the training pictures were.")
        ),
        "scaled": _Caption(
            _("Scale"),
            _("{rows} × {columns} pixels, each the average of the ink it covers.").format(
                rows=rows, columns=columns
            ),
        ),
        "centred": _Caption(
            _("Centre"), _("The ink's centre of mass moves to the middle: this is what is read.")
        ),
    }
    if upright:
        captions["centred"] = _Caption(
            _("Spread and centre"),
            _("Scaled by how far its ink spreads, its centre of mass in the middle: this is read."),
        )
    if (rows, columns) == (8, 8):
        counted = _(
            "Each of 8 × 8 pixels counts the ink in a block of 4 × 4, as this set was made."
        )
        captions["scaled"] = _Caption(_("Count"), counted)
        captions["centred"] = _Caption(_("What is read"), _("The same: nothing is moved here."))
    return captions
