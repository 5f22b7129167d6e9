"""Asking the routes of the page Why? as a browser does, without a server."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from softmax_core.service import Session
from tests.waiting import wait_for
from ui.live import why_routes

TYPES = {"u4": "<u4", "u2": "<u2", "f4": "<f4", "i1": "i1", "u1": "u1"}


def call(
    route: Callable[[Request], Awaitable[Response]], body: bytes = b"", **query: Any
) -> Response:
    """Ask one route and return its response."""
    scope = {"type": "http", "headers": [], "query_string": urlencode(query).encode()}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def ask() -> Response:
        return await route(Request(scope, receive))

    # In a thread of its own: a browser that tests drive keeps a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(ask())).result()


def why(session: Session, section: str, **query: Any) -> dict[str, Any]:
    """Return header and arrays of an explanation in one."""
    response = call(why_routes.why, t=session.token, section=section, **query)
    assert response.status_code == 200, response.body
    body = bytes(response.body)
    (length,) = struct.unpack_from("<I", body)
    answer: dict[str, Any] = json.loads(body[4 : 4 + length])
    place = 4 + length
    for array in answer["arrays"]:
        place += -place % 4
        kind, shape = np.dtype(TYPES[array["type"]]), array["shape"]
        count = int(np.prod(shape))
        answer[array["name"]] = np.frombuffer(body, kind, count, place).reshape(shape)
        place += count * kind.itemsize
    return answer


def error_of(response: Response) -> str:
    """Return the sentence with which a route refuses."""
    assert response.status_code == 400
    return str(json.loads(bytes(response.body))["error"])


def measured(session: Session, **nudge: Any) -> dict[str, Any]:
    """Ask until the nudged test set has been measured."""
    answers: list[dict[str, Any]] = []

    def is_done() -> bool:
        response = call(why_routes.accuracy, t=session.token, section="nudge", **nudge)
        assert response.status_code == 200
        answers.append(json.loads(bytes(response.body)))
        return bool(answers[-1]["state"] != "working")

    wait_for(is_done)
    return answers[-1]
