"""Asking the routes of the page Mistakes as a browser does, without a server."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray
from starlette.responses import Response

from softmax_core.service import Session
from tests.packed import unpacked
from tests.pages.route_calls import call
from tests.waiting import wait_for
from ui.live import mistakes_routes


class Answer(NamedTuple):
    """A judged test set as the browser reads it."""

    header: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    tag: str
    size: int

    @property
    def counts(self) -> NDArray[Any]:
        n = len(self.header["class_names"])
        return self.arrays["counts"].reshape(n, n)


def ask_judged(session: Session, **query: Any) -> Answer:
    """Ask once for what the weights shown get wrong; there must be something to say."""
    response = call(mistakes_routes.judged, t=session.token, **query)
    assert response.status_code == 200
    return read(response)


def judged(session: Session, **query: Any) -> Answer:
    """Ask until the weights shown have been judged."""
    answers: list[Answer] = []

    def is_fresh() -> bool:
        answers.append(ask_judged(session, **query))
        return not answers[-1].header["stale"]

    wait_for(is_fresh)
    return answers[-1]


def read(response: Response) -> Answer:
    """Read header and arrays of an answer."""
    header, arrays = unpacked(response.body)
    return Answer(header, arrays, response.headers["ETag"], len(response.body))
