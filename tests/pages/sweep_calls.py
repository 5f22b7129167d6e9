"""The section Sweep without a browser: opened, asked for its frames, waited for."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from softmax_core.service import Status, Sweep, shared_engine
from tests.packed import unpacked
from tests.pages.opening import go_to, lab, session_of
from tests.pages.route_calls import call
from tests.waiting import wait_for
from ui.live.sweep_routes import sweep_frame


def section(name: str, **query: str) -> AppTest:
    """Open a section of the page Race."""
    page = lab(**query)
    page.session_state["race_section"] = name
    go_to(page, "race")
    return page


def sweep_of(page: AppTest) -> Sweep:
    """Return the sweep of this browser."""
    sweep = shared_engine().sweep_of(session_of(page))
    assert sweep is not None
    return sweep


def wait_for_end(sweep: Sweep) -> None:
    """Wait until a sweep is over."""
    wait_for(lambda: sweep.status is not Status.RUNNING)


def frame_of(sweep: Sweep, **query: Any) -> dict[str, Any]:
    """Return header and arrays of a frame in one."""
    response = call(sweep_frame, t=sweep.token, **query)
    assert response.status_code == 200
    return unpacked(response.body).whole
