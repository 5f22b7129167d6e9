"""The routes of the time machine: go on from a step, see its batch, make a film."""

from __future__ import annotations

from typing import Final

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.explain.step_batch import StepBatch
from softmax_core.service import Session, shared_engine
from ui.live.asking import NO_STORE, empty, refused, session_of, whole
from ui.live.batch_job import batch_job
from ui.live.film_job import cancel_film, film_file_name, film_job
from ui.live.pack import pack
from ui.live.reading import is_pictures
from ui.words import _

_OCTETS: Final = "application/octet-stream"


def past_routes(prefix: str) -> list[Route]:
    """Return the routes, under a path such as ``/lab``."""
    return [
        Route(f"{prefix}/go-on", go_on, methods=["POST"]),
        Route(f"{prefix}/batch", batch, methods=["GET"]),
        Route(f"{prefix}/film", film, methods=["GET"]),
        Route(f"{prefix}/film", cancel, methods=["DELETE"]),
    ]


async def go_on(request: Request) -> Response:
    """Go back to the snapshot of step ``s``, for good; what came after it is forgotten."""
    session = session_of(request)
    if session is None:
        return empty(410)
    step = whole(request, "s")
    if step not in shared_engine().view(session).snapshot_steps:
        return refused(_("That step is not kept any more. Nothing was changed."), 409)
    await run_in_threadpool(shared_engine().go_on_from, session, step)
    return empty(204)


async def batch(request: Request) -> Response:
    """Answer with the batch of step ``s``: 200; 202 how far the way to it is; 409 why not."""
    session = session_of(request)
    if session is None:
        return empty(410)
    try:
        job = await run_in_threadpool(batch_job, session, whole(request, "s"))
    except UserError as error:
        return refused(error, 409)
    if job.batch is None:
        way = {"begin": job.begin, "at": job.at_step, "end": job.span.last}
        return JSONResponse(way, status_code=202, headers=NO_STORE)
    body = await run_in_threadpool(_encoded, session, job.batch, job.span[1:])
    return Response(body, media_type=_OCTETS, headers=NO_STORE)


async def film(request: Request) -> Response:
    """Answer with the film: 200 the file; 202 how many pictures are done; 409 why not."""
    session = session_of(request)
    if session is None:
        return empty(410)
    try:
        job = await run_in_threadpool(film_job, session)
    except UserError as error:
        return refused(error, 409)
    if job.file is None:
        done = {"done": len(job.stills), "of": job.n_stills}
        return JSONResponse(done, status_code=202, headers=NO_STORE)
    body = job.file
    cancel_film(session)  # whoever asks again wants a newer one
    named = {"Content-Disposition": f'attachment; filename="{film_file_name(session)}"'}
    return Response(body, media_type="image/gif", headers=NO_STORE | named)


async def cancel(request: Request) -> Response:
    """Make no more pictures of the film that is under way."""
    session = session_of(request)
    if session is None:
        return empty(410)
    cancel_film(session)
    return empty(204)


def _encoded(session: Session, found: StepBatch, span: tuple[int, ...]) -> bytes:
    info = open_dataset(session.config.dataset).info
    pictures = is_pictures(open_dataset(session.config.dataset))
    header = {
        "step": found.step,
        "first": span[0],
        "last": span[1],
        "loss": _finite(found.loss),
        "mean": _finite(found.mean),
        "penalty": _finite(found.penalty),
        "adds_up": found.adds_up,
        "n": found.n_samples,
        "right": found.n_right,
        "train_loss": _finite(found.train_loss),
        "train_loss_earlier": _finite(found.train_loss_earlier),
        "cause": found.cause,
        "class_names": list(info.class_names),
        "image_shape": list(info.image_shape),
        "pictures": pictures,
    }
    arrays = {
        "labels": ("u1", found.labels),
        "predictions": ("u1", found.predictions),
        "losses": ("f4", found.losses),
        "images": ("u1" if pictures else "f4", found.images),
    }
    return pack(header, arrays)


def _finite(value: float | None) -> float | None:
    """Return the figure, or None: JSON has no infinity."""
    return value if value is not None and np.isfinite(value) else None
