"""Only pages of this server may open sockets or change anything."""

from __future__ import annotations

import logging
from urllib.parse import SplitResult, urlsplit

import streamlit as st
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.config import is_manually_set
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from ui.guard.asking import SAFE_METHODS, answer, has_header, header, refuse_socket
from ui.words import _

_log = logging.getLogger("softmax_lab")
_MAX_LOGGED = 20  # origins; one page that is open on another server would fill the log


class Origins:
    """Refuses what a page of another server asks for, without asking anybody who that is.

    Streamlit would look up the server's address on the internet first, on the loop that
    serves everyone.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._logged: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what this server's pages ask, and reading without an origin."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif not is_ours(scope):
            self._note(header(scope, b"origin"))
            if scope["type"] == "websocket":
                await refuse_socket(send)
            else:
                text = _("This was asked by a page of another server. Open this one's own page.")
                await answer(send, 403, text)
        else:
            await self._app(_as_own(scope), receive, send)

    def _note(self, origin: str | None) -> None:
        text = ascii(origin)[:100]
        if text not in self._logged and len(self._logged) < _MAX_LOGGED:
            self._logged.add(text)
            _log.warning(
                "refused what a page of %s asked; if it is this app behind a proxy, let the proxy "
                "pass the Host header on, or list it in server.corsAllowedOrigins",
                text,
            )


def is_ours(scope: Scope) -> bool:
    """Tell whether this server's page asks, or somebody who only reads and says nothing of it."""
    host = header(scope, b"host")
    if scope["path"].endswith("/_stcore/health"):
        return True  # a balancer asks by address, and learns nothing
    if not is_host_allowed(host):
        return False
    if not has_header(scope, b"origin"):
        return bool(scope["type"] == "websocket" or scope["method"] in SAFE_METHODS)
    origin = header(scope, b"origin")
    if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
        return True  # a browser does not let another server's page read the answer
    return origin is not None and _is_known(origin, host or "")


def _is_known(origin: str, host: str) -> bool:
    parts = _split(origin)
    if parts is None:
        return False
    own = _split(f"{parts.scheme}://{host}")
    if own is not None and _place(parts) == _place(own):
        return True
    if origin in {text.strip() for text in st.get_option("server.corsAllowedOrigins")}:
        return True
    if st.get_option("server.allowedHosts"):
        return is_host_allowed(parts.netloc)
    own_name = st.get_option("browser.serverAddress").lower()
    return is_manually_set("browser.serverAddress") and parts.hostname == own_name


def _split(address: str) -> SplitResult | None:
    """Take an origin apart; None for what is none, such as ``null``."""
    try:
        parts = urlsplit(address)
        known = _own_port(parts.scheme) and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if known and not (parts.path or parts.query or parts.username) else None


def _place(parts: SplitResult) -> tuple[str | None, int | None]:
    return parts.hostname, parts.port or _own_port(parts.scheme)


def _as_own(scope: Scope) -> Scope:
    """Name an approved origin as the server itself: Streamlit then has nothing to look up."""
    host = header(scope, b"host")
    if scope["type"] != "websocket" or host is None or not has_header(scope, b"origin"):
        return scope
    scheme = "https" if scope["scheme"] == "wss" else "http"
    headers = [
        (name, f"{scheme}://{host}".encode("latin-1"))
        if name.lower() == b"origin"
        else (name, value)
        for name, value in scope["headers"]
    ]
    return {**scope, "headers": headers}


def _own_port(scheme: str) -> int | None:
    """Return the port that an address without one means; None for other schemes."""
    return {"http": 80, "https": 443}.get(scheme)
