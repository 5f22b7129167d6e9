"""Whether a page's script is running, and waiting until it is not."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Final

from streamlit.runtime.scriptrunner_utils.script_run_context_attr import (
    SCRIPT_RUN_CONTEXT_ATTR_NAME,
)

from softmax_core.limits import SCRIPT_END_SECONDS

_LOOK_EVERY: Final = 0.02  # seconds; a script that ends tells nobody but its own session


def is_running(session_id: str) -> bool:
    """Tell whether some thread runs the script of this Streamlit session."""
    contexts = (
        getattr(thread, SCRIPT_RUN_CONTEXT_ATTR_NAME, None) for thread in threading.enumerate()
    )
    return any(context is not None and context.session_id == session_id for context in contexts)


async def ended(session_id: str) -> None:
    """Wait until the session's script has ended, ``SCRIPT_END_SECONDS`` at the most."""
    deadline = time.monotonic() + SCRIPT_END_SECONDS
    while is_running(session_id) and time.monotonic() < deadline:
        await asyncio.sleep(_LOOK_EVERY)
