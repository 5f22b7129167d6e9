"""Asking the routes of the page Why? as a browser does, without a server."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response

from softmax_core.service import Session
from tests.packed import unpacked
from tests.pages.route_calls import call
from tests.waiting import wait_for
from ui.live import why_routes


def why(session: Session, section: str, **query: Any) -> dict[str, Any]:
    """Return header and arrays of an explanation in one."""
    response = call(why_routes.why, t=session.token, section=section, **query)
    assert response.status_code == 200, response.body
    return unpacked(response.body).whole


def error_of(response: Response) -> str:
    """Return the sentence with which a route refuses."""
    assert response.status_code == 400
    return str(json.loads(bytes(response.body))["error"])


def measured(session: Session, **nudge: Any) -> dict[str, Any]:
    """Ask until the nudged test set has been measured."""
    answers: list[dict[str, Any]] = []

    def is_done() -> bool:
        response = call(why_routes.accuracy, t=session.token, section="nudge", **nudge)
        assert response.status_code == 200
        answers.append(json.loads(bytes(response.body)))
        return bool(answers[-1]["state"] != "working")

    wait_for(is_done)
    return answers[-1]
