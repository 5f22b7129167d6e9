"""Asking a route of the page's as a browser does, without a server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from tests.coroutines import run


def call(
    route: Callable[[Request], Awaitable[Response]], body: bytes = b"", **query: object
) -> Response:
    """Ask one route and return its response."""
    scope = {"type": "http", "headers": [], "query_string": urlencode(query).encode()}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def ask() -> Response:
        return await route(Request(scope, receive))

    return run(ask())
