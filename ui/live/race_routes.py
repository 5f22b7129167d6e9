"""The route that feeds the page Race."""

from __future__ import annotations

import hashlib

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from softmax_core.service import Race, RaceView, Status, shared_engine
from ui.live.asking import NO_STORE, empty, word
from ui.live.race_frame import encode_race


def race_routes(prefix: str) -> list[Route]:
    """Return the routes, under a path such as ``/lab``."""
    return [Route(f"{prefix}/race", race_frame, methods=["GET"])]


async def race_frame(request: Request) -> Response:
    """Answer with how a race stands: 200, 204 nothing new, 410 no such race.

    ``e`` is the tag of the frame that the asker holds. With ``w=1`` the lanes' weights come
    along; at rest they always do.
    """
    race = shared_engine().find_race(word(request, "t"))
    if race is None:
        return empty(410)
    held, with_weights = word(request, "e"), word(request, "w") == "1"
    body = await run_in_threadpool(_body, race, held, with_weights)
    if body is None:
        return empty(204)
    return Response(body, media_type="application/octet-stream", headers=NO_STORE)


def _body(race: Race, held: str, with_weights: bool) -> bytes | None:
    view = shared_engine().race_view(race)
    tag = tag_of(view)
    if tag == held:
        return None
    resting = view.status is not Status.RUNNING
    return encode_race(view, tag, with_weights=with_weights or resting)


def tag_of(view: RaceView) -> str:
    """Return a short text that changes whenever there is something new to show."""
    drawing = b"" if view.drawing is None else view.drawing.tobytes()
    about = repr((view.generation, view.version, view.test_picture)).encode()
    return hashlib.blake2b(about + drawing, digest_size=8).hexdigest()
