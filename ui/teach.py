"""Teach it: say what a drawing was, train a little, and see the same drawing scored again."""

from __future__ import annotations

import streamlit as st

from softmax_core.data.dataset import Dataset
from softmax_core.limits import MAX_TAUGHT
from softmax_core.service import Session
from ui import state
from ui.live.components import taught_shelf
from ui.taught import STEPS, before_of, drawings_zip, forget, is_full, teach
from ui.whole import whole
from ui.words import _


def teach_ui(session: Session, dataset: Dataset) -> None:
    """Offer to add the drawing to the training pictures, and show those that were added."""
    with st.popover(_("Teach it"), icon=":material/school:", key="teach"):
        _add_ui(session, dataset)
        if session.config.taught:
            _shelf_ui(session)


def _add_ui(session: Session, dataset: Dataset) -> None:
    names = dataset.info.class_names
    label = st.pills(
        _("This was a"),
        range(len(names)),
        format_func=lambda k: names[k],
        key=state.TEACH_LABEL,
        help=_(
            "The drawing joins this run's training pictures: in nine places, a pixel apart, and "
            "often enough to be about 1 in 100 of them. Then {n} steps are made, unless the run is "
            "training already. Nothing leaves the machine."
        ).format(n=STEPS),
    )
    st.button(
        _("Add and train"),
        key="teach_add",
        type="primary",
        width="stretch",
        disabled=label is None or session.drawing is None or is_full(session.config),
        on_click=whole(_teach),
        args=(session,),
    )
    hint = _hint(session, chosen=label is not None)
    if hint:
        st.caption(hint)


def _hint(session: Session, *, chosen: bool) -> str:
    if is_full(session.config):
        return _("The shelf holds {n} drawings: remove one first.").format(n=MAX_TAUGHT)
    if session.drawing is None:
        return _("Draw a digit first.")
    if not chosen:
        return _("Choose what it was meant to be. Nothing leaves the machine.")
    return _("Press again for {n} steps more.").format(n=STEPS) if session.config.taught else ""


def _shelf_ui(session: Session) -> None:
    taught_shelf(
        session,
        before_of(session),
        key=state.SHELF,
        on_removed=whole(lambda: _remove(session)),
    )
    st.download_button(
        _("Take the drawings home (ZIP)"),
        lambda: drawings_zip(session),
        "drawings.zip",
        on_click="ignore",
        key="save_drawings",
        width="stretch",
    )
    st.caption(_("They lie on this run alone, and go with it when it is saved."))


def _teach(session: Session) -> None:
    label = state.widget_value(state.TEACH_LABEL)
    if label is not None:
        teach(session, label)


def _remove(session: Session) -> None:
    name = state.told_by(state.SHELF, "removed")
    if name is not None:
        forget(session, str(name))
