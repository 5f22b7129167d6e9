"""An earlier step on screen: what is taken home is of that step, and the page says so."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.persist import read_run
from softmax_core.service import Session, Status, shared_engine
from tests.pages.opening import lab, session_of
from tests.waiting import wait_for


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], Any]]:
    """The downloads on the page by their labels."""
    offered: dict[str, Callable[[], Any]] = {}

    def download_button(label: str, content: Callable[[], Any], *_: object, **__: object) -> None:
        offered[label] = content

    monkeypatch.setattr("streamlit.download_button", download_button)
    return offered


def trained() -> tuple[AppTest, Session]:
    page = lab(speed="full", dataset="digits")
    session = session_of(page)
    page.button(key="epoch").click().run()
    wait_for(lambda: session.status is not Status.RUNNING and not session.in_flight)
    page.run()
    return page, session


def says_step(page: AppTest, step: int) -> bool:
    return any(f"those of step {step}" in caption.value for caption in page.caption)


def test_run_and_weights_are_saved_as_they_are_on_screen(
    downloads: dict[str, Callable[[], Any]],
) -> None:
    page, session = trained()
    newest, engine = session.state, shared_engine()
    assert not says_step(page, newest.step)
    assert read_run(downloads["Save run"]()).state.step == newest.step
    pictures = downloads["Weights (SVG)"]()
    assert f"after step {newest.step}".encode() in pictures
    engine.look_at(session, 4)
    page.run()
    assert not page.exception
    assert says_step(page, 4)
    shown = engine.view(session).shown
    saved = read_run(downloads["Save run"]())
    assert saved.state.step == 4
    for name, array in shown.params.items():
        np.testing.assert_array_equal(saved.state.params[name], array)
        file = io.BytesIO(downloads[f"{name}.npy"]())
        np.testing.assert_array_equal(np.load(file).reshape(array.shape), array)
    assert b"after step 4" in downloads["Weights (SVG)"]()
    engine.look_at(session, None)
    page.run()
    assert not says_step(page, 4)
    assert read_run(downloads["Save run"]()).state.step == newest.step


def test_a_run_that_was_saved_at_an_earlier_step_goes_on_as_it_did(
    downloads: dict[str, Callable[[], Any]],
) -> None:
    page, session = trained()
    newest, engine = session.state, shared_engine()
    engine.look_at(session, 8)
    saved = read_run(downloads["Save run"]())
    other = engine.open(saved.config)
    engine.load(other, saved.config, saved.state)
    engine.steps(other, newest.step - 8)
    wait_for(lambda: other.status is not Status.RUNNING and not other.in_flight)
    assert other.state.step == newest.step
    for name, array in newest.params.items():
        np.testing.assert_array_equal(other.state.params[name], array)
    assert not page.exception
