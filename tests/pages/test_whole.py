"""A click that is cut short by the next one is done as a whole all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException

from softmax_core.training.recipes import RECIPES
from tests.pages.opening import go_to, lab, session_of
from tests.pages.recipe_sections import section
from ui import state
from ui.whole import whole


def cut_once(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function so that its first call ends as Streamlit ends it for another click."""
    calls = list[object]()

    def cut(*args: object) -> Any:
        calls.append(args)
        if len(calls) == 1:
            raise RerunException(RerunData())
        return function(*args)

    return cut


def test_it_is_done_from_the_start_and_then_the_other_click_has_its_turn() -> None:
    done: list[str] = []
    last = cut_once(done.append)

    def callback(text: str) -> None:
        done.append("begun")
        last(text)

    with pytest.raises(RerunException):
        whole(callback)("ended")
    assert done == ["begun", "begun", "ended"]


def test_what_nobody_cuts_short_is_done_once() -> None:
    done: list[str] = []
    whole(done.append)("once")
    assert done == ["once"]


def test_a_recipe_is_loaded_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    page = lab()
    go_to(page, "recipes")
    page.selectbox(key="shown_recipe").set_value("blobs").run()
    page.radio(key="shown_version_blobs").set_value("averaged").run()
    page.button(key="load_recipe").click().run()
    page.radio(key="shown_version_blobs").set_value("as published").run()
    monkeypatch.setattr(state, "remember_recipe", cut_once(state.remember_recipe))
    page.button(key="load_recipe").click().run()
    assert session_of(page).config == RECIPES["blobs"].versions[0].config
    assert page.session_state["loaded_recipe"] == ("blobs", "as published")


def test_a_switch_is_turned_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    page = section("Break it safely")
    monkeypatch.setattr(state, "remember_aside", cut_once(state.remember_aside))
    page.toggle(key="break_softmax").set_value(True).run()
    assert (session_of(page).config.softmax, session_of(page).config.pixels) == ("naive", "raw")
