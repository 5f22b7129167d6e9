"""The route that feeds the page's sweep."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from softmax_core.service import Sweep, shared_engine
from ui.live.asking import NO_STORE, empty, word
from ui.live.sweep_frame import encode_sweep


def sweep_routes(prefix: str) -> list[Route]:
    """Return the routes, under a path such as ``/lab``."""
    return [Route(f"{prefix}/sweep", sweep_frame, methods=["GET"])]


async def sweep_frame(request: Request) -> Response:
    """Answer with how a sweep stands: 200, 204 nothing new, 410 no such sweep.

    ``v`` is the version of the frame that the asker holds, ``s`` its step of the run.
    """
    sweep = shared_engine().find_sweep(word(request, "t"))
    if sweep is None:
        return empty(410)
    held = word(request, "v"), word(request, "s")
    if held == (str(sweep.version), str(sweep.session.state.step)):
        return empty(204)
    body = await run_in_threadpool(_body, sweep)
    return Response(body, media_type="application/octet-stream", headers=NO_STORE)


def _body(sweep: Sweep) -> bytes:
    return encode_sweep(shared_engine().sweep_view(sweep), sweep.session.state.step)
