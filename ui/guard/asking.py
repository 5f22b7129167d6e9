"""Reading who asks for what, and saying no in a sentence."""

from __future__ import annotations

from starlette.types import Scope, Send

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})  # which change nothing


def header(scope: Scope, name: bytes) -> str | None:
    """Return the only value of a header in lower case; None when there is none, or several."""
    values = [value for key, value in scope["headers"] if key.lower() == name]
    return values[0].decode("latin-1") if len(values) == 1 else None


def has_header(scope: Scope, name: bytes) -> bool:
    """Tell whether a header was sent at all."""
    return any(key.lower() == name for key, _ in scope["headers"])


def path_within(scope: Scope, base_path: str) -> str:
    """Return the path below the server's base path, beginning with a slash."""
    path: str = scope["path"]
    return path.removeprefix(base_path) if path.startswith(f"{base_path}/") else path


def is_returning(scope: Scope) -> bool:
    """Tell whether a socket is that of a page that had one: it names its session third."""
    return len(scope["subprotocols"]) > 2


async def answer(send: Send, status: int, text: str, kind: str = "text/plain") -> None:
    """Answer a request, with nothing that a browser may keep."""
    body = text.encode()
    headers = [
        (b"content-type", f"{kind}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def refuse_socket(send: Send) -> None:
    """Refuse a socket that was not accepted yet: the server answers 403."""
    await send({"type": "websocket.close", "code": 1008})
