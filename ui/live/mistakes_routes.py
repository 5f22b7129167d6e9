"""The routes that feed the page Mistakes."""

from __future__ import annotations

from typing import Final

import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from softmax_core.data.store import open_dataset
from softmax_core.limits import MAX_CLASSES, MAX_LISTED_PICTURES, MAX_PICTURES_FETCHED
from softmax_core.service import shared_engine
from ui.live.asking import (
    NO_STORE,
    empty,
    query_of,
    refused,
    session_of,
    whole,
    whole_number,
    word,
)
from ui.live.judged import Wish, encode_judged, tag_of
from ui.live.judging import averages_of, judging_of
from ui.live.reading import is_pictures
from ui.words import _

_OCTETS: Final = "application/octet-stream"
_USUAL_PICTURES: Final = 24  # of a list


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
    session = session_of(request)
    if session is None:
        return empty(410)
    if not is_pictures(open_dataset(session.config.dataset)):
        return empty(204)
    history = session.history
    view = shared_engine().view(session, history.generation, history.last_step)
    judging = judging_of(session, view)
    wish = _wish(request)
    tag = tag_of(session, view, judging, wish)
    if word(request, "e") == tag:
        return empty(202 if judging.is_stale else 204)
    body = encode_judged(session, view, judging, wish)
    return Response(body, media_type=_OCTETS, headers=NO_STORE | {"ETag": tag})


async def test_pictures(request: Request) -> Response:
    """Answer with pictures of the test set, ``i=3,14,15``, one after the other."""
    session = session_of(request)
    if session is None:
        return empty(410)
    dataset = open_dataset(session.config.dataset)
    indices = [whole_number(part) for part in query_of(request).get("i", "").split(",")]
    known = 0 < len(indices) <= MAX_PICTURES_FETCHED and is_pictures(dataset)
    if not known or not all(0 <= i < len(dataset.test_labels) for i in indices):
        return refused(_("There are no such test pictures. Nothing was changed."))
    body = np.asarray(dataset.test_images[indices]).tobytes()
    return Response(body, media_type=_OCTETS, headers=NO_STORE)


async def averages(request: Request) -> Response:
    """Answer with the mean training picture of each class; 202 while it is worked out."""
    session = session_of(request)
    if session is None:
        return empty(410)
    if not is_pictures(open_dataset(session.config.dataset)):
        return empty(204)
    means = averages_of(session)
    if means is None:
        return empty(202)
    return Response(means.tobytes(), media_type=_OCTETS, headers=NO_STORE)


async def look(request: Request) -> Response:
    """Show the weights of step ``s`` on all pages; without ``s`` follow the run again."""
    session = session_of(request)
    if session is None:
        return empty(410)
    step = whole(request, "s") if "s" in query_of(request) else None
    if step is not None and step < 0:
        return refused(_("There is no such step. Nothing was changed."))
    shared_engine().look_at(session, step)
    return empty(204)


def _wish(request: Request) -> Wish:
    parts = [whole_number(part) for part in word(request, "cell").split(".")]
    is_cell = len(parts) == 2 and all(0 <= part < MAX_CLASSES for part in parts)
    n_pictures = whole(request, "n") if word(request, "n") else _USUAL_PICTURES
    cell = (parts[0], parts[1]) if is_cell else None
    course, mistaken = word(request, "course") == "1", word(request, "mistaken") == "1"
    return Wish(cell, min(max(n_pictures, 1), MAX_LISTED_PICTURES), course, mistaken)
