"""What the model is asked to read: a drawing, or a picture of the test set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit_drawable_canvas import st_canvas

from softmax_core.data.dataset import Dataset
from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.limits import CANVAS_SIDE
from softmax_core.service import Session, shared_engine
from ui import state
from ui.canvas_payload import Sent, read_drawing, sent_by
from ui.ink_steps import ink_steps_ui
from ui.live.components import TestPictures, reader, regions_view, test_picture_picker
from ui.live.reading import can_draw, is_pictures
from ui.taught import before_of
from ui.teach import teach_ui
from ui.whole import whole
from ui.words import _

PEN_WIDTH: Final = 20  # canvas pixels: about as thick, beside its digit, as MNIST's pens
N_PICTURES: Final = 20


@st.fragment
def drawing_ui(
    session: Session, *, lessons: bool = False, reads: Callable[[], None] | None = None
) -> None:
    """Show the canvas or the test pictures and how the model reads them; of points, the plane.

    Parameters
    ----------
    session : Session
    lessons : bool
        Whether a drawing can be taught here, and its way to the model looked at.
    reads : callable, optional
        Shows who reads it and how, in place of the run's own reading.
    """
    dataset = open_dataset(session.config.dataset)
    if not is_pictures(dataset):
        state.canvas_is_gone()
        regions_view(session)
        return
    draws = can_draw(dataset) and _wants_to_draw(session)
    if draws:
        shared_engine().set_test_picture(session, None)
        buttons = _canvas_ui(session)
        if lessons:
            with buttons:
                teach_ui(session, dataset)
    else:
        state.canvas_is_gone()
        _test_pictures_ui(session, dataset)
    if reads is not None:
        reads()
    else:
        reader(session, before_of(session))
    if draws and lessons:
        ink_steps_ui(session)


def _wants_to_draw(session: Session) -> bool:
    choices = (_("Draw"), _("Test picture"))
    chosen = st.segmented_control(
        _("What to read"),
        choices,
        required=True,
        # After a visit to another page the widget is new; the run still has its picture.
        key=state.begin(state.WHAT_TO_READ, choices[session.test_picture is not None]),
        label_visibility="collapsed",
        width="stretch",
    )
    return chosen != choices[1]


def _test_pictures_ui(session: Session, dataset: Dataset) -> None:
    rng = np.random.default_rng([state.picture_page(), len(dataset.test_labels)])
    shown = np.sort(rng.permutation(len(dataset.test_labels))[:N_PICTURES])
    chosen = session.test_picture
    if chosen is None:
        chosen = int(shown[0])
        shared_engine().set_test_picture(session, chosen)
    elif chosen not in shown:  # chosen on another page: it joins these
        shown = np.sort(np.append(shown[1:], chosen))
    names = dataset.info.class_names
    test_picture_picker(
        session,
        TestPictures(
            chosen,
            [int(i) for i in shown],
            [names[label] for label in dataset.test_labels[shown]],
            dataset.info.image_shape,
            dataset.test_images[shown].tobytes(),
        ),
    )
    st.button(_("Other pictures"), key="other_pictures", on_click=_other_pictures, args=(session,))


def _other_pictures(session: Session) -> None:
    state.next_picture_page()
    shared_engine().set_test_picture(session, None)  # the first of them is read


def _canvas_ui(session: Session) -> DeltaGenerator:
    """Show the canvas and return the row of buttons below it."""
    state.restore_canvas()
    _take_drawing(session, _mount_canvas)
    buttons = st.container(horizontal=True, gap="xsmall", key="canvas_buttons")
    with buttons:
        st.button(
            _("Undo"),
            key="undo",
            on_click=whole(_undo),
            args=(session,),
            help=_("Takes the last stroke back."),
        )
        st.button(_("Clear"), on_click=whole(_clear), args=(session,))
    return buttons


def _mount_canvas() -> Sent:
    sent: Sent = st_canvas(
        width=CANVAS_SIDE,
        height=CANVAS_SIDE,
        stroke_width=PEN_WIDTH,
        stroke_color="#000000",
        background_color="#ffffff",
        initial_drawing=state.canvas_start(),
        return_image_data=True,
        key=state.CANVAS,
    )
    return sent


def _take_drawing(session: Session, canvas: Callable[[], Sent]) -> None:
    """Hand the canvas to the model as the pen was lifted; what is refused changes nothing.

    The companion in the browser has mostly done so already, with the very same bytes.
    """
    try:
        sent, image = sent_by(canvas)
        if not state.is_new_canvas_image(image):
            return
        if image is not None:
            drawn = read_drawing(image, sent.json_data)
            state.remember_strokes(drawn.strokes)
            shared_engine().set_drawing(session, drawn.ink)
    except UserError as error:
        st.warning(error.text)
        return
    state.canvas_image_is_taken(image)


def _clear(session: Session) -> None:
    state.redraw_canvas({"objects": []})
    shared_engine().set_drawing(session, None)


def _undo(session: Session) -> None:
    drawing: dict[str, Any] = state.strokes() or {"objects": []}
    left = list(drawing.get("objects", []))[:-1]
    state.redraw_canvas({**drawing, "objects": left})
    if not left:
        shared_engine().set_drawing(session, None)
