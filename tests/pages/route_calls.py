"""Asking a route of the page's as a browser does, without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response


def call(
    route: Callable[[Request], Awaitable[Response]], body: bytes = b"", **query: object
) -> Response:
    """Ask one route and return its response."""
    scope = {"type": "http", "headers": [], "query_string": urlencode(query).encode()}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def ask() -> Response:
        return await route(Request(scope, receive))

    # A thread of its own: the browser tests leave a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(ask())).result()
