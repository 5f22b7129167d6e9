"""A browser's secret key: a cookie by which it finds its last run again after a reload.

The key is 128 random bits that no script can read (HttpOnly) and no other site can make a
browser send (SameSite=Strict). It is not kept here: the server knows a browser by the key's
hash. The cookie lives as long as the browser is open, for the next one at a shared computer.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections.abc import Mapping
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from softmax_core.limits import MAX_RENEWED_KEYS

COOKIE: Final = "softmax_lab_browser"
_KEY: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
# Asked for by every page before it opens its socket. A link on another site brings a browser
# here without its cookie, and only what the page then asks for shows whether it has one.
_ASKED_BY_PAGE: Final = "/_stcore/host-config"


class _Renewed:
    """Keys that were given up, and the new ones their browsers get with the next answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: dict[str, str] = {}

    def newest(self, key: str) -> str:
        """Return the key that is in this one's place now, mostly itself."""
        with self._lock:
            while key in self._next:
                key = self._next[key]
            return key

    def renew(self, key: str) -> None:
        """Put a new key in place of this one."""
        with self._lock:
            self._next[key] = secrets.token_hex(16)
            while len(self._next) > MAX_RENEWED_KEYS:
                del self._next[next(iter(self._next))]  # the oldest


_renewed = _Renewed()


def browser_of(cookies: Mapping[str, str]) -> str:
    """Return the name under which the server knows a browser; empty for one without a key."""
    key = _newest_key(cookies)
    return hashlib.sha256(f"softmax-lab {key}".encode()).hexdigest() if key else ""


def give_up_key(cookies: Mapping[str, str]) -> None:
    """Have the browser get another key: under this one it is not known any more."""
    key = _newest_key(cookies)
    if key:
        _renewed.renew(key)


class VisitorCookie:
    """ASGI middleware that gives each browser its key.

    Parameters
    ----------
    app : ASGI application
    path : str
        Below which the browser sends it: the server's base path.
    """

    def __init__(self, app: ASGIApp, path: str = "/") -> None:
        self._app, self._path = app, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add the cookie to the answer where one is due."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Headers(scope=scope)
        held = _key_in(cookie_parser(request.get("cookie", "")))
        newest = _renewed.newest(held) if held else None

        async def send_with_key(message: Message) -> None:
            if message["type"] == "http.response.start":
                given_up = newest != held
                if given_up or (held is None and _is_due(scope["path"], request, message)):
                    key = newest or secrets.token_hex(16)
                    cookie = self._cookie(key, secure=scope["scheme"] == "https")
                    MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        await self._app(scope, receive, send_with_key)

    def _cookie(self, key: str, *, secure: bool) -> str:
        end = "; Secure" if secure else ""
        return f"{COOKIE}={key}; Path={self._path}; HttpOnly; SameSite=Strict{end}"


def _is_due(path: str, request: Headers, answer: Message) -> bool:
    """Tell whether this answer is the one to bring a first key.

    One answer of a page and no other does: of several keys the last to arrive would stay, and
    the page might know itself by another.
    """
    if path.endswith(_ASKED_BY_PAGE):
        return True
    from_elsewhere = request.get("sec-fetch-site", "none") == "cross-site"
    is_page = Headers(raw=answer["headers"]).get("content-type", "").startswith("text/html")
    return is_page and not from_elsewhere


def _newest_key(cookies: Mapping[str, str]) -> str | None:
    key = _key_in(cookies)
    return _renewed.newest(key) if key else None


def _key_in(cookies: Mapping[str, str]) -> str | None:
    key = str(cookies.get(COOKIE, ""))
    return key if _KEY.fullmatch(key) else None
