"""Asking the routes of the page Mistakes as a browser does, without a server."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import Response

from softmax_core.service import Session
from tests.waiting import wait_for
from ui.live import mistakes_routes

_TYPES = {"u4": "<u4", "u2": "<u2", "f4": "<f4", "i1": "i1", "u1": "u1"}


class Answer(NamedTuple):
    """A judged test set as the browser reads it."""

    header: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    tag: str
    size: int

    @property
    def counts(self) -> NDArray[Any]:
        n = len(self.header["class_names"])
        return self.arrays["counts"].reshape(n, n)


def call(route: Callable[[Request], Awaitable[Response]], **query: object) -> Response:
    """Ask one route and return its response."""
    scope = {"type": "http", "headers": [], "query_string": urlencode(query).encode()}

    async def ask() -> Response:
        return await route(Request(scope))

    # A thread of its own: the browser tests leave a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(ask())).result()


def ask_judged(session: Session, **query: object) -> Answer:
    """Ask once for what the weights shown get wrong; there must be something to say."""
    response = call(mistakes_routes.judged, t=session.token, **query)
    assert response.status_code == 200
    return read(response)


def judged(session: Session, **query: object) -> Answer:
    """Ask until the weights shown have been judged."""
    answers: list[Answer] = []

    def is_fresh() -> bool:
        answers.append(ask_judged(session, **query))
        return not answers[-1].header["stale"]

    wait_for(is_fresh)
    return answers[-1]


def read(response: Response) -> Answer:
    """Read header and arrays of an answer."""
    body = bytes(response.body)
    (length,) = struct.unpack_from("<I", body)
    header = json.loads(body[4 : 4 + length])
    arrays, offset = {}, -(-(4 + length) // 4) * 4
    for entry in header["arrays"]:
        count = int(np.prod(entry["shape"]))
        arrays[entry["name"]] = np.frombuffer(body, _TYPES[entry["type"]], count, offset)
        offset += -(-arrays[entry["name"]].nbytes // 4) * 4
    assert offset == len(body)
    return Answer(header, arrays, response.headers["ETag"], len(body))
