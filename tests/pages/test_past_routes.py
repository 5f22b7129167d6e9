"""The time machine as a browser asks for it: what is shown is what was, and goes on as it did."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageSequence
from sklearn.metrics import accuracy_score, log_loss
from starlette.responses import Response

from softmax_core.data.store import open_dataset
from softmax_core.limits import MAX_BATCH_LISTED, MAX_REPLAYED_SAMPLES
from softmax_core.service import Session, Status, shared_engine
from softmax_core.service.film import FEWEST
from softmax_core.training import Samples, TrainingConfig, evaluate
from softmax_core.training.layered import network_of
from tests.packed import unpacked
from tests.pages.frames import frame_of
from tests.pages.route_calls import call
from tests.waiting import wait_for
from ui.live import batch_job, mistakes_routes, past_routes

DIGITS = TrainingConfig(dataset="digits")
MLP = TrainingConfig(dataset="digits", network="mlp", hidden_units=12, momentum=0.9)
FIGURES = ("train_loss", "train_accuracy", "test_loss", "test_accuracy")


def rests(session: Session) -> bool:
    newest = session.evaluation
    measured = newest is not None and newest.step == session.state.step
    return session.status is not Status.RUNNING and not session.in_flight and measured


def trained(config: TrainingConfig = DIGITS, n_steps: int = 80) -> Session:
    session = shared_engine().open(config)
    more(session, n_steps)
    return session


def more(session: Session, n_steps: int) -> None:
    shared_engine().steps(session, n_steps)
    wait_for(partial(rests, session))


def asked(route: Callable[..., Any], session: Session, **query: Any) -> Response:
    """Ask until the answer is there."""
    answers: list[Response] = []

    def is_there() -> bool:
        answers.append(call(route, t=session.token, **query))
        return answers[-1].status_code != 202

    wait_for(is_there)
    return answers[-1]


def batch(session: Session, step: int) -> dict[str, Any]:
    """Return the batch of a step: header and arrays in one."""
    response = asked(past_routes.batch, session, s=step)
    assert response.status_code == 200
    return unpacked(response.body).whole


def error(response: Response) -> str:
    assert response.status_code == 409
    text: str = json.loads(bytes(response.body))["error"]
    return text


@pytest.mark.parametrize("config", [DIGITS, MLP])
def test_a_step_that_is_looked_at_has_the_figures_of_the_curve_and_of_its_own_weights(
    config: TrainingConfig,
) -> None:
    session = trained(config)
    dataset = open_dataset("digits")
    steps = frame_of(session)["snapshot_steps"]
    assert {0, 1, 2, 4, 8, 16, 32, 64, 80} <= set(steps)
    for step in steps:
        assert call(mistakes_routes.look, t=session.token, s=step).status_code == 204
        frame = frame_of(session)
        assert (frame["pinned"], frame["shown_step"], frame["step"]) == (True, step, 80)
        (at,) = np.flatnonzero(frame["eval_step"] == step)
        for name in ("test_loss", "test_accuracy"):
            assert np.float32(frame[f"shown_{name}"]) == frame[f"eval_{name}"][at]
        # Once more from its weights alone, in double precision and by somebody else's code.
        params = shared_engine().view(session).shown.params
        for part in ("train", "test"):
            X = getattr(dataset, f"{part}_images").astype(np.float64) / 255
            labels = getattr(dataset, f"{part}_labels")
            if config.network == "mlp":
                X = np.maximum(X @ params["W1"] + params["b1"], 0)
            W, b = (params[name + ("2" if config.network == "mlp" else "")] for name in "Wb")
            logits = X @ W.astype(np.float64) + b
            exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
            probabilities = exponentials / exponentials.sum(axis=1, keepdims=True)
            loss = log_loss(labels, probabilities, labels=range(10))
            assert frame[f"shown_{part}_loss"] == pytest.approx(loss, rel=1e-5)
            accuracy = accuracy_score(labels, logits.argmax(axis=1))
            assert frame[f"shown_{part}_accuracy"] == accuracy
            samples = Samples(getattr(dataset, f"{part}_images"), labels)
            exactly = evaluate(network_of(config, params), params, samples, config)
            assert (frame[f"shown_{part}_loss"], frame[f"shown_{part}_accuracy"]) == exactly


def test_going_on_from_a_step_makes_the_same_future_again() -> None:
    session = trained(MLP)
    first, params = frame_of(session), session.state.params
    call(mistakes_routes.look, t=session.token, s=16)
    assert call(past_routes.go_on, t=session.token, s=16).status_code == 204
    frame = frame_of(session)
    assert (frame["step"], frame["pinned"], frame["status"]) == (16, False, "idle")
    assert frame["snapshot_steps"] == [0, 1, 2, 4, 8, 16]
    more(session, 64)
    again = frame_of(session)
    for name in ("curve_step", "curve_mean", "curve_min", "curve_max", "curve_accuracy", "weights"):
        np.testing.assert_array_equal(again[name], first[name])
    for name in FIGURES:
        assert again[name] == first[name]
    for name, array in params.items():
        np.testing.assert_array_equal(session.state.params[name], array)


def test_only_a_step_that_is_kept_can_be_gone_on_from() -> None:
    session = trained()
    for query in ({"s": 3}, {"s": "x"}, {}):
        assert "not kept" in error(call(past_routes.go_on, t=session.token, **query))
    assert session.state.step == 80
    for route in (past_routes.go_on, past_routes.batch, past_routes.film, past_routes.cancel):
        assert call(route, t="nobody", s=1).status_code == 410


@pytest.mark.parametrize("config", [DIGITS, MLP])
def test_the_batch_of_a_step_is_the_point_of_the_curve(config: TrainingConfig) -> None:
    session = trained(config)
    frame = frame_of(session)
    for step in (1, 50, 79):
        found = batch(session, step)
        assert (found["step"], found["first"], found["last"]) == (step, step, step)
        assert np.float32(found["loss"]) == frame["curve_mean"][step - 1]
        assert found["adds_up"]
        assert f"{found['mean']:.3f}" == f"{frame['curve_mean'][step - 1]:.3f}"
        assert found["losses"].mean() == pytest.approx(found["mean"], rel=1e-5)
        right = np.count_nonzero(found["labels"] == found["predictions"])
        assert right == found["right"]
        assert np.float32(right / found["n"]) == frame["curve_accuracy"][step - 1]
        assert found["images"].shape == (found["n"], 64)


def test_of_a_large_batch_only_the_highest_losses_are_sent_and_points_as_they_are() -> None:
    session = trained(TrainingConfig(dataset="digits", batch_size=1_000), 5)
    found = batch(session, 5)
    assert found["n"] > len(found["losses"]) == MAX_BATCH_LISTED
    assert found["losses"].mean() > found["mean"]
    session = trained(TrainingConfig(dataset="blobs"), 5)
    found = batch(session, 3)
    assert not found["pictures"]
    assert found["images"].dtype == np.float32
    assert found["images"].shape[1] == 2


def test_a_batch_that_cannot_be_had_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    session = trained()
    assert "has not been made" in error(call(past_routes.batch, t=session.token, s=81))
    assert "has not been made" in error(call(past_routes.batch, t=session.token))
    assert MAX_REPLAYED_SAMPLES > 80 * 128
    monkeypatch.setattr(batch_job, "MAX_REPLAYED_SAMPLES", 500)
    assert "too many" in error(call(past_routes.batch, t=session.token, s=60))


def test_a_batch_of_steps_that_were_made_anew_is_that_of_the_new_ones() -> None:
    session = trained()
    before = batch(session, 70)
    shared_engine().go_on_from(session, 64)
    shared_engine().configure(session, TrainingConfig(dataset="digits", learning_rate=0.9))
    more(session, 16)
    after = batch(session, 70)
    assert after["loss"] != before["loss"]
    assert np.float32(after["loss"]) == frame_of(session)["curve_mean"][69]


def test_the_film_has_a_picture_for_each_step_that_is_kept() -> None:
    session = trained(n_steps=40)
    first = call(past_routes.film, t=session.token)
    n_stills = len(frame_of(session)["snapshot_steps"])
    assert first.status_code == 202
    assert json.loads(bytes(first.body)) == {"done": 0, "of": n_stills}
    response = asked(past_routes.film, session)
    assert response.status_code == 200
    assert 'filename="run-40-steps.gif"' in response.headers["Content-Disposition"]
    with Image.open(BytesIO(bytes(response.body)), formats=("GIF",)) as film:
        assert len(list(ImageSequence.Iterator(film))) == n_stills
    assert call(past_routes.film, t=session.token).status_code == 202  # a new one


def test_a_film_that_is_cancelled_is_begun_anew() -> None:
    session = trained(n_steps=40)

    def some_are_done() -> bool:
        done: int = json.loads(bytes(call(past_routes.film, t=session.token).body))["done"]
        return done >= FEWEST

    wait_for(some_are_done)
    assert call(past_routes.cancel, t=session.token).status_code == 204
    assert json.loads(bytes(call(past_routes.film, t=session.token).body))["done"] == 0


def test_without_a_second_step_there_is_no_film() -> None:
    session = shared_engine().open(DIGITS)
    wait_for(partial(rests, session))
    assert "train first" in error(call(past_routes.film, t=session.token))


def test_points_have_a_film_too() -> None:
    session = trained(TrainingConfig(dataset="blobs"), 4)
    response = asked(past_routes.film, session)
    assert response.status_code == 200
    assert bytes(response.body).startswith(b"GIF89a")
