"""Settings meant for teaching, said in words, and the way back from them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import streamlit as st

from softmax_core.service import Session, shared_engine
from softmax_core.training import TrainingConfig
from ui.words import (
    _,
    bias_title,
    gradient_title,
    loss_title,
    order_title,
    pixels_title,
    reduction_title,
    softmax_title,
)

_FIELDS: Final = ("gradient", "reduction", "softmax", "loss", "pixels", "order", "bias")


def unusual_settings(config: TrainingConfig) -> list[str]:
    """Say in a few words each what a run does in another way than usual."""
    said = {
        "gradient": _("gradient: {how}").format(how=gradient_title(config.gradient)),
        "reduction": _("gradient: {how}").format(how=reduction_title(config.reduction)),
        "softmax": _("softmax: {how}").format(how=softmax_title(config.softmax)),
        "loss": _("loss: {how}").format(how=loss_title(config.loss)),
        "pixels": pixels_title(config.pixels),
        "order": order_title(config.order),
        "bias": bias_title(config.bias),
    }
    usual = _usual()
    return [said[field] for field in _FIELDS if getattr(config, field) != usual[field]]


def unusual_ui(session: Session) -> None:
    """Name what is unusual about the run and offer the way back; nothing when nothing is."""
    said = unusual_settings(session.config)
    if not said:
        return
    sentence = " · ".join(said)
    st.caption(sentence[0].upper() + sentence[1:])
    anew = session.config.bias != _usual()["bias"]
    st.button(
        _("Back to the usual way"),
        key="usual_way",
        on_click=_back,
        args=(session,),
        width="stretch",
        help=_("Starts anew, because the weights change their shape.") if anew else None,
    )


def _back(session: Session) -> None:
    shared_engine().configure(session, replace(session.config, **_usual()))


def _usual() -> dict[str, Any]:
    return {field: getattr(TrainingConfig(), field) for field in _FIELDS}
