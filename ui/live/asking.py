"""What routes read of a request: a token, words, numbers and a body, none of them on trust."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from softmax_core.errors import UserError
from softmax_core.limits import BODY_SECONDS, MAX_QUERY_BYTES, MAX_QUERY_VALUE
from softmax_core.service import Session, shared_engine
from ui.words import _

NO_STORE: Final = {"Cache-Control": "no-store"}

_WHOLE: Final = re.compile(r"[0-9]{1,15}", re.ASCII)
_PLAIN: Final = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?", re.ASCII)


def query_of(request: Request) -> Mapping[str, str]:
    """Return the query's values by name; none at all of a query that no page of ours sends."""
    if len(request.scope.get("query_string", b"")) > MAX_QUERY_BYTES:
        return {}
    return request.query_params


def session_of(request: Request) -> Session | None:
    """Return the run whose token is the value of ``t``; None where there is no such run."""
    return shared_engine().find(word(request, "t"))


def word(request: Request, name: str) -> str:
    """Return a short value of the query; "" where there is none or it is long."""
    text = query_of(request).get(name, "")
    return text if len(text) <= MAX_QUERY_VALUE else ""


def whole(request: Request, name: str) -> int:
    """Return a whole number of the query; -1 for anything else."""
    return whole_number(query_of(request).get(name, ""))


def whole_number(text: str) -> int:
    """Read up to 15 plain digits; -1 for anything else, such as a sign or another alphabet's."""
    return int(text) if _WHOLE.fullmatch(text) else -1


def plain_number(text: str) -> float | None:
    """Read a number in plain digits; None for anything else.

    Python's own ``float`` would take words such as "nan" and "1_0", and other alphabets.
    """
    return float(text) if _PLAIN.fullmatch(text) else None


async def body_of(request: Request, n_bytes: int, what: str) -> bytes:
    """Return a body of exactly so many bytes; no more than that is ever held.

    Parameters
    ----------
    request : Request
    n_bytes : int
    what : str
        Its noun in a sentence, such as "A drawing".

    Raises
    ------
    UserError
        For a body of another length, and one that does not come within ``BODY_SECONDS``.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk[: n_bytes + 1]
                if len(body) > n_bytes:
                    break
    except (TimeoutError, ClientDisconnect) as cause:
        raise UserError(
            "body-time",
            _("{what} has {n:,} bytes; after {some:,} no more came. Nothing was changed.").format(
                what=what, n=n_bytes, some=len(body)
            ),
        ) from cause
    if len(body) == n_bytes:
        return bytes(body)
    text = _("{what} has {n:,} bytes, and {some:,} were sent. Nothing was changed.")
    if len(body) > n_bytes:
        text = _("{what} has {n:,} bytes, and more were sent. Nothing was changed.")
    raise UserError("body-size", text.format(what=what, n=n_bytes, some=len(body)))


def refused(error: UserError | str, status: int = 400) -> Response:
    """Answer with why not."""
    sentence = error if isinstance(error, str) else error.text
    headers = dict(NO_STORE)
    if isinstance(error, UserError) and error.code.startswith("body-"):
        headers["Connection"] = "close"  # what else may come of this body is not read at all
    return JSONResponse({"error": sentence}, status_code=status, headers=headers)


def empty(status: int) -> Response:
    """Answer with a status alone."""
    return Response(status_code=status, headers=NO_STORE)
