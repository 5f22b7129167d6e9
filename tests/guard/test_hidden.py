"""Addresses of Streamlit's that answer as if there were nothing."""

from __future__ import annotations

import pytest
from starlette.types import ASGIApp

from tests.guard.asked import ask, body, http
from ui.guard.hidden import Hidden


def _layer(app: ASGIApp) -> Hidden:
    return Hidden(app, "/class")


@pytest.mark.parametrize(
    "path",
    [
        *("/_stcore/metrics", "/class/_stcore/metrics", "/_stcore/metrics/"),
        *("/_stcore/agent/openapi.json", "/_stcore/agent/mcp", "/_stcore/script-health-check"),
    ],
)
def test_they_are_not_found(path: str) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        assert ask(_layer, http(method, path), body(b"")).status == 404


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/_stcore/host-config", "/lab/frame"])
def test_all_else_passes(path: str) -> None:
    assert ask(_layer, http(path=path), body(b"")).status == 200
