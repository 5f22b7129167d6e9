"""How fast a run may go so that it can be watched."""

from __future__ import annotations

from typing import Final

from softmax_core.service import Session

# Name of a speed: epochs a second, steps a second; None for no such bound.
SPEEDS: Final[dict[str, tuple[float | None, float | None]]] = {
    "slow": (None, 8.0),
    "watch": (1.0, None),
    "brisk": (None, 100.0),
    "full": (None, None),
}
DEFAULT_SPEED: Final = "watch"


def speed_of(session: Session) -> str:
    """Return the name of the speed a session is held to."""
    pace = (session.pace, session.steps_a_second)
    return next((name for name, bounds in SPEEDS.items() if bounds == pace), DEFAULT_SPEED)
