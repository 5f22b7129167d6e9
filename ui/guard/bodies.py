"""How much a request may send: uploads are measured by Streamlit, all others here."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from softmax_core.limits import MAX_ROUTE_BODY_BYTES
from ui.guard.asking import SAFE_METHODS, answer, path_within
from ui.words import _

_UPLOADS = "/_stcore/upload_file/"


class BodyCap:
    """Reads a request's body before anything is made of it, and no more than the limit."""

    def __init__(self, app: ASGIApp, base_path: str) -> None:
        self._app, self._base_path = app, base_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request whose body is small enough."""
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS:
            await self._app(scope, receive, send)
            return
        if path_within(scope, self._base_path).startswith(_UPLOADS):
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:
            text = _("This is too much: at most {limit:,} bytes are taken. Nothing was changed.")
            await answer(send, 413, text.format(limit=MAX_ROUTE_BODY_BYTES))
            return
        read = False

        async def receive_again() -> Message:
            nonlocal read
            if read:
                return await receive()
            read = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, receive_again, send)


async def _read(receive: Receive) -> bytes | None:
    """Return the whole body; None when it is over the limit."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)  # the end is also that nobody is there any more
        if len(body) > MAX_ROUTE_BODY_BYTES:
            return None
    return body
