"""What became of a run that was broken: the first broken number, or how far the loss leapt."""

from __future__ import annotations

import math

import streamlit as st

from softmax_core.nn import Fault
from softmax_core.service import Session, Status, shared_engine
from softmax_core.training.breaking import (
    LOG_OF_PROBABILITY,
    NAIVE_SOFTMAX,
    RAW_PIXELS,
    is_broken,
    is_on,
    loss_leap,
)
from ui import state
from ui.words import _


def outcome_ui(session: Session, *, running: bool) -> None:
    """Say what became of the run, and which weights are kept.

    Parameters
    ----------
    session : Session
    running : bool
        Whether the run goes on, as read once for the whole page.
    """
    stop = session.state.stop
    if stop is not None and stop.fault is not None:
        _fault_ui(stop.step, stop.fault)
    elif is_on(session.config, RAW_PIXELS):
        _watch_ui(session) if running else _leap_ui(session)
    _kept_ui(session)


def _fault_ui(step: int, fault: Fault) -> None:
    """Name step, tensor and logit; the whole sentence stands over the curves."""
    with st.container(horizontal=True, gap="medium", key="break_fault"):
        st.metric(_("Stopped at step"), f"{step:,}")
        st.metric(_("First broken: {value}").format(value=_value(fault.value)), fault.tensor)
        if fault.logit is not None:
            st.metric(_("The logit"), f"{fault.logit:,.1f}")
        if fault.largest is not None:
            st.metric(_("Largest of its row"), f"{fault.largest:,.1f}")


def _value(value: float) -> str:
    return _("NaN") if math.isnan(value) else _("inf") if value > 0 else _("−inf")


@st.fragment(run_every=1.0)
def _watch_ui(session: Session) -> None:
    _leap_ui(session)


def _leap_ui(session: Session) -> None:
    """Say how far the loss leapt: raw pixels break no number by themselves."""
    aside = state.put_aside()
    since = 0 if aside is None or aside.replaced else aside.state.step
    leap = loss_leap(shared_engine().view(session).curve, since)
    if leap is None:
        return
    text = _("The loss leapt from {before:.2f} to {highest:,.0f} within {steps} steps.").format(
        before=leap.before, highest=leap.highest, steps=leap.steps
    )
    if not (is_on(session.config, NAIVE_SOFTMAX) or is_on(session.config, LOG_OF_PROBABILITY)):
        text += " " + _("Still every number is finite: the stable softmax never breaks.")
    st.warning(text, icon=":material/trending_up:")


def _kept_ui(session: Session) -> None:
    """Say from which step the fix goes on."""
    doubt = session.state.doubt
    if is_broken(session.config) and (doubt is not None or session.status is Status.STOPPED):
        kept = session.state if doubt is None else doubt.before
        text = _("Kept: the weights of step {step:,}. The fix goes on from there.")
        st.caption(text.format(step=kept.step))
