"""The narrator in the frame and in saved figures: sentences of the run that is shown, in time."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from softmax_core.service import Session, Status, shared_engine
from softmax_core.training import TrainingConfig
from softmax_core.training.edge import measure_edge
from softmax_core.training.narrator import narrate
from tests.pages.frames import frame_of
from tests.pages.opening import lab, session_of
from tests.waiting import wait_for
from ui.files import _curves
from ui.live import story
from ui.live.frame import encode_frame
from ui.live.story import Told, story_of, tell, told_of

FULL = 99_999


def run_of(config: TrainingConfig, steps: int) -> Session:
    engine = shared_engine()
    session = engine.open(config)
    wait_for(lambda: not session.in_flight)
    if steps:
        engine.steps(session, steps)
        wait_for(lambda: session.status is not Status.RUNNING and not session.in_flight)
    return session


def measured(session: Session) -> None:
    """Have the edge measured until nothing is left to be measured."""
    engine = shared_engine()

    def done() -> bool:
        engine.watch_edge(session)
        newest = session.edge.newest
        return newest is not None and newest.is_of(session.state.params, session.config)

    wait_for(done)


def test_a_run_that_bounces_is_told_with_the_edge_that_was_measured() -> None:
    config = TrainingConfig(dataset="digits", init="zero", batch_size=FULL, learning_rate=7.0)
    session = run_of(config, 0)
    measured(session)
    first = shared_engine().view(session).first_edge
    assert first == pytest.approx(measure_edge(config, session.state.params).rate)
    shared_engine().steps(session, 60)
    wait_for(lambda: session.status is not Status.RUNNING and not session.in_flight)
    measured(session)
    told = told_of(session)
    losses = session.history.curve().mean.astype(float)
    assert told.kinds[0] == "bouncing"
    rises, of, rate, times, edge = (float(n) for n in re.findall(r"\d+(?:\.\d+)?", told.text)[:5])
    assert rises == np.count_nonzero(np.diff(losses[-60:]) > 0)
    assert of == 59
    newest = shared_engine().view(session).newest_edge
    assert any(edge == pytest.approx(known, rel=0.01) for known in (first, newest))
    assert rate == 7
    assert times == pytest.approx(7 / edge, rel=0.05)


def test_below_the_edge_nothing_of_the_kind_is_said() -> None:
    config = TrainingConfig(dataset="digits", init="zero", batch_size=FULL, learning_rate=0.3)
    session = run_of(config, 60)
    measured(session)
    told = told_of(session)
    assert not {"bouncing", "overshot"} & set(told.kinds)
    assert "edge" not in told.text
    assert told.text == narrate(story_of(shared_engine().view(session)))


def test_the_story_is_that_of_the_newest_weights_whatever_is_looked_at() -> None:
    session = run_of(TrainingConfig(dataset="digits"), 40)
    shared_engine().look_at(session, 4)
    view = shared_engine().view(session)
    whole = story_of(view)
    assert (whole.kept_step, whole.n_steps) == (40, 40)
    assert whole.n_samples == session.n_samples
    assert whole.config == session.config


def test_an_edge_of_other_settings_than_those_of_the_curve_is_not_named() -> None:
    config = TrainingConfig(dataset="digits", init="zero", batch_size=FULL, learning_rate=7.0)
    session = run_of(config, 20)
    shared_engine().configure(session, replace(config, momentum=0.9))
    measured(session)
    whole = story_of(shared_engine().view(session))
    assert whole.edge is None
    assert whole.first_edge is None
    assert whole.config.momentum == 0


def test_a_model_that_has_seen_the_test_set_is_not_praised_for_it() -> None:
    trained = TrainingConfig(dataset="mnist-5k-upright", init="trained")
    assert not story_of(shared_engine().view(run_of(trained, 1))).has_test
    assert "test" not in tell(shared_engine().view(run_of(trained, 1))).text


def test_while_it_trains_the_words_stay_long_enough_to_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = run_of(TrainingConfig(dataset="digits"), 20)
    now = [100.0]
    monkeypatch.setattr(story, "monotonic", lambda: now[0])
    monkeypatch.setattr(story, "tell", lambda _view: Told(f"at {now[0]}", ()))
    session.status = Status.RUNNING
    assert told_of(session).text == "at 100.0"
    now[0] = 101.9
    session.changed()
    assert told_of(session).text == "at 100.0"
    now[0] = 102.1
    session.changed()
    assert told_of(session).text == "at 102.1"
    now[0] = 102.2
    session.settle(Status.IDLE)
    assert told_of(session).text == "at 102.2"  # at rest the last word is said at once
    now[0] = 110.0
    assert told_of(session).text == "at 102.2"


def test_a_frame_carries_what_is_told_and_the_numbers_of_the_strips() -> None:
    session = run_of(TrainingConfig(dataset="digits", init="small-normal"), 30)
    measured(session)
    frame = frame_of(session)
    view = shared_engine().view(session)
    np.testing.assert_array_equal(frame["curve_norm"], view.curve.gradient_norm)
    np.testing.assert_array_equal(frame["curve_rate"], view.curve.learning_rate)
    np.testing.assert_allclose(frame["edge_rate"], view.edges.values)
    np.testing.assert_allclose(frame["ratio"], view.ratios.values)
    assert frame["edge"] == view.edge
    assert (frame["has_edge"], frame["edge_flat"]) == (True, False)
    told = tell(view)
    assert told.text.encode() in encode_frame(view, told)


def test_saved_curves_have_the_narrators_words_as_their_caption() -> None:
    page = lab()
    session = session_of(page)
    page.button(key="epoch").click().run()
    wait_for(lambda: session.status is not Status.RUNNING and not session.in_flight)
    told = tell(shared_engine().view(session))
    svg = str(_curves(session, "svg"), "utf-8") if session else ""
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", svg))
    assert told.text[:40] in words
    for sentence in told.text.split(". "):
        assert all(word in words for word in sentence.split())
