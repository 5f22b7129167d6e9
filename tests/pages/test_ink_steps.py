"""How a drawing becomes the picture: its steps in order, and the lesson of the mere shrinking."""

from __future__ import annotations

import numpy as np
import pytest

from softmax_core.service import shared_engine
from tests.pages.drawn_digits import SEVEN, drawn
from tests.pages.frames import frame_of
from tests.pages.opening import lab, session_of

STEPS = {
    "mnist-5k": ["Your canvas", "Ink", "Crop", "Scale", "Centre"],
    "mnist-5k-upright": ["Your canvas", "Ink", "Crop", "No slant", "Scale", "Spread and centre"],
    "digits": ["Your canvas", "Ink", "Crop", "Count", "What is read"],
}


@pytest.mark.parametrize("dataset", STEPS)
def test_the_steps_stand_in_order_and_both_pictures_are_read(dataset: str) -> None:
    page = lab(data=dataset)
    assert page.button(key="ink_steps").disabled
    session = session_of(page)
    shared_engine().set_drawing(session, drawn(SEVEN), live=True)
    page.run()
    page.button(key="ink_steps").click().run()
    assert not page.exception
    text = [element.value for element in page.markdown]
    wanted = [f"**{i}. {title}**" for i, title in enumerate(STEPS[dataset], 1)]
    assert [value for value in text if value in wanted] == wanted
    assert len(page.get("image") or page.get("imgs")) == len(wanted) + 2
    read = [value for value in text if value.startswith("Read as")]
    assert len(read) == 2
    frame = frame_of(session)
    assert read[0].startswith(f"Read as **{frame['class_names'][frame['prediction']]}**")


def test_what_is_odd_about_a_drawing_is_said_and_nothing_of_one_that_is_well() -> None:
    session = session_of(lab())
    assert frame_of(session)["remark"] == ""
    engine = shared_engine()
    engine.set_drawing(session, drawn(SEVEN), live=True)
    assert frame_of(session)["remark"] == ""
    engine.set_drawing(session, drawn(((140, 140), (141, 141))), live=True)
    assert "dot" in frame_of(session)["remark"]
    engine.set_drawing(session, drawn(((140, 40), (140, 279))), live=True)
    assert "edge of the canvas" in frame_of(session)["remark"]
    engine.set_test_picture(session, 3)
    assert frame_of(session)["remark"] == ""


def test_a_drawing_wiped_out_meanwhile_is_explained() -> None:
    page = lab()
    session = session_of(page)
    faint = np.zeros((56, 56), np.uint8)
    faint[20:30, 20:30] = 10  # dust: there is a drawing, and no ink in it
    shared_engine().set_drawing(session, faint, live=True)
    page.run()
    page.button(key="ink_steps").click().run()
    assert not page.exception
    assert any("no ink to show" in info.value for info in page.info)
