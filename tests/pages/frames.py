"""A frame of the live view, unpacked as the browser unpacks it."""

from __future__ import annotations

from typing import Any

from softmax_core.service import Session, shared_engine
from tests.packed import unpacked
from ui.live.frame import encode_frame


def frame_of(session: Session) -> dict[str, Any]:
    """Return header and arrays of a whole frame in one."""
    return unpacked(encode_frame(shared_engine().view(session))).whole
