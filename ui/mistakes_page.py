"""The page Mistakes: what the model takes for what, with the weights that are shown."""

from __future__ import annotations

from typing import Final

import streamlit as st

from softmax_core.data.store import open_dataset
from softmax_core.service import Session, Status
from ui import state
from ui.controls import controls_ui
from ui.live.components import mistakes_view
from ui.live.reading import is_pictures
from ui.mistakes.saving import saving_ui
from ui.why_page import why_page
from ui.words import _

_WIDTHS: Final = (3.3, 2.3, 0.8)


def mistakes_page() -> None:
    """Show one section at a time; all follow the run, or the step it is pinned at."""
    session = state.current_session()
    state.canvas_is_gone()
    if not is_pictures(open_dataset(session.config.dataset)):
        _points_ui()
        return
    # Read once: the button and the view, which corrects it, must not disagree.
    running = session.status is Status.RUNNING
    section = _bar_ui(session, running=running)
    asked_why = mistakes_view(session, section, running=running)
    if asked_why:
        st.switch_page(st.Page(why_page, title=_("Why?"), url_path="why"))


def _bar_ui(session: Session, *, running: bool) -> str:
    titles = {
        "matrix": _("Taken for what"),
        "classes": _("Class by class"),
        "averages": _("Averages and weights"),
    }
    left, middle, right = st.columns(_WIDTHS, gap="medium", vertical_alignment="center")
    with left:
        section: str | None = st.segmented_control(
            _("Section"),
            list(titles),
            format_func=titles.__getitem__,
            required=True,
            key=state.begin(state.MISTAKES_SECTION, next(iter(titles))),
            label_visibility="collapsed",
        )
    with middle:
        controls_ui(session, running=running)
    with right:
        saving_ui(session)
    return section or next(iter(titles))


def _points_ui() -> None:
    st.info(
        _(
            "This data set has points in the plane, and no pictures to look at: in the Lab each "
            "test point that is misread has a ring. Choose a data set of pictures there, and "
            "this page shows what the model takes for what."
        ),
        icon=":material/scatter_plot:",
    )
