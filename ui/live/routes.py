"""The routes that feed the live view, on the same server as the page."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any, Final

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from softmax_core.data.store import open_dataset
from softmax_core.limits import INK_SIDE
from softmax_core.service import Session, shared_engine
from ui.live.frame import encode_frame
from ui.live.kept_routes import kept_routes
from ui.live.mistakes_routes import mistakes_routes
from ui.live.past_routes import past_routes
from ui.live.race_routes import race_routes
from ui.live.reading import score
from ui.live.remark import remark_of
from ui.live.story import told_of
from ui.live.sweep_routes import sweep_routes
from ui.live.why_routes import why_routes

_STATIC: Final = Path(__file__).parent / "static"
_KINDS: Final = {".js": "text/javascript", ".css": "text/css"}
_INK_BYTES: Final = INK_SIDE * INK_SIDE
_NO_STORE: Final = {"Cache-Control": "no-store"}
_MOVED: Final = {"Softmax-Lab-Run": "moved"}  # another page of the browser goes on with it

# Read once: no path is ever built from what a browser asks for.
_FILES: Final = {
    path.name: (path.read_bytes(), _KINDS[path.suffix])
    for path in sorted(_STATIC.iterdir())
    if path.suffix in _KINDS
}
STATIC_VERSION: Final = hashlib.sha256(b"".join(body for body, _ in _FILES.values())).hexdigest()[
    :12
]


def live_routes(base_path: str = "") -> list[Route]:
    """Return the routes, under the server's base path."""
    prefix = f"/{base_path.strip('/')}/lab" if base_path.strip("/") else "/lab"
    return [
        Route(f"{prefix}/frame", frame, methods=["GET"]),
        Route(f"{prefix}/ink", ink, methods=["POST"]),
        Route(f"{prefix}/picture", picture, methods=["POST"]),
        Route(f"{prefix}/static/{STATIC_VERSION}/{{name}}", static, methods=["GET"]),
        *kept_routes(prefix),
        *mistakes_routes(prefix),
        *past_routes(prefix),
        *race_routes(prefix),
        *sweep_routes(prefix),
        *why_routes(prefix),
    ]


async def frame(request: Request) -> Response:
    """Answer with what has changed since the asker's last frame: 200, 204 nothing, 410 gone."""
    token = request.query_params.get("t", "")
    session = shared_engine().find(token)
    if session is None:
        moved = _MOVED if shared_engine().was_moved(token) else {}
        return Response(status_code=410, headers=_NO_STORE | moved)
    shared_engine().watch_edge(session)
    if _number(request, "v") == session.version:
        return Response(status_code=204, headers=_NO_STORE)
    body = await run_in_threadpool(_frame, session, _number(request, "g"), _number(request, "s"))
    return Response(body, media_type="application/octet-stream", headers=_NO_STORE)


async def ink(request: Request) -> Response:
    """Take a drawing as ``INK_SIDE`` squared bytes and answer how it is read."""
    session = shared_engine().find(request.query_params.get("t", ""))
    if session is None:
        return Response(status_code=410, headers=_NO_STORE)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _INK_BYTES:
            break
    if len(body) != _INK_BYTES:
        return JSONResponse({"error": f"A drawing has {_INK_BYTES:,} bytes."}, status_code=400)
    return JSONResponse(await run_in_threadpool(_draw, session, body), headers=_NO_STORE)


async def picture(request: Request) -> Response:
    """Show the model a picture of the test set instead of the drawing."""
    session = shared_engine().find(request.query_params.get("t", ""))
    if session is None:
        return Response(status_code=410, headers=_NO_STORE)
    index = _number(request, "i")
    if not 0 <= index < len(open_dataset(session.config.dataset).test_labels):
        return JSONResponse({"error": "There is no such test picture."}, status_code=400)
    shared_engine().set_test_picture(session, index)
    return Response(status_code=204, headers=_NO_STORE)


async def static(request: Request) -> Response:
    """Serve a script or style of the live view; its address changes with its content."""
    found = _FILES.get(request.path_params["name"])
    if found is None:
        return Response(status_code=404)
    body, kind = found
    return Response(
        body, media_type=kind, headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )


def _number(request: Request, name: str) -> int:
    """Read a whole number from the query; -1 for anything else."""
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1


def _frame(session: Session, generation: int, last_step: int) -> bytes:
    told = told_of(session)
    return encode_frame(shared_engine().view(session, generation, last_step), told)


def _draw(session: Session, body: bytes) -> dict[str, Any]:
    engine = shared_engine()
    drawing = np.frombuffer(body, np.uint8).reshape(INK_SIDE, INK_SIDE)
    engine.set_drawing(session, drawing if drawing.any() else None, live=True)
    view = engine.view(session, session.history.generation, session.history.last_step)
    scored = score(view)
    info = open_dataset(view.config.dataset).info
    answer = {"step": view.shown.step, "image_shape": list(info.image_shape)}
    answer |= {"remark": remark_of(view)}
    if scored is None:
        empty = ("prediction", "prediction_name", "confidence", "probabilities", "digit")
        return answer | dict.fromkeys(empty)
    reading = scored.reading
    return answer | {
        "prediction": reading.prediction,
        "prediction_name": info.class_names[reading.prediction],
        "confidence": reading.confidence,
        "probabilities": [float(p) for p in reading.probabilities],
        "digit": base64.b64encode(scored.digit.tobytes()).decode("ascii"),
    }
