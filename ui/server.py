"""What happens when the server starts, stops, or a page fails."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import streamlit as st
from starlette.middleware import Middleware

from softmax_core.errors import UserError
from softmax_core.service import shared_engine
from ui.ahead import prepare_ahead
from ui.at_once import send_at_once
from ui.early_scripts import EarlyScripts
from ui.ending import Ending
from ui.late_downloads import keep_downloads_for_late_pages
from ui.lost_sockets import LostSockets, keep_lost_sockets_out_of_log
from ui.present_clients import send_to_present_clients
from ui.unwatched import look_for_no_sources
from ui.visitor import VisitorCookie
from ui.words import _

_log = logging.getLogger("softmax_lab")
_CANNOT_START: Final = 2  # exit status


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Start the workers with the server and end them with it."""
    look_for_no_sources()
    send_at_once()
    keep_lost_sockets_out_of_log()
    send_to_present_clients()
    keep_downloads_for_late_pages()
    await asyncio.to_thread(_start_workers)
    ending = Ending()
    ending.listen()
    ahead = asyncio.create_task(prepare_ahead())
    yield {}
    ahead.cancel()
    await asyncio.to_thread(ending.wind_down)


def middleware(base_path: str = "") -> list[Middleware]:
    """Return what all requests pass through, for a server under this base path."""
    return [
        Middleware(LostSockets),
        Middleware(VisitorCookie, path=f"/{base_path.strip('/')}"),
        Middleware(EarlyScripts, base_path=base_path),
    ]


def _start_workers() -> None:
    """Start them; where that cannot be, say why and end before anybody comes."""
    try:
        shared_engine().warm_up()
    except UserError as fault:
        sys.stderr.write(f"{fault.text}\n")
        sys.stderr.flush()
        os._exit(_CANNOT_START)  # the server would catch anything raised and print where it was


def on_script_error(error: Exception) -> bool:
    """Write the traceback to the log; the page shows one sentence and a number to find it by."""
    number = secrets.token_hex(3)
    _log.error("page error %s", number, exc_info=error)
    st.error(
        _(
            "Something went wrong here (error {number}). Your run goes on: choose the page again "
            "in the menu above."
        ).format(number=number)
    )
    return True
