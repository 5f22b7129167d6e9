"""Open a page without a browser."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from softmax_core.service import Session, shared_engine
from tests.waiting import wait_for

MAIN = Path(__file__).resolve().parents[2] / "ui" / "main.py"


def lab(**query: str) -> AppTest:
    """Open the Lab at an address with this query."""
    page = AppTest.from_file(str(MAIN), default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def go_to(page: AppTest, url_path: str) -> None:
    """Follow a link of the menu, which empties the address's query."""
    page.query_params.clear()
    pages = page._registered_pages.items()
    (page._page_hash,) = [key for key, info in pages if info.get("url_pathname") == url_path]
    page.run()
    assert not page.exception


def session_of(page: AppTest) -> Session:
    """Return the run of this browser."""
    session = shared_engine().find(page.session_state["token"])
    assert session is not None
    return session


def at_rest(session: Session) -> Session:
    """Return a run once its first weights are evaluated: the worker's copy takes their place."""
    wait_for(lambda: session.evaluation is not None)
    return session


def show_data_page() -> None:
    from ui.data_page import data_page

    data_page()


def open_data_page() -> AppTest:
    """Open the Data page by itself."""
    page = AppTest.from_function(show_data_page, default_timeout=60).run()
    assert not page.exception
    return page
