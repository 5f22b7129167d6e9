"""The page Race without a browser: opened, asked for its frames, waited for."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from streamlit.testing.v1 import AppTest

from softmax_core.service import Race, Status, shared_engine
from tests.packed import unpacked
from tests.pages.opening import go_to, lab
from tests.pages.route_calls import call
from tests.waiting import wait_for
from ui.live.race_routes import race_frame


def race_page(**query: str) -> AppTest:
    """Open the page Race, by the menu or, with lanes in the query, by its own address."""
    lanes = query.pop("race", None)
    page = lab(**query)
    go_to(page, "race")
    if lanes is not None:
        page = lab(**query)
        page.query_params["race"] = lanes
        pages = page._registered_pages.items()
        (page._page_hash,) = [key for key, info in pages if info.get("url_pathname") == "race"]
        page.run()
        assert not page.exception
    return page


def race_of(page: AppTest) -> Race:
    """Return the race of this browser."""
    race = shared_engine().find_race(page.session_state["race_token"])
    assert race is not None
    return race


def wait_for_rest(race: Race) -> None:
    """Wait until a race rests and is measured where it rests."""
    wait_for(lambda: race.status is not Status.RUNNING and not race.in_flight)
    wait_for(lambda: race.is_measured)


def ask(race: Race, **query: Any) -> Response:
    """Ask the route for a frame."""
    return call(race_frame, t=race.token, **query)


def frame_of(race: Race, **query: Any) -> dict[str, Any]:
    """Return header and arrays of a frame in one."""
    response = ask(race, **query)
    assert response.status_code == 200
    return unpacked(response.body).whole
