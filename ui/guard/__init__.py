"""What stands between the network and the app: a second layer, which the app can do without."""

from __future__ import annotations

import os

import streamlit as st
from starlette.middleware import Middleware

from softmax_core.limits import MAX_RETURNING_SOCKETS, MAX_SOCKETS
from ui.guard.bodies import BodyCap
from ui.guard.full import FullHouse
from ui.guard.headers import SecurityHeaders
from ui.guard.hidden import Hidden
from ui.guard.log import keep_sessions_out_of_log
from ui.guard.messages import Messages
from ui.guard.origins import Origins
from ui.guard.outgoing import Outgoing
from ui.guard.uploads import UploadQuota


def guard() -> list[Middleware]:
    """Return the layers, from the network to the app."""
    keep_sessions_out_of_log()
    base = st.get_option("server.baseUrlPath").strip("/")
    base_path = f"/{base}" if base else ""
    return [
        Middleware(SecurityHeaders),
        Middleware(Origins),
        Middleware(Hidden, base_path=base_path),
        Middleware(FullHouse, base_path=base_path, places=_places()),
        Middleware(BodyCap, base_path=base_path),
        Middleware(UploadQuota, base_path=base_path),
        Middleware(Messages),
        Middleware(Outgoing),
    ]


def _places() -> tuple[int, int]:
    """Return how many pages may be open, and how many more that come back."""
    text = os.environ.get("SOFTMAX_MAX_SOCKETS", "")
    places = int(text) if text.isascii() and text.isdigit() else MAX_SOCKETS
    return places, MAX_RETURNING_SOCKETS
