"""What the page Mistakes is told: the weights shown are judged, by a worker, once each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.limits import MAX_PICTURES_FETCHED
from softmax_core.service import Engine, Session, Status, shared_engine
from softmax_core.training import TrainingConfig
from tests.pages.mistakes_calls import ask_judged, judged, read
from tests.pages.route_calls import call
from tests.waiting import wait_for
from ui.live import mistakes_routes
from ui.live.judging import judged_now


def opened(config: TrainingConfig | None = None) -> Session:
    """Open a run and wait for its first evaluation."""
    session = shared_engine().open(config or TrainingConfig())
    wait_for(lambda: session.evaluation is not None)
    return session


def make_steps(session: Session, count: int) -> None:
    engine = shared_engine()
    step = session.state.step + count
    engine.steps(session, count)
    wait_for(lambda: session.state.step >= step and session.status is not Status.RUNNING)
    wait_for(lambda: session.evaluation is not None and session.evaluation.step == step)


def test_the_matrix_counts_the_test_set_and_its_diagonal_is_the_measured_accuracy() -> None:
    session = opened()
    for _ in range(2):
        answer = judged(session)
        evaluation = session.evaluation
        assert evaluation is not None
        header = answer.header
        assert header["step"] == header["shown_step"] == evaluation.step
        assert answer.counts.sum() == header["n"] == 1_000
        assert answer.counts.trace() == header["right"]
        assert header["right"] / header["n"] == evaluation.test_accuracy
        assert f"{header['right']:,} of 1,000 pictures are read right" in header["sentence"]
        make_steps(session, 20)


def test_a_worker_judges_and_the_asker_never_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    session = opened()
    asked: list[str] = []
    compute = Engine.compute

    def counted(engine: Engine, function: Callable[..., Any], *args: Any) -> object:
        asked.append(getattr(function, "__name__", ""))
        return compute(engine, function, *args)

    monkeypatch.setattr(Engine, "compute", counted)
    first = ask_judged(session)
    assert not first.header["judged"]
    assert first.header["stale"]
    assert "counts" not in first.arrays
    answer = judged(session)
    assert answer.header["judged"]
    for _ in range(3):
        judged(session)
    assert asked == ["judge_test_set"]  # one job for one state of the weights
    make_steps(session, 1)
    judged(session)
    assert asked == ["judge_test_set"] * 2


def test_nothing_is_sent_when_nothing_has_changed() -> None:
    session = opened()
    answer = judged(session)
    response = call(mistakes_routes.judged, t=session.token, e=answer.tag)
    assert (response.status_code, response.body) == (204, b"")
    make_steps(session, 1)
    response = call(mistakes_routes.judged, t=session.token, e=answer.tag)
    assert response.status_code == 200
    stale = read(response)
    assert stale.header["stale"]  # the old matrix stays, marked as of its own step
    assert stale.header["step"] == 0
    np.testing.assert_array_equal(stale.counts, answer.counts)
    again = call(mistakes_routes.judged, t=session.token, e=stale.tag)
    assert again.status_code in (200, 202)


def test_a_cell_lists_as_many_pictures_as_it_counts_the_surest_first() -> None:
    session = opened()
    make_steps(session, 10)
    counts = judged(session).counts
    labels = np.asarray(open_dataset("mnist-5k").test_labels)
    cells = [(4, 4), *(tuple(int(k) for k in cell) for cell in np.argwhere(counts > 0)[:30])]
    for true, predicted in cells:
        answer = judged(session, cell=f"{true}.{predicted}", n=2_000)
        assert answer.header["cell"] == [true, predicted]
        assert answer.header["n_listed"] == counts[true, predicted]
        indices = answer.arrays["listed_index"]
        assert len(indices) == len(set(indices.tolist())) == counts[true, predicted]
        assert set(labels[indices]) == {true}
        assert set(answer.arrays["listed_prediction"]) == {predicted}
        assert (np.diff(answer.arrays["listed_confidence"]) <= 0).all()


def test_without_a_cell_the_surest_mistakes_are_listed() -> None:
    session = opened()
    make_steps(session, 10)
    answer = judged(session, n=7)
    header, arrays = answer.header, answer.arrays
    assert header["n_listed"] == header["n"] - header["right"]
    assert len(arrays["listed_index"]) == 7
    assert (arrays["listed_label"] != arrays["listed_prediction"]).all()
    assert (np.diff(arrays["listed_confidence"]) <= 0).all()
    assert (arrays["listed_label_probability"] <= arrays["listed_confidence"]).all()


def test_pinned_the_matrix_stays_while_training_goes_on() -> None:
    session = opened()
    make_steps(session, 8)
    before = judged(session)
    assert call(mistakes_routes.look, t=session.token, s=8).status_code == 204
    make_steps(session, 40)
    pinned = judged(session)
    assert (pinned.header["pinned"], pinned.header["step"]) == (True, 8)
    assert pinned.header["newest_step"] == 48
    np.testing.assert_array_equal(pinned.counts, before.counts)
    assert call(mistakes_routes.look, t=session.token, s=0).status_code == 204
    start = judged(session)
    assert start.header["step"] == 0
    first = session.history.evaluations[0]
    assert start.header["right"] / start.header["n"] == first.test_accuracy
    assert call(mistakes_routes.look, t=session.token).status_code == 204
    followed = judged(session)
    assert (followed.header["pinned"], followed.header["step"]) == (False, 48)


def test_weights_that_were_operated_on_are_judged_anew_at_the_same_step() -> None:
    session = opened(TrainingConfig())
    make_steps(session, 30)
    before = judged(session)
    params = session.state.params
    swapped = {"W": params["W"][:, ::-1].copy(), "b": params["b"][::-1].copy()}
    shared_engine().edit(session, swapped, "swapped")
    after = judged(session)
    assert after.header["step"] == before.header["step"] == 30
    np.testing.assert_array_equal(after.counts, before.counts[:, ::-1])
    shared_engine().undo_edit(session)
    np.testing.assert_array_equal(judged(session).counts, before.counts)


def test_the_course_has_each_class_at_each_measured_step() -> None:
    session = opened()
    make_steps(session, 9)
    answer = judged(session, course=1)
    steps = answer.arrays["course_step"].tolist()
    assert steps == [e.step for e in session.history.evaluations]
    course = answer.arrays["course"].reshape(len(steps), 10)
    evaluation = session.evaluation
    assert evaluation is not None
    np.testing.assert_allclose(course[-1], evaluation.class_accuracies, rtol=1e-6)
    np.testing.assert_allclose(
        course[-1], answer.counts.diagonal() / answer.counts.sum(axis=1), rtol=1e-6
    )
    assert "course" not in judged(session).arrays


def test_pictures_are_those_of_the_test_set() -> None:
    session = opened()
    response = call(mistakes_routes.test_pictures, t=session.token, i="3,999,3")
    images = open_dataset("mnist-5k").test_images
    assert response.body == b"".join(np.asarray(images[i]).tobytes() for i in (3, 999, 3))
    many = ",".join(["1"] * (MAX_PICTURES_FETCHED + 1))
    for wrong in ("", "1000", "-1", "1,,2", "1e3", "²", many):
        response = call(mistakes_routes.test_pictures, t=session.token, i=wrong)
        assert response.status_code == 400


def test_averages_come_once_they_are_worked_out() -> None:
    session = opened()
    bodies: list[bytes] = []

    def come() -> bool:
        response = call(mistakes_routes.averages, t=session.token)
        bodies.append(bytes(response.body))
        return response.status_code == 200

    assert not come()
    wait_for(come)
    assert len(bodies[-1]) == 10 * 784
    dataset = open_dataset("mnist-5k")
    zeros = np.asarray(dataset.train_images)[np.asarray(dataset.train_labels) == 0]
    mean = np.frombuffer(bodies[-1], np.uint8)[:784]
    assert np.abs(mean - zeros.mean(axis=0)).max() <= 0.5 + 1e-9


def test_what_is_asked_for_wrongly_is_refused_or_passed_over() -> None:
    session = opened()
    for cell in ("4.10", "4", "a.b", "4.-1", "99.99"):
        assert judged(session, cell=cell).header["cell"] is None
    assert len(judged(session, n="x").arrays["listed_index"]) == 1
    for step in ("", "x", "-3", "1.5"):
        assert call(mistakes_routes.look, t=session.token, s=step).status_code == 400
    assert not shared_engine().view(session).pinned


def test_of_a_run_that_is_gone_every_route_says_so() -> None:
    routes = (
        mistakes_routes.judged,
        mistakes_routes.test_pictures,
        mistakes_routes.averages,
        mistakes_routes.look,
    )
    for route in routes:
        assert call(route, t="nobody").status_code == 410


def test_points_have_no_pictures() -> None:
    session = opened(TrainingConfig(dataset="blobs"))
    assert call(mistakes_routes.judged, t=session.token).status_code == 204
    assert call(mistakes_routes.averages, t=session.token).status_code == 204
    assert call(mistakes_routes.test_pictures, t=session.token, i="0").status_code == 400


def test_an_answer_is_a_few_kilobytes() -> None:
    session = opened()
    make_steps(session, 5)
    assert judged(session, n=24, course=1).size < 4_000


def test_pictures_the_model_learned_from_are_no_test() -> None:
    session = opened(TrainingConfig(dataset="mnist-5k-upright", init="trained"))
    header = judged(session).header
    assert header["seen"]
    assert "among those it learned from" in header["note"]
    assert not judged(opened()).header["seen"]


def test_the_saved_figure_is_of_the_weights_shown() -> None:
    session = opened()
    make_steps(session, 6)
    assert judged_now(session, 60).step == 6
    shared_engine().look_at(session, 0)
    np.testing.assert_array_equal(judged_now(session, 60).confusion.counts, judged(session).counts)
