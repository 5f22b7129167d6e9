"""The offer to continue the last run: a bar above the page, after a reload or a restart."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

import streamlit as st

from softmax_core.errors import UserError
from softmax_core.figures.wording import percent
from softmax_core.service import LastRun, Session, shared_engine
from softmax_core.training import TrainingConfig
from softmax_core.training.shipped import has_seen_test_set
from ui import state
from ui.datasets import dataset_of_run, dataset_title
from ui.setting_widgets import show_settings
from ui.whole import whole
from ui.words import _, network_title, plain_number


def last_run_ui(session: Session) -> None:
    """Offer to go on with the run this browser had before, as long as this page's is untouched.

    Nothing is shown where there is none, or where it has made no step.
    """
    unstored = shared_engine().store_notice()
    if unstored is not None:
        state.add_notice_once(unstored)
    slot = st.empty()  # always there: what is below would else be mounted anew when it goes
    if session.state.step:
        return
    last = _offered(session)
    if last is None:
        return
    where = (
        _("Your run is in another tab now. Continue it here?")
        if state.is_taken_elsewhere()
        else _("Continue your last run?")
    )
    with slot.container(key="last_run", horizontal=True, vertical_alignment="center"):
        st.text(f"{where} {what_it_was(last)}", width="stretch")
        st.button(_("Continue"), key="continue_run", on_click=whole(_go_on), args=(session,))
        st.button(
            _("Start fresh"),
            key="start_fresh",
            on_click=whole(_start_fresh),
            args=(session,),
            help=_("The last run is forgotten at once: nobody at this computer can go on with it."),
        )


def what_it_was(last: LastRun) -> str:
    """Say in a few words which run it is."""
    config = last.config
    accuracy = None if has_seen_test_set(config) else last.accuracy
    parts = [
        network_title(config.network),
        dataset_title(config.dataset),
        _("learning rate {rate}").format(rate=plain_number(config.learning_rate)),
        _("batch size {size:,}").format(size=config.batch_size),
        _("step {step:,}").format(step=last.step),
    ]
    if accuracy is not None and isfinite(accuracy):
        parts.append(_("test accuracy {accuracy}").format(accuracy=percent(accuracy)))
    return ", ".join([*parts, _age(last.age)])


def _age(seconds: float) -> str:
    minutes = int(seconds // 60)
    if minutes == 0:
        return _("less than a minute ago")
    return _("a minute ago") if minutes == 1 else _("{n} minutes ago").format(n=minutes)


def _offered(session: Session) -> LastRun | None:
    if not state.last_run_is_offered():
        return None
    return shared_engine().last_run(session.browser, session)


def _go_on(session: Session) -> None:
    """Go on with the last run in this page."""
    last = _offered(session)
    if last is None:
        state.add_notice(_("That run is no longer there. A new one begins here."))
        return
    try:
        config = _stored(session, last) if last.session is None else _moved(session, last.session)
    except UserError as error:
        state.add_notice(error.text)
        return
    show_settings(config)
    state.remember_recipe(None)


def _moved(own: Session, session: Session) -> TrainingConfig:
    engine = shared_engine()
    moved = engine.move(session, own)
    engine.set_drawing(moved, None)  # the canvas of this page is empty
    state.take_over(moved)
    return moved.config


def _stored(session: Session, last: LastRun) -> TrainingConfig:
    """Put what is on the disk in place of this page's run.

    Raises
    ------
    UserError
        When its data set cannot be had any more.
    """
    assert last.stored is not None  # it does not live
    saved = last.stored.saved
    config = replace(saved.config, dataset=dataset_of_run(saved))
    shared_engine().load(session, config, saved.state)
    return config


def _start_fresh(session: Session) -> None:
    """Forget the last run: the file goes, and the browser gets another key."""
    shared_engine().forget_runs(session.browser)
    state.become_another_browser()
    state.decline_last_run()
