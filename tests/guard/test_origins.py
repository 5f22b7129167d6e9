"""Whose page may open sockets and change things."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.config import _set_option
from streamlit.web.server.starlette.starlette_websocket import _is_origin_allowed

from tests.guard.asked import ask, body, http, socket
from ui.guard.origins import Origins

OURS = [
    ("http://lab:8501", "lab:8501"),
    ("http://LAB:8501", "lab:8501"),
    ("https://lab", "lab"),
    ("https://lab", "lab:443"),
    ("http://lab:80", "lab"),
    ("http://[::1]:8501", "[::1]:8501"),
    ("http://192.168.0.7:8501", "192.168.0.7:8501"),
]
FOREIGN = [
    "http://evil.example",
    "http://evil.example:8501",
    "https://lab.evil.example",
    "http://lab:8502",
    "https://lab:8501@evil.example",
    "http://lab:8501.evil.example",
    "http://lab:8501/",
    "http://lab:8501/lab",
    "null",
    "",
    "lab:8501",
    "//lab:8501",
    "file://",
    "file://lab:8501",
    "chrome-extension://abcdefgh",
    "http://lab:x",
    "http://lab:99999",
    "http://[::1",
    "http://lab:8501 http://evil.example",
    "http://127.0.0.1:3000",
    "http://localhost:3000",
    "http://\xe9vil",
]


@pytest.fixture
def options() -> Iterator[None]:
    """Put options back afterwards."""
    names = ("server.allowedHosts", "server.corsAllowedOrigins", "browser.serverAddress")
    before = {name: st.get_option(name) for name in names}
    yield
    for name, value in before.items():
        _set_option(name, value, "test")


@pytest.mark.parametrize(("origin", "host"), OURS)
def test_our_own_page_may_open_a_socket_and_post(origin: str, host: str) -> None:
    assert ask(Origins, socket(origin=origin, host=host)).reached
    assert ask(Origins, http("POST", origin=origin, host=host), body(b"ink")).status == 200


@pytest.mark.parametrize("origin", FOREIGN)
def test_another_servers_page_may_not(origin: str) -> None:
    refused = ask(Origins, socket(origin=origin))
    assert not refused.reached
    assert refused.sent == [{"type": "websocket.close", "code": 1008}]
    for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE"):
        asked = ask(Origins, http(method, origin=origin), body(b""))
        assert (asked.status, asked.reached) == (403, [])
        assert "another server" in asked.text


def test_two_origins_are_none_that_can_be_known() -> None:
    scope = socket(origin="http://lab:8501")
    scope["headers"].append((b"origin", b"http://evil.example"))
    assert not ask(Origins, scope).reached


def test_reading_needs_no_origin_and_changing_does() -> None:
    assert ask(Origins, http("GET"), body(b"")).status == 200
    assert ask(Origins, socket()).reached
    assert ask(Origins, http("POST"), body(b"")).status == 403


def test_streamlit_is_never_left_to_ask_others_who_asks(
    options: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def external_ip() -> str:
        raise AssertionError("the internet was asked")

    monkeypatch.setattr("streamlit.net_util.get_external_ip", external_ip)
    monkeypatch.setattr("streamlit.net_util.get_internal_ip", external_ip)
    _set_option("server.corsAllowedOrigins", ["https://school.example"], "test")
    asked = ask(Origins, socket(origin="https://school.example"))
    assert asked.scope is not None
    passed = {name: value.decode() for name, value in asked.scope["headers"]}
    assert _is_origin_allowed(passed[b"origin"], passed[b"host"])
    with pytest.raises(AssertionError, match="internet"):  # which it would do by itself
        _is_origin_allowed("https://school.example", "lab:8501")


def test_names_the_owner_has_listed_are_ours(options: None) -> None:
    _set_option("browser.serverAddress", "class.example", "test")
    assert ask(Origins, socket(origin="https://class.example")).reached
    _set_option("server.allowedHosts", ["class.example", "*.school.example"], "test")
    for host in ("class.example", "a.school.example:8501"):
        assert ask(Origins, socket(origin=f"http://{host}", host=host)).reached
    for scope in (http(host="evil.example"), socket(host="evil.example", origin="http://evil")):
        assert not ask(Origins, scope, body(b"")).reached  # a name that was pointed here
    health = http(path="/_stcore/health", host="10.0.0.3")
    assert ask(Origins, health, body(b"")).status == 200
