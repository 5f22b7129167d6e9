"""The routes that feed the page Mistakes."""

from __future__ import annotations

from typing import Final

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from softmax_core.data.store import open_dataset
from softmax_core.limits import MAX_CLASSES, MAX_LISTED_PICTURES, MAX_PICTURES_FETCHED
from softmax_core.service import Session, shared_engine
from ui.live.judged import Wish, encode_judged, tag_of
from ui.live.judging import averages_of, judging_of
from ui.live.reading import is_pictures

_NO_STORE: Final = {"Cache-Control": "no-store"}
_OCTETS: Final = "application/octet-stream"


def mistakes_routes(prefix: str) -> list[Route]:
    """Return the routes, under a path such as ``/lab``."""
    return [
        Route(f"{prefix}/judged", judged, methods=["GET"]),
        Route(f"{prefix}/test-pictures", test_pictures, methods=["GET"]),
        Route(f"{prefix}/averages", averages, methods=["GET"]),
        Route(f"{prefix}/look", look, methods=["POST"]),
    ]


async def judged(request: Request) -> Response:
    """Answer with what the weights shown get wrong.

    200 with something new; 202 nothing new yet, it is being worked out; 204 nothing new;
    410 no such run. Newer weights are judged by a worker because this is asked.
    """
    session = _session(request)
    if session is None:
        return _empty(410)
    if not is_pictures(open_dataset(session.config.dataset)):
        return _empty(204)
    history = session.history
    view = shared_engine().view(session, history.generation, history.last_step)
    judging = judging_of(session, view)
    wish = _wish(request)
    tag = tag_of(session, view, judging, wish)
    if request.query_params.get("e") == tag:
        return _empty(202 if judging.is_stale else 204)
    body = encode_judged(session, view, judging, wish)
    return Response(body, media_type=_OCTETS, headers=_NO_STORE | {"ETag": tag})


async def test_pictures(request: Request) -> Response:
    """Answer with pictures of the test set, ``i=3,14,15``, one after the other."""
    session = _session(request)
    if session is None:
        return _empty(410)
    dataset = open_dataset(session.config.dataset)
    indices = [_whole(part) for part in request.query_params.get("i", "").split(",")]
    known = 0 < len(indices) <= MAX_PICTURES_FETCHED and is_pictures(dataset)
    if not known or not all(0 <= i < len(dataset.test_labels) for i in indices):
        return JSONResponse({"error": "There are no such test pictures."}, status_code=400)
    body = np.asarray(dataset.test_images[indices]).tobytes()
    return Response(body, media_type=_OCTETS, headers=_NO_STORE)


async def averages(request: Request) -> Response:
    """Answer with the mean training picture of each class; 202 while it is worked out."""
    session = _session(request)
    if session is None:
        return _empty(410)
    if not is_pictures(open_dataset(session.config.dataset)):
        return _empty(204)
    means = averages_of(session)
    if means is None:
        return _empty(202)
    return Response(means.tobytes(), media_type=_OCTETS, headers=_NO_STORE)


async def look(request: Request) -> Response:
    """Show the weights of step ``s`` on all pages; without ``s`` follow the run again."""
    session = _session(request)
    if session is None:
        return _empty(410)
    asked = request.query_params.get("s")
    step = None if asked is None else _whole(asked)
    if step is not None and step < 0:
        return JSONResponse({"error": "There is no such step."}, status_code=400)
    shared_engine().look_at(session, step)
    return _empty(204)


def _session(request: Request) -> Session | None:
    return shared_engine().find(request.query_params.get("t", ""))


def _wish(request: Request) -> Wish:
    query = request.query_params
    parts = [_whole(part) for part in query.get("cell", "").split(".")]
    is_cell = len(parts) == 2 and all(0 <= part < MAX_CLASSES for part in parts)
    n_pictures = min(max(_whole(query.get("n", "24")), 1), MAX_LISTED_PICTURES)
    cell = (parts[0], parts[1]) if is_cell else None
    course, mistaken = query.get("course") == "1", query.get("mistaken") == "1"
    return Wish(cell, n_pictures, course, mistaken)


def _whole(text: str) -> int:
    """Read a whole number; -1 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1


def _empty(status: int) -> Response:
    return Response(status_code=status, headers=_NO_STORE)
