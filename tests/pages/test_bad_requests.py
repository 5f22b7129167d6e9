"""Requests that no page of ours makes: an answer in the four hundreds, and the run is as it was."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from softmax_core.service import Engine, Session, shared_engine
from softmax_core.training import TrainingConfig
from tests.coroutines import run
from tests.digest import digest
from tests.pages.route_calls import call
from tests.waiting import wait_for
from tests.zoo.case import assert_clear
from tests.zoo.routes import INK, PASSED_OVER, REFUSED, TOKENS, Asked
from ui.live import asking
from ui.live.routes import ink, live_routes

ROUTES: dict[str, Route] = {
    route.path.removeprefix("/lab/")
    if "DELETE" not in (route.methods or ())
    else f"DELETE {route.path.removeprefix('/lab/')}": route
    for route in live_routes()
}
UNHEARD = {"leave"}  # a page that is closed hears no answer
WITHOUT_TOKEN = {name for name in ROUTES if name.startswith("static/")}


@pytest.fixture
def session() -> Session:
    """A run of the small digits after five steps, at rest."""
    engine = shared_engine()
    session = engine.open(TrainingConfig("digits"))
    engine.steps(session, 5)
    wait_for(lambda: session.evaluation is not None and session.evaluation.step == 5)
    return session


def ask(asked: Asked, token: str) -> Response:
    return call(ROUTES[asked.route].endpoint, asked.body, **{"t": token, **asked.query})


def test_each_is_refused_with_a_sentence_and_nothing_changes(session: Session) -> None:
    before = digest(session)
    for name, asked in REFUSED.items():
        response = ask(asked, session.token)
        assert response.status_code == asked.status, name
        assert_clear(json.loads(bytes(response.body))["error"], asked.words, kept=False)
        assert digest(session) == before, name


def test_what_is_passed_over_changes_nothing(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A frame has the edge of stability measured, which belongs to the run's history.
    monkeypatch.setattr(Engine, "watch_edge", lambda *_: None)
    before = digest(session)
    for name, asked in PASSED_OVER.items():
        assert ask(asked, session.token).status_code == asked.status, name
        shared_engine().look_at(session, None)
        assert digest(session) == before, name


def test_every_route_of_a_run_is_asked_about_runs_that_are_not_there(session: Session) -> None:
    before = digest(session)
    for name in ROUTES.keys() - WITHOUT_TOKEN - UNHEARD:
        for token in TOKENS.values():
            response = ask(Asked(name, {"section": "evidence"}, 410), token)
            assert (response.status_code, response.body) == (410, b""), name
        # A query longer than any page's is not even looked through.
        long = Asked(name, {"x": "y" * 3_000}, 410)
        assert ask(long, session.token).status_code == 410, name
    assert digest(session) == before


@pytest.mark.parametrize(
    "name", ["", "..", "../routes.py", "lab.js\0", "x" * 9_999, "%2e%2e/app.py"]
)
def test_no_file_but_the_live_views_is_served(name: str) -> None:
    (route,) = WITHOUT_TOKEN
    scope = {"type": "http", "headers": [], "query_string": b"", "path_params": {"name": name}}
    response: Response = run(ROUTES[route].endpoint(Request(scope)))
    assert (response.status_code, response.body) == (404, b"")


def test_every_route_of_a_run_is_in_the_zoo() -> None:
    in_zoo = {asked.route for asked in (REFUSED | PASSED_OVER).values()}
    # These read of a request a token and nothing else, or what any text may be compared with.
    alone = {"averages", "film", "race", "sweep", "why/undo"}
    assert in_zoo | alone | UNHEARD == ROUTES.keys() - WITHOUT_TOKEN


def test_a_page_that_leaves_with_no_token_or_a_wrong_one_stops_nobody(session: Session) -> None:
    before = digest(session)
    for token in TOKENS.values():
        assert ask(Asked("leave", {}, 204), token).status_code == 204
    assert session.left_at is None
    assert digest(session) == before


class Sender:
    """A browser that sends a body piece by piece, and counts what was taken of it."""

    def __init__(self, piece: bytes, then: str) -> None:
        self.piece, self.then, self.taken = piece, then, 0

    async def __call__(self) -> dict[str, Any]:
        self.taken += len(self.piece)
        await asyncio.sleep(0)  # a server waits for the network between two pieces
        if self.then == "stall" and self.taken > len(self.piece):
            await asyncio.sleep(60)  # never over: the route gives up long before
        if self.then == "leave" and self.taken > len(self.piece):
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": self.piece, "more_body": True}


@pytest.mark.parametrize(
    ("piece", "then", "words", "most"),
    [
        (bytes(65_536), "go on", "3,136 bytes, and more were sent", 65_536),
        (b"\0", "go on", "3,136 bytes, and more were sent", INK + 1),
        (b"", "go on", "after 0 no more came", 0),
        (bytes(100), "stall", "after 100 no more came", 200),
        (bytes(100), "leave", "after 100 no more came", 200),
    ],
)
def test_a_body_that_never_ends_is_left(
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    piece: bytes,
    then: str,
    words: str,
    most: int,
) -> None:
    monkeypatch.setattr(asking, "BODY_SECONDS", 0.1)
    before, sender = digest(session), Sender(piece, then)
    query = f"t={session.token}".encode()
    scope = {"type": "http", "headers": [], "query_string": query}
    response: Response = run(ink(Request(scope, sender)))
    assert response.status_code == 400
    assert response.headers["Connection"] == "close"
    assert_clear(json.loads(bytes(response.body))["error"], words)
    assert sender.taken <= most
    assert digest(session) == before
