"""Weights of an earlier step on the Lab: said in words, and left again by a button."""

from __future__ import annotations

from softmax_core.service import Status, shared_engine
from tests.pages.frames import frame_of
from tests.pages.opening import lab, session_of
from tests.waiting import wait_for


def test_the_lab_says_whose_weights_are_shown_and_follows_the_run_again() -> None:
    page = lab(speed="full")
    session, engine = session_of(page), shared_engine()
    page.button(key="epoch").click().run()
    wait_for(lambda: session.status is not Status.RUNNING)
    page.run()
    assert not [button for button in page.button if button.key == "follow_run"]
    engine.look_at(session, 4)
    page.run()
    assert any("weights of step 4" in element.value for element in page.markdown)
    frame = frame_of(session)
    assert (frame["pinned"], frame["shown_step"], frame["step"]) == (True, 4, 32)
    page.button(key="follow_run").click().run()
    assert not page.exception
    assert not any("weights of step" in element.value for element in page.markdown)
    frame = frame_of(session)
    assert (frame["pinned"], frame["shown_step"]) == (False, 32)
