"""Whose session it is stays out of the log: whoever knows its number can take a session over."""

from __future__ import annotations

import logging
import re
from typing import Final

_SESSION: Final = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
# Those of Streamlit's that name a session where something is odd about it.
_TALKERS: Final = (
    "streamlit.runtime.websocket_session_manager",
    "streamlit.runtime.app_session",
    "streamlit.runtime.runtime",
)


def keep_sessions_out_of_log() -> None:
    """Have Streamlit write what it has to say without the sessions' numbers."""
    for name in _TALKERS:
        logging.getLogger(name).addFilter(_without_session)


def _without_session(record: logging.LogRecord) -> bool:
    record.msg, record.args = _SESSION.sub("(not shown)", record.getMessage()), None
    return True
