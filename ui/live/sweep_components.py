"""The browser component of a sweep, registered once, mounted by the page."""

from __future__ import annotations

from typing import Final, NamedTuple

from softmax_core.service import Session, Sweep
from softmax_core.training.sweep import HIGHEST_RATE, LOWEST_RATE
from ui.live.stub import component

_FAR: Final = 1e9  # beyond every run; infinity and what is no number at all are not below it

_sweep = component("sweep")


class Asked(NamedTuple):
    """A run of the sweep that is to be opened."""

    row: int
    lane: int


def sweep_view(session: Session, sweep: Sweep | None, note: str, *, running: bool) -> Asked | None:
    """Mount the curves or the map of a sweep; empty axes before the first.

    Parameters
    ----------
    session : Session
    sweep : Sweep or None
    note : str
        What the page has to say of it, or nothing.
    running : bool
        What the button on the page says; the view tells when it is true no longer.

    Returns
    -------
    Asked or None
        The run that was just asked to be opened.
    """
    told = _sweep(
        key="sweep_view",
        # The version calls the component again after every action, and it looks at once.
        data={
            "token": sweep.token if sweep else "",
            "running": running,
            "version": sweep.version if sweep else 0,
            "note": note,
            "rates": [LOWEST_RATE, HIGHEST_RATE],
            "own_rate": session.config.learning_rate,
        },
        on_open_change=_nothing,
        on_settled_change=_nothing,
        on_gone_change=_nothing,
    )
    return _asked(told.open)


def _asked(told: object) -> Asked | None:
    """Read what the browser told; None for what is no place in a sweep."""
    if not isinstance(told, list | tuple) or len(told) != 2:
        return None
    if not all(isinstance(part, int | float) and abs(part) < _FAR for part in told):
        return None
    return Asked(int(told[0]), int(told[1]))


def _nothing() -> None:
    """Do nothing: the rerun that follows is what was asked for."""
