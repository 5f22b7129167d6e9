"""Teach it: a drawing joins the training pictures, and is read better for it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from softmax_core import limits
from softmax_core.data.ink import ink_to_digit
from softmax_core.data.pictures import read_picture
from softmax_core.service import Session, Status, shared_engine
from softmax_core.training.taught import Taught
from tests.pages.drawn_digits import FOUR, SEVEN, drawn
from tests.pages.frames import frame_of
from tests.pages.opening import lab, session_of
from tests.waiting import wait_for
from ui.live.reading import score
from ui.taught import STEPS, drawings_zip, forget

pytestmark = pytest.mark.usefixtures("no_mnist")
WAVED = ((60, 110), (90, 60), (140, 100), (210, 50), (190, 140), (205, 235))


def opened(*strokes: tuple[tuple[int, int], ...], **query: str) -> tuple[AppTest, Session]:
    """Open the Lab and draw."""
    page = lab(**{"speed": "full", **query})
    session = session_of(page)
    draw(session, *strokes)
    page.run()
    return page, session


def draw(session: Session, *strokes: tuple[tuple[int, int], ...]) -> None:
    shared_engine().set_drawing(session, drawn(*strokes), live=True)


def teach(page: AppTest, label: int) -> None:
    page.button_group(key="teach_label").set_value(label).run()
    page.button(key="teach_add").click().run()
    assert not page.exception


def at_rest(session: Session) -> None:
    wait_for(lambda: session.status is not Status.RUNNING)


def test_a_drawing_that_is_taught_is_read_with_a_higher_probability() -> None:
    """A seven with a wave for a bar, which the trained model reads with doubt at the most."""
    page, session = opened(WAVED, data="mnist-5k-upright", init="trained", network="mlp")
    before = frame_of(session)
    assert before["taught"] == []
    was = float(before["probabilities"][7])
    assert was < 0.5
    teach(page, 7)
    at_rest(session)
    after = frame_of(session)
    assert session.state.step == STEPS
    (taught,) = after["taught"]
    assert taught["name"] == "7"
    assert taught["now"] == pytest.approx(float(after["probabilities"][7]), abs=1e-6)
    assert taught["now"] > was + 0.3
    assert after["taught_digits"].tobytes() == after["digit"].tobytes()
    assert taught["read_as"] == after["class_names"][after["prediction"]]
    teach(page, 7)  # again: no second copy, more steps
    at_rest(session)
    assert len(session.config.taught) == 1
    assert session.state.step == 2 * STEPS
    assert frame_of(session)["taught"][0]["now"] > taught["now"]


def test_a_second_thought_takes_the_first_ones_place_and_removing_leaves_the_rest() -> None:
    page, session = opened(SEVEN)
    teach(page, 1)
    teach(page, 7)
    draw(session, FOUR)
    page.run()
    teach(page, 4)
    at_rest(session)
    frame = frame_of(session)
    assert [taught["name"] for taught in frame["taught"]] == ["7", "4"]
    forget(session, frame["taught"][0]["id"])
    assert [taught["name"] for taught in frame_of(session)["taught"]] == ["4"]
    forget(session, "no such drawing")
    assert len(session.config.taught) == 1
    assert session.n_samples > 4_000


def test_a_run_in_training_goes_on_with_the_drawing() -> None:
    page, session = opened(SEVEN, epochs="500")
    page.button(key="train").click().run()
    teach(page, 7)
    step = session.state.step
    wait_for(lambda: session.state.step > step + 3 * STEPS)
    assert session.status is Status.RUNNING
    assert session.config.taught


def test_it_asks_for_a_drawing_and_for_its_class_first() -> None:
    page = lab()
    assert page.button(key="teach_add").disabled
    assert "Draw a digit first." in [caption.value for caption in page.caption]
    draw(session_of(page), SEVEN)
    page.run()
    assert page.button(key="teach_add").disabled
    page.button_group(key="teach_label").set_value(7).run()
    assert not page.button(key="teach_add").disabled


def test_a_full_shelf_takes_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    page, session = opened(SEVEN)
    many = tuple(Taught(0, bytes([i, *bytes(783)])) for i in range(limits.MAX_TAUGHT))
    shared_engine().configure(session, replace(session.config, taught=many))
    page.button_group(key="teach_label").set_value(7).run()
    assert page.button(key="teach_add").disabled
    assert any("20 drawings" in caption.value for caption in page.caption)


def test_drawings_go_along_to_another_data_set_made_anew_from_their_ink() -> None:
    page, session = opened(SEVEN)
    teach(page, 7)
    at_rest(session)
    page.selectbox(key="setting_dataset").set_value("digits").run()
    assert not page.exception
    assert not page.warning
    small = ink_to_digit(drawn(SEVEN), (8, 8))
    assert small is not None
    assert session.config.taught == (Taught(7, small.tobytes()),)
    page.button(key="load_trained").click().run()
    upright = ink_to_digit(drawn(SEVEN), (28, 28), upright=True)
    assert upright is not None
    assert session.config.taught == (Taught(7, upright.tobytes()),)
    page.selectbox(key="setting_dataset").set_value("blobs").run()
    assert not page.exception
    assert shared_engine().view(session).config.taught == ()
    assert any("1 of the drawings" in toast.value for toast in page.toast)


def test_a_drawing_of_unknown_ink_goes_along_only_to_pictures_made_alike() -> None:
    page, session = opened()
    stranger = Taught(3, bytes(range(196)) * 4)
    shared_engine().configure(session, replace(session.config, taught=(stranger,)))
    page.selectbox(key="setting_dataset").set_value("mnist-5k-upright").run()
    assert session.config.taught == ()


def test_the_drawings_taken_home_are_pictures_that_read_the_same() -> None:
    page, session = opened(SEVEN)
    teach(page, 7)
    at_rest(session)
    scored = score(shared_engine().view(session))
    assert scored is not None
    with zipfile.ZipFile(io.BytesIO(drawings_zip(session))) as archive:
        assert archive.namelist() == ["drawing-01-class-7.png"]
        picture = read_picture(archive.read("drawing-01-class-7.png"))
    again = ink_to_digit(picture)
    assert again is not None
    apart = np.abs(again.astype(int) - scored.digit).mean()
    assert apart < 5  # of 255


def test_weights_that_were_looked_at_are_left_for_the_newest() -> None:
    page, session = opened(SEVEN)
    page.button(key="epoch").click().run()
    at_rest(session)
    shared_engine().look_at(session, 0)
    teach(page, 7)
    assert not shared_engine().view(session).pinned
