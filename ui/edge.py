"""The edge of stability beside the learning rate: a ruler under its slider."""

from __future__ import annotations

from collections.abc import Sequence

from softmax_core.service import Session
from ui.live.stub import component

_edge = component("edge")


def edge_ui(session: Session, rates: Sequence[float], rate: float) -> None:
    """Mount the ruler.

    Parameters
    ----------
    session : Session
    rates : sequence of float
        The choices of the slider above it, rising.
    rate : float
        The one that was chosen.
    """
    _edge(key="edge", data={"token": session.token, "rates": list(rates), "rate": rate})
