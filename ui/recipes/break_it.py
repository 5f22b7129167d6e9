"""Break it safely: three switches on a real run, its first broken number, and the way back."""

from __future__ import annotations

from typing import Final

import streamlit as st

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.service import Session, Status, shared_engine
from softmax_core.training import TrainingConfig
from softmax_core.training.breaking import (
    LOG_OF_PROBABILITY,
    NAIVE_SOFTMAX,
    RAW_PIXELS,
    SWITCHES,
    Switch,
    can_be_broken,
    is_broken,
    is_on,
    mended,
    switched,
    to_break,
)
from ui import state
from ui.controls import controls_ui
from ui.live.components import live_view
from ui.recipes.break_outcome import outcome_ui
from ui.recipes.why_it_broke import why_ui
from ui.speeds import DEFAULT_SPEED, SPEEDS
from ui.whole import whole
from ui.words import _, long_text

_STEPS_A_SECOND: Final = 3.0  # slow enough to see one after the other


def break_it_ui(session: Session) -> None:
    """Show the switches and what they did on the left, the live run on the right."""
    running = session.status is Status.RUNNING  # read once, as in the Lab
    left, right = st.columns([1.35, 2.7], gap="medium")
    with left.container(key="break_switches"):
        st.markdown(long_text("recipes/break-it"))
        for switch in SWITCHES:
            _switch_ui(session, switch)
        _why_raw_ui(session)
        _buttons_ui(session)
        outcome_ui(session, running=running)
        _aside_ui(session)
    with right.container(key="break_run"):
        controls_ui(session, running=running)
        live_view(session, running=running, on_settled=_look_again)
        why_ui(session)


def _switch_ui(session: Session, switch: Switch) -> None:
    key = state.BREAK_SWITCH + switch.field
    state.set_widgets({key: is_on(session.config, switch)})  # the run decides, not the widget
    title, explained = _words(switch)
    st.toggle(title, key=key, help=explained, on_change=whole(_turn), args=(session, switch))


def _why_raw_ui(session: Session) -> None:
    """Say why the other two switches bring raw pixels with them, and what happens without."""
    if not (is_on(session.config, NAIVE_SOFTMAX) or is_on(session.config, LOG_OF_PROBABILITY)):
        return
    if is_on(session.config, RAW_PIXELS):
        text = _("Pixels are 0 to 255 too: otherwise nothing would fail. Switch them back and see.")
    else:
        text = _(
            "With pixels 0 to 1 this never fails at ordinary rates: no logit comes near {limit}. "
            "Train, and see."
        ).format(limit="88.7")
    st.caption(text)


def _buttons_ui(session: Session) -> None:
    broken = is_broken(session.config)
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            _("Break it"),
            key="break_it",
            on_click=whole(_break),
            args=(session,),
            disabled=not broken or session.status in (Status.RUNNING, Status.STOPPED),
            help=_("Trains {steps:.0f} steps a second, so that you can watch.").format(
                steps=_STEPS_A_SECOND
            ),
        )
        st.button(
            _("Fix it and go on from here"),
            key="fix_it",
            type="primary",
            on_click=whole(_fix),
            args=(session,),
            disabled=not broken,
            help=_("Switches all three off and goes on from the last good weights."),
        )


def _aside_ui(session: Session) -> None:
    """Offer the way back to a run that was put aside."""
    aside = state.put_aside()
    if aside is None or not aside.replaced:
        return
    st.caption(
        _(
            "Your own run is put aside: {steps:,} steps and all its settings. Its curve begins "
            "anew when it comes back."
        ).format(steps=aside.state.step)
    )
    st.button(
        _("Back to my run"),
        key="back_to_run",
        on_click=whole(_take_back),
        args=(session, aside),
    )


def _turn(session: Session, switch: Switch) -> None:
    on = bool(state.widget_value(state.BREAK_SWITCH + switch.field))
    engine, before = shared_engine(), session.config
    if on and not is_broken(before):
        _remember(session, replaced=False)
        if session.status is Status.RUNNING:
            engine.set_pace(session, None, _STEPS_A_SECOND)
    engine.configure(session, switched(before, switch, on))


def _break(session: Session) -> None:
    engine = shared_engine()
    pictures = _pictures_of(session)
    ready = can_be_broken(session.config, session.state) and pictures == session.config.dataset
    if not ready:
        _remember(session, replaced=session.state.step > 0)
        engine.configure(session, to_break(session.config, pictures), restart=True)
        state.remember_recipe(None)
    engine.set_pace(session, None, _STEPS_A_SECOND)
    engine.start(session)


def _fix(session: Session) -> None:
    engine, aside = shared_engine(), state.put_aside()
    engine.rewind(session)
    engine.configure(session, mended(session.config))
    engine.set_pace(session, *(SPEEDS[DEFAULT_SPEED] if aside is None else aside.pace))
    engine.start(session)
    if aside is not None and not aside.replaced:
        state.remember_aside(None)


def _take_back(session: Session, aside: state.Aside) -> None:
    engine = shared_engine()
    try:
        engine.load(session, aside.config, aside.state)
    except UserError as error:
        state.add_notice(error.text)
        return
    engine.set_pace(session, *aside.pace)
    state.remember_aside(None)


def _remember(session: Session, *, replaced: bool) -> None:
    aside = state.put_aside()
    if aside is not None and aside.replaced:
        return  # the run that was broken has itself taken the place of one
    pace = session.pace, session.steps_a_second
    if aside is not None and (session.pace, session.steps_a_second) == (None, _STEPS_A_SECOND):
        pace = aside.pace
    config = mended(session.config)
    state.remember_aside(state.Aside(config, session.state, pace, replaced))


def _pictures_of(session: Session) -> str:
    info = open_dataset(session.config.dataset).info
    return info.name if info.kind == "pictures" else TrainingConfig().dataset


def _words(switch: Switch) -> tuple[str, str]:
    return {
        RAW_PIXELS: (
            _("Pixels 0 to 255"),
            _("Forgets to divide by 255: each step moves the logits 255 · 255 times as far."),
        ),
        NAIVE_SOFTMAX: (
            _("Naive softmax"),
            _("exp(z) / sum of exp(z), without subtracting the row's largest logit first."),
        ),
        LOG_OF_PROBABILITY: (
            _("Log of a probability"),
            _("The loss as −log p of the rounded probability, not from the logits."),
        ),
    }[switch]


def _look_again() -> None:
    """Do nothing: the rerun that follows brings the page up to date."""
