"""Why it broke: the formulas, with the very logit of this run in them."""

from __future__ import annotations

from typing import Final

import streamlit as st

from softmax_core.nn import Fault
from softmax_core.service import Session
from softmax_core.training.breaking import LOG_OF_PROBABILITY, NAIVE_SOFTMAX, is_on
from ui.words import _, long_text

_OVERFLOWED: Final = ("exp(Z)", "sum of exp(Z)")


def why_ui(session: Session) -> None:
    """Explain naive and stable in an expander, with this run's logit where there is one."""
    stop = session.state.stop
    fault = None if stop is None else stop.fault
    with st.expander(_("Why?"), icon=":material/function:", expanded=False, key="break_why"):
        st.markdown(long_text("recipes/break-it-why"))
        if fault is not None and fault.logit is not None:
            st.markdown(f"**{_('In this run')}** · {_in_this_run(fault)}")
        elif is_on(session.config, NAIVE_SOFTMAX) or is_on(session.config, LOG_OF_PROBABILITY):
            st.caption(_("When it breaks, the logit that did it will stand here."))


def _in_this_run(fault: Fault) -> str:
    assert fault.logit is not None  # asked before
    z = _number(fault.logit)
    if fault.tensor in _OVERFLOWED:
        return _(
            "The logit is $z = {z}$. Naive: $e^{{{z}}}$ is beyond float32, inf, and inf / inf is "
            "no number. Stable: the row's largest logit is at least as large, so the exponent is "
            "at most $0$ and the exponential at most $1$."
        ).format(z=z)
    if fault.largest is None:
        return _("The logit is $z = {z}$.").format(z=z)
    m, apart = _number(fault.largest), _number(fault.logit - fault.largest)
    return _(
        "The true class's logit is $z = {z}$ and the largest of its row $m = {m}$. Naive: "
        "$p = e^{{{apart}}}$ is rounded to $0$, and $\\log 0 = -\\infty$. From the logits: "
        "$\\log p = {z} - {m} - \\dots \\approx {apart}$, an ordinary number."
    ).format(z=z, m=m, apart=apart)


def _number(value: float) -> str:
    """Return a number as TeX writes it."""
    return f"{value:,.1f}".replace(",", "{,}")
