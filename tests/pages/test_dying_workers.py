"""What pages have a worker do goes on when the worker dies, and is given up if it dies of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

import pytest
from starlette.responses import Response

from softmax_core.service import Session, Status, WorkerDiedError, shared_engine
from softmax_core.training import TrainingConfig
from tests.packed import unpacked
from tests.pages.route_calls import call
from tests.waiting import wait_for
from ui.live import mistakes_routes, past_routes

Route = Callable[..., Any]
JOBS = {"batch": (past_routes.batch, {"s": 20}), "film": (past_routes.film, {})}


def trained() -> Session:
    session = shared_engine().open(TrainingConfig(dataset="digits"))
    shared_engine().steps(session, 40)
    wait_for(lambda: session.status is not Status.RUNNING and not session.in_flight)
    return session


def dying(monkeypatch: pytest.MonkeyPatch, deaths: float) -> list[object]:
    """Have the workers die of so many calls; return a list that grows with every call."""
    engine, asked = shared_engine(), list[object]()
    compute = engine.compute

    def die_at_first(function: Any, *args: Any) -> Future[Any]:
        asked.append(function)
        if len(asked) > deaths:
            return compute(function, *args)
        dead: Future[Any] = Future()
        dead.set_exception(WorkerDiedError("gone"))
        return dead

    monkeypatch.setattr(engine, "compute", die_at_first)
    return asked


def answered(route: Route, session: Session, query: dict[str, Any]) -> Response:
    """Ask until there is an answer."""
    answers: list[Response] = []

    def is_there() -> bool:
        answers.append(call(route, t=session.token, **query))
        return answers[-1].status_code != 202

    wait_for(is_there)
    return answers[-1]


@pytest.mark.parametrize("job", JOBS)
def test_a_job_outlives_a_worker(monkeypatch: pytest.MonkeyPatch, job: str) -> None:
    session, (route, query) = trained(), JOBS[job]
    asked = dying(monkeypatch, 1)
    assert answered(route, session, query).status_code == 200
    assert len(asked) > 1


@pytest.mark.parametrize("job", JOBS)
def test_a_job_that_kills_its_worker_twice_is_given_up_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, job: str
) -> None:
    session, (route, query) = trained(), JOBS[job]
    asked = dying(monkeypatch, float("inf"))
    response = answered(route, session, query)
    assert response.status_code == 409
    assert "Nothing was lost" in json.loads(bytes(response.body))["error"]
    assert len(asked) == 2


def test_judging_is_tried_again_once(monkeypatch: pytest.MonkeyPatch) -> None:
    session = trained()
    asked = dying(monkeypatch, 2)

    def header() -> dict[str, Any]:
        answer = call(mistakes_routes.judged, t=session.token)
        return unpacked(answer.body).header if answer.status_code == 200 else {}

    wait_for(lambda: "interrupted twice" in header().get("trouble", ""))
    asked_for = len(asked)
    header()
    assert len(asked) == asked_for  # not again and again
    shared_engine().steps(session, 1)
    wait_for(partial(has_been_judged, header))


def has_been_judged(header: Callable[[], dict[str, Any]]) -> bool:
    told = header()
    return not told.get("stale", True) and not told.get("trouble")
