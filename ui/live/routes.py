"""The routes that feed the live view, on the same server as the page."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any, Final

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.limits import INK_SIDE
from softmax_core.service import Session, shared_engine
from ui.live.asking import NO_STORE, body_of, empty, refused, session_of, whole, word
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
from ui.words import _

_STATIC: Final = Path(__file__).parent / "static"
_KINDS: Final = {".js": "text/javascript", ".css": "text/css"}
_INK_BYTES: Final = INK_SIDE * INK_SIDE
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


def static_text(name: str) -> str:
    """Return a script or a style of the live view."""
    return _FILES[name][0].decode()


def live_routes(base_path: str = "") -> list[Route]:
    """Return the routes, under the server's base path."""
    prefix = f"/{base_path.strip('/')}/lab" if base_path.strip("/") else "/lab"
    return [
        Route(f"{prefix}/frame", frame, methods=["GET"]),
        Route(f"{prefix}/leave", leave, methods=["POST"]),
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
    session = session_of(request)
    if session is None:
        moved = shared_engine().was_moved(word(request, "t"))
        return Response(status_code=410, headers=NO_STORE | (_MOVED if moved else {}))
    shared_engine().watch_edge(session)
    if whole(request, "v") == session.version:
        return empty(204)
    body = _frame(session, whole(request, "g"), whole(request, "s"))
    return Response(body, media_type="application/octet-stream", headers=NO_STORE)


async def leave(request: Request) -> Response:
    """Note that a page is closed: without others its run, race or sweep soon rests."""
    shared_engine().leave(word(request, "t"))
    return empty(204)


async def ink(request: Request) -> Response:
    """Take a drawing as ``INK_SIDE`` squared bytes and answer how it is read."""
    session = session_of(request)
    if session is None:
        return empty(410)
    try:
        body = await body_of(request, _INK_BYTES, _("A drawing"))
    except UserError as error:
        return refused(error)
    return JSONResponse(_draw(session, body), headers=NO_STORE)


async def picture(request: Request) -> Response:
    """Show the model a picture of the test set instead of the drawing."""
    session = session_of(request)
    if session is None:
        return empty(410)
    index = whole(request, "i")
    if not 0 <= index < len(open_dataset(session.config.dataset).test_labels):
        return refused(_("There is no such test picture. Nothing was changed."))
    shared_engine().set_test_picture(session, index)
    return empty(204)


async def static(request: Request) -> Response:
    """Serve a script or style of the live view; its address changes with its content."""
    found = _FILES.get(request.path_params["name"])
    if found is None:
        return Response(status_code=404)
    body, kind = found
    return Response(
        body, media_type=kind, headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )


def _frame(session: Session, generation: int, last_step: int) -> bytes:
    engine, told = shared_engine(), told_of(session)
    poll_ms = round(1e3 * engine.question_seconds())
    return encode_frame(engine.view(session, generation, last_step), told, poll_ms)


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
