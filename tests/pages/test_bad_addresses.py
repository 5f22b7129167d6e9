"""Addresses from strangers: what cannot be used is left out with one notice, the rest serves."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.training import TrainingConfig
from tests.digest import digest
from tests.pages.opening import MAIN, at_rest, lab, session_of
from tests.zoo.addresses import ADDRESSES, LANES, Address, Query
from tests.zoo.case import assert_clear
from ui.address import read_settings
from ui.race.address import read_lanes


def at(query: Query, page_name: str = "") -> AppTest:
    """Open the app at an address as a browser does."""
    page = AppTest.from_file(str(MAIN), default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    if page_name:
        page.run()
        pages = page._registered_pages.items()
        (page._page_hash,) = [h for h, info in pages if info.get("url_pathname") == page_name]
        for name, value in query.items():
            page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def read(query: Query) -> list[str]:
    plain = {n: v if isinstance(v, str) else v[-1] for n, v in query.items()}
    repeated = {n for n, v in query.items() if not isinstance(v, str) and len(v) > 1}
    found = read_settings(plain, repeated)
    if "network" not in query or query["network"] != "relu-softmax":
        assert found.config == TrainingConfig()
    return found.notices


@pytest.mark.parametrize("name", ADDRESSES)
def test_of_none_of_them_anything_is_used(name: str) -> None:
    (notice,) = read(ADDRESSES[name].query)
    assert_clear(notice, ADDRESSES[name].words)


@pytest.mark.parametrize("name", ["a rate twice", "markup", "another version", "a zero byte"])
def test_on_the_page_it_is_one_toast_and_the_usual_run(name: str) -> None:
    usual = session_of(lab())
    before = digest(at_rest(usual))
    case: Address = ADDRESSES[name]
    page = at(case.query)
    (toast,) = [element.value for element in page.toast]
    assert_clear(toast, case.words)
    assert digest(at_rest(session_of(page))) == before
    assert dict(page.query_params) == {}
    page.run()
    assert not page.toast


def test_what_can_be_used_is_used_beside_what_cannot() -> None:
    found = read_settings({"lr": "0.5", "batch": "x", "v": "7", "seed": "3", "unknown": "<b>"})
    assert found.config == TrainingConfig(learning_rate=0.5, seed=3)
    assert len(found.notices) == 1


def test_this_version_and_unknown_names_are_no_news() -> None:
    assert read_settings({"v": "1", "utm_source": "mail", "embed": "true"}).notices == []


@pytest.mark.parametrize("name", LANES)
def test_of_none_of_these_lanes_can_be_raced(name: str) -> None:
    assert read_lanes({"race": LANES[name]}, TrainingConfig(epochs=3)) is None


def test_the_page_race_says_so_and_begins_with_its_usual_lanes() -> None:
    page = at({"race": LANES["markup"]}, "race")
    (toast,) = [element.value for element in page.toast]
    assert_clear(toast, "lanes that the address asks for cannot be raced", kept=False)
    assert page.session_state["race_setup"].field == "learning_rate"
