"""The routes that feed the page Why?."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.service import Session, View, shared_engine
from ui.live.asking import NO_STORE, body_of, empty, query_of, refused, session_of, whole, word
from ui.live.explained import explain
from ui.live.explained.nudge import accuracy_answer
from ui.live.explained.operate import erase, swap
from ui.live.explained.question import Question, read_question
from ui.live.explained.saved import saved_picture
from ui.words import _

_DRAWING = asyncio.Lock()


def why_routes(prefix: str) -> list[Route]:
    """Return the routes, under a path such as ``/lab``."""
    return [
        Route(f"{prefix}/why", why, methods=["GET"]),
        Route(f"{prefix}/why/accuracy", accuracy, methods=["GET"]),
        Route(f"{prefix}/why/picture", picture, methods=["GET"]),
        Route(f"{prefix}/why/erase", erase_weights, methods=["POST"]),
        Route(f"{prefix}/why/swap", swap_classes, methods=["POST"]),
        Route(f"{prefix}/why/undo", undo, methods=["POST"]),
    ]


async def why(request: Request) -> Response:
    """Answer one question about what is shown: 200, 400 not a question, 410 no such run."""
    return await _about(request, _explained)


async def accuracy(request: Request) -> Response:
    """Answer how far a worker is with the test set nudged like the picture."""
    return await _about(request, _accuracy)


async def picture(request: Request) -> Response:
    """Answer with what a section shows as a file to keep."""
    return await _about(request, _picture)


async def erase_weights(request: Request) -> Response:
    """Erase the weights of class ``k`` where the body's bytes are not 0."""
    session = session_of(request)
    if session is None:
        return empty(410)
    info = open_dataset(session.config.dataset).info
    try:
        body = await body_of(request, info.n_features, _("A picture of these weights"))
    except UserError as error:
        return refused(error)
    region = np.frombuffer(body, np.uint8) > 0
    return await _do(erase, session, whole(request, "k"), region)


async def swap_classes(request: Request) -> Response:
    """Swap the classes ``a`` and ``b``."""
    session = session_of(request)
    if session is None:
        return empty(410)
    return await _do(swap, session, whole(request, "a"), whole(request, "b"))


async def undo(request: Request) -> Response:
    """Take the last edit back; without one nothing happens."""
    session = session_of(request)
    if session is None:
        return empty(410)
    return await _do(shared_engine().undo_edit, session)


Answering = Callable[[Request, Session, View, Question], Any]


async def _about(request: Request, answer: Answering) -> Response:
    session = session_of(request)
    if session is None:
        return empty(410)
    view = shared_engine().view(session, session.history.generation, session.history.last_step)
    try:
        response: Response = await answer(request, session, view, read_question(query_of(request)))
    except UserError as error:
        return refused(error)
    return response


async def _explained(
    _request: Request, session: Session, view: View, question: Question
) -> Response:
    body = await run_in_threadpool(explain, session, view, question)
    return Response(body, media_type="application/octet-stream", headers=NO_STORE)


async def _accuracy(
    _request: Request, session: Session, view: View, question: Question
) -> Response:
    return JSONResponse(accuracy_answer(session, view, question.nudge), headers=NO_STORE)


async def _picture(request: Request, session: Session, view: View, question: Question) -> Response:
    name = word(request, "picture")
    async with _DRAWING:
        body = await run_in_threadpool(saved_picture, session, view, question, name)
    saved_as = {"Content-Disposition": f'attachment; filename="why-{name}.png"'}
    return Response(body, media_type="image/png", headers=NO_STORE | saved_as)


async def _do(command: Callable[..., Any], *args: Any) -> Response:
    try:
        await run_in_threadpool(command, *args)
    except UserError as error:
        return refused(error)
    return empty(204)
