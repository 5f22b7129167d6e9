"""The browser components of the page Race, registered once, mounted by the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from softmax_core.limits import CANVAS_SIDE, INK_SIDE
from softmax_core.service import Race, Session
from ui.live.stub import component

RACE_VIEW: Final = "race_view"  # under which what it tells is found
_FAR: Final = 1e9  # beyond every lane; infinity and what is no number at all are not below it

_race = component("race")
_race_reader = component("race_reader")


class Shown(NamedTuple):
    """What the page adds to the frames of a race."""

    fairness: str  # what the lanes share, in a sentence
    bets: Mapping[str, int]  # by the lanes' names
    result: str  # who has won, once somebody has


def race_view(
    race: Race, shown: Shown, *, running: bool, on_bets: Callable[[], None]
) -> int | None:
    """Mount the chart, the table of lanes with its bets, and the lanes' weights.

    Returns
    -------
    int or None
        The lane that was just asked to be opened as the run.
    """
    told = _race(
        key=RACE_VIEW,
        # The version calls the component again after every action, and it looks at once.
        data={
            "token": race.token,
            "running": running,
            "version": race.version,
            "fairness": shown.fairness,
            "bets": dict(shown.bets),
            "result": shown.result,
        },
        on_bets_change=on_bets,
        on_open_change=_nothing,
        on_settled_change=_nothing,
        on_gone_change=_nothing,
    )
    return _lane(told.open)


def race_reader(session: Session, race: Race) -> None:
    """Mount what each lane reads in the drawing; the drawing itself is the run's."""
    _race_reader(
        key="race_reader",
        data={
            "token": session.token,
            "race": race.token,
            "canvas_side": CANVAS_SIDE,
            "ink_side": INK_SIDE,
        },
    )


def _lane(told: object) -> int | None:
    """Read what the browser told; None for what is no number of a lane."""
    return int(told) if isinstance(told, int | float) and abs(told) < _FAR else None


def _nothing() -> None:
    """Do nothing: the rerun that follows is what was asked for."""
