"""The route that feeds the page's sweep."""

from __future__ import annotations

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from softmax_core.service import Sweep, shared_engine
from ui.live.sweep_frame import encode_sweep

_NO_STORE: Final = {"Cache-Control": "no-store"}


def sweep_routes(prefix: str) -> list[Route]:
    """Return the routes, under a path such as ``/lab``."""
    return [Route(f"{prefix}/sweep", sweep_frame, methods=["GET"])]


async def sweep_frame(request: Request) -> Response:
    """Answer with how a sweep stands: 200, 204 nothing new, 410 no such sweep.

    ``v`` is the version of the frame that the asker holds, ``s`` its step of the run.
    """
    query = request.query_params
    sweep = shared_engine().find_sweep(query.get("t", ""))
    if sweep is None:
        return Response(status_code=410, headers=_NO_STORE)
    held = query.get("v", ""), query.get("s", "")
    if held == (str(sweep.version), str(sweep.session.state.step)):
        return Response(status_code=204, headers=_NO_STORE)
    body = await run_in_threadpool(_body, sweep)
    return Response(body, media_type="application/octet-stream", headers=_NO_STORE)


def _body(sweep: Sweep) -> bytes:
    return encode_sweep(shared_engine().sweep_view(sweep), sweep.session.state.step)
