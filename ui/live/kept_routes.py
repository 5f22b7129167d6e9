"""The route that hands the browser the curves of the runs it keeps."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from softmax_core.service import KeptRun
from ui.live.asking import NO_STORE, empty, session_of
from ui.live.pack import pack


def kept_routes(prefix: str) -> list[Route]:
    """Return the route, under a path such as ``/lab``."""
    return [Route(f"{prefix}/kept", kept, methods=["GET"])]


async def kept(request: Request) -> Response:
    """Answer with all curves that a browser keeps: they change seldom, and are few."""
    session = session_of(request)
    if session is None:
        return empty(410)
    version, runs = session.kept_version, session.kept
    body = encode_kept(version, runs)
    return Response(body, media_type="application/octet-stream", headers=NO_STORE)


def encode_kept(version: int, runs: tuple[KeptRun, ...]) -> bytes:
    """Encode the curves; see ``pack`` for the layout."""
    arrays: dict[str, tuple[str, NDArray[Any]]] = {}
    for run in runs:
        arrays[f"step_{run.serial}"] = ("u4", run.curve.step)
        arrays[f"loss_{run.serial}"] = ("f4", run.curve.mean)
        arrays[f"accuracy_{run.serial}"] = ("f4", run.curve.accuracy)
    return pack({"kept_version": version, "serials": [run.serial for run in runs]}, arrays)
