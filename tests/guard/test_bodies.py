"""How much a request may send."""

from __future__ import annotations

from starlette.types import ASGIApp

from softmax_core.limits import MAX_ROUTE_BODY_BYTES
from tests.guard.asked import ask, body, http
from ui.guard.bodies import BodyCap

PART = b"x" * 4096


def _layer(app: ASGIApp) -> BodyCap:
    return BodyCap(app, "/class")


def test_what_fits_arrives_whole() -> None:
    parts = [PART] * (MAX_ROUTE_BODY_BYTES // len(PART))
    asked = ask(_layer, http("POST", "/class/lab/ink"), body(*parts))
    assert b"".join(message["body"] for message in asked.reached) == b"".join(parts)


def test_one_byte_more_is_refused_before_the_app_hears_of_it() -> None:
    parts = [PART] * (MAX_ROUTE_BODY_BYTES // len(PART))
    asked = ask(_layer, http("POST", "/class/lab/ink"), body(*parts, b"x"))
    assert (asked.status, asked.reached) == (413, [])
    assert "65,536 bytes" in asked.text


def test_an_upload_is_left_to_streamlit() -> None:
    path = "/class/_stcore/upload_file/session/file"
    asked = ask(_layer, http("PUT", path), body(*[PART] * 40))
    assert len(asked.reached) == 40


def test_a_sender_who_leaves_midway_ends_the_request() -> None:
    half = [{"type": "http.request", "body": PART, "more_body": True}]
    assert ask(_layer, http("POST", "/lab/ink"), half).reached[0]["body"] == PART
