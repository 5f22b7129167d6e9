"""Keeping the run on the chart, and the list of those kept: rename, open again, remove."""

from __future__ import annotations

from functools import partial

import streamlit as st

from softmax_core.errors import UserError
from softmax_core.limits import MAX_KEPT_NAME
from softmax_core.service import KeptRun, Session, View, shared_engine
from softmax_core.training.shipped import has_seen_test_set
from ui import state
from ui.kept.compare import comparison
from ui.kept.difference import difference, short_names
from ui.live.seen import without_seen_test
from ui.setting_widgets import show_settings
from ui.words import _


def keep(session: Session) -> None:
    """Keep the run as it is now."""
    try:
        seen = has_seen_test_set(session.config)
        shared_engine().keep_run(session, "", test_seen=seen)
    except UserError as error:
        state.add_notice(error.text)


def kept_ui(session: Session) -> None:
    """Show the list of kept runs; nothing while there are none."""
    state.remember_kept(session.kept)
    if not session.kept:
        return
    view = without_seen_test(shared_engine().view(session))
    names = short_names(view.kept, view.config)
    label = _("Kept runs ({n})").format(n=len(view.kept))
    with st.popover(label, icon=":material/keep:", width="stretch"):
        st.caption(_("Each is held against the run of now. Its line on the chart is faint."))
        for run in view.kept:
            _row(session, view, run, names[run.serial])


def _row(session: Session, view: View, run: KeptRun, name: str) -> None:
    key = f"{state.KEPT_NAME}{session.token[:6]}_{run.serial}"
    with st.container(border=True, gap="small", key=f"kept_{run.serial}"):
        st.text_input(
            _("Name on the chart"),
            key=state.begin(key, run.name),
            placeholder=name,
            max_chars=MAX_KEPT_NAME,
            on_change=partial(_rename, session, run.serial, key),
            help=_("Without a name of its own it is called after what differs."),
        )
        st.markdown(f"{difference(run.config, view.trained_with)} {comparison(run, view)}")
        with st.container(horizontal=True, gap="small"):
            st.button(
                _("Open its settings"),
                key=f"open_kept_{run.serial}",
                on_click=_open,
                args=(session, run),
                help=_("Begins anew with these settings. Keep the present run first to see both."),
            )
            st.button(
                _("Remove"),
                key=f"remove_kept_{run.serial}",
                on_click=shared_engine().remove_kept,
                args=(session, run.serial),
            )


def _rename(session: Session, serial: int, key: str) -> None:
    shared_engine().rename_kept(session, serial, str(state.widget_value(key) or ""))
    # The field shows the name as it was kept, not the blanks around it that were typed.
    name = next((run.name for run in session.kept if run.serial == serial), "")
    state.set_widgets({key: name})


def _open(session: Session, run: KeptRun) -> None:
    try:
        shared_engine().configure(session, run.config, restart=True)
    except UserError as error:
        state.add_notice(error.text)
        return
    show_settings(run.config)
    state.remember_recipe(None)
