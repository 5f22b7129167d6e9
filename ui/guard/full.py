"""A class that is full: a sentence and another try in place of an error."""

from __future__ import annotations

import html
import secrets

from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from ui.guard.asking import header, is_returning, path_within
from ui.words import _

_SOCKET = "/_stcore/stream"
_NO_PAGES = ("/_stcore/", "/static/", "/media/", "/component/", "/lab/")
_AGAIN = (4, 8)  # seconds until the page tries again; not all at the same time
_TRY_LATER = 1013
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="{seconds}">
<title>Softmax Lab</title>
<style>
html {{ color-scheme: light dark; background: light-dark(#FBFAF6, #0B111C); }}
body {{ color: light-dark(#141924, #E7EBF2); font: 1.1rem/1.5 system-ui, sans-serif;
  max-width: 32rem; margin: 20vh auto 0; padding: 0 1.5rem; }}
h1 {{ font: 600 1.6rem/1.2 Georgia, serif; }}
</style>
</head>
<body>
<h1>Softmax Lab</h1>
<p role="status">{sentence}</p>
<p>{more}</p>
</body>
</html>
"""


class FullHouse:
    """Counts open pages, and asks those that find no place to wait.

    Parameters
    ----------
    base_path : str
        Of the server, such as ``/lab-3``, or nothing.
    places : pair of int
        Pages that may be open, and how many more that had lost their connection: whoever was in
        comes in again, or a run would be lost to a newcomer.
    """

    def __init__(self, app: ASGIApp, base_path: str, places: tuple[int, int]) -> None:
        self._app, self._base_path = app, base_path
        self._places, self._returning = places
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what has a place."""
        if scope["type"] == "websocket" and path_within(scope, self._base_path) == _SOCKET:
            await self._socket(scope, receive, send)
        elif self._open >= self._places and _is_page(scope, self._base_path):
            await _answer_full(send, self._places)
        else:
            await self._app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._open >= self._places + (self._returning if is_returning(scope) else 0):
            await _send_away(scope, receive, send)
            return
        self._open += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open -= 1


def _is_page(scope: Scope, base_path: str) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    if "text/html" not in (header(scope, b"accept") or ""):
        return False
    return not path_within(scope, base_path).startswith(_NO_PAGES)


async def _answer_full(send: Send, places: int) -> None:
    seconds = _AGAIN[0] + secrets.randbelow(_AGAIN[1] - _AGAIN[0] + 1)
    sentence = _("The class is full ({n:,} connected). This page tries again by itself.")
    more = _("You need do nothing: it opens as soon as somebody leaves.")
    page = _PAGE.format(
        seconds=seconds, sentence=html.escape(sentence.format(n=places)), more=html.escape(more)
    ).encode()
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(page)).encode()),
        (b"cache-control", b"no-store"),
        (b"retry-after", str(seconds).encode()),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": page})


async def _send_away(scope: Scope, receive: Receive, send: Send) -> None:
    """Have a page that came a moment too late load itself again, which then says why it waits.

    Streamlit's page would show a refused socket as a server that is down.
    """
    reload = ForwardMsg()
    reload.auth_redirect.url = ""  # which is the page's own address
    await receive()
    offered = scope["subprotocols"]
    await send({"type": "websocket.accept", "subprotocol": offered[0] if offered else None})
    await send({"type": "websocket.send", "bytes": reload.SerializeToString()})
    await send({"type": "websocket.close", "code": _TRY_LATER})
