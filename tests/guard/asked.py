"""Asking one layer of the guard, with an app behind it that says what reached it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.coroutines import run

Layer = Callable[[ASGIApp], ASGIApp]


class Asked(NamedTuple):
    """What came of one request or socket."""

    reached: list[Message]  # what the app behind received; empty when it was never asked
    scope: Scope | None  # as the app behind saw it
    sent: list[Message]

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def text(self) -> str:
        return b"".join(message.get("body", b"") for message in self.sent).decode()


def http(method: str = "GET", path: str = "/", **headers: str) -> Scope:
    """Return the scope of a request; ``host`` unless told is ``lab:8501``."""
    return {"type": "http", "method": method, "path": path, "headers": _headers(headers)}


def socket(subprotocols: Iterable[str] = ("streamlit",), **headers: str) -> Scope:
    """Return the scope of a websocket."""
    return {
        "type": "websocket",
        "scheme": "ws",
        "path": "/_stcore/stream",
        "subprotocols": list(subprotocols),
        "headers": _headers(headers),
    }


def ask(layer: Layer, scope: Scope, received: Iterable[Message] = ()) -> Asked:
    """Ask once; the app behind reads all there is and answers 200, or accepts."""
    return run(_ask(layer, scope, list(received)))


async def _ask(layer: Layer, scope: Scope, received: list[Message]) -> Asked:
    asked = Asked([], None, [])
    seen: list[Scope] = []
    end = "http.disconnect" if scope["type"] == "http" else "websocket.disconnect"
    waiting = [*received, {"type": end, "code": 1005}]

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        asked.sent.append(message)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
        while True:
            message = await receive()
            asked.reached.append(message)
            if message["type"] == end or (end[0] == "h" and not message["more_body"]):
                break
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"app"})

    await layer(app)(scope, receive, send)
    return asked._replace(scope=seen[0] if seen else None)


def body(*parts: bytes) -> list[Message]:
    """Return a request's body in parts."""
    more = [{"type": "http.request", "body": part, "more_body": True} for part in parts[:-1]]
    return [*more, {"type": "http.request", "body": parts[-1], "more_body": False}]


def _headers(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    named = {"host": "lab:8501", **headers}
    pairs = ((name.replace("_", "-"), value) for name, value in named.items())
    return [(name.encode(), value.encode("latin-1")) for name, value in pairs]
