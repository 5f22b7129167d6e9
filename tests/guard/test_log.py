"""What Streamlit writes of a session does not say which."""

from __future__ import annotations

import logging
import uuid

import pytest
from streamlit.runtime import websocket_session_manager

from ui.guard.log import keep_sessions_out_of_log


class _Kept(logging.Handler):
    """Keeps what is written."""

    def __init__(self, written: list[str]) -> None:
        super().__init__()
        self._written = written

    def emit(self, record: logging.LogRecord) -> None:
        self._written.append(record.getMessage())


def test_a_sessions_number_is_not_written() -> None:
    keep_sessions_out_of_log()
    logger = websocket_session_manager._LOGGER
    written: list[str] = []
    handler = _Kept(written)
    logger.addHandler(handler)
    try:
        session = str(uuid.uuid4())
        logger.warning("Session with id %s is already connected!", session)
        logger.warning("100 % of nothing")
    finally:
        logger.removeHandler(handler)
    assert written == ["Session with id (not shown) is already connected!", "100 % of nothing"]


@pytest.mark.parametrize("name", ["websocket_session_manager", "app_session", "runtime"])
def test_the_loggers_are_still_called_so(name: str) -> None:
    """A filter is for one logger by its name, and does not reach those below it."""
    keep_sessions_out_of_log()
    module = __import__(f"streamlit.runtime.{name}", fromlist=["_LOGGER"])
    assert module._LOGGER.filters
