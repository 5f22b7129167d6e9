"""What the page Race is told: every lane's place, curves, weights and reading; nothing twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.figures import lane_means
from softmax_core.service import Race, shared_engine
from softmax_core.training import TrainingConfig
from tests.pages.race_calls import ask, frame_of, wait_for_rest

BASE = TrainingConfig(dataset="digits", batch_size=32, epochs=2)
RATES = (0.01, 0.1, 0.5)
N = 1437


def opened(*configs: TrainingConfig) -> Race:
    race = shared_engine().open_race(configs, shared_engine().open(BASE))
    wait_for_rest(race)
    return race


def raced(*configs: TrainingConfig) -> Race:
    race = opened(*configs)
    shared_engine().start_race(race)
    wait_for_rest(race)
    return race


def rates() -> list[TrainingConfig]:
    return [replace(BASE, learning_rate=rate) for rate in RATES]


def test_a_race_at_its_start_has_no_curves_and_a_first_measurement() -> None:
    frame = frame_of(opened(*rates()))
    assert [lane["name"] for lane in frame["lanes"]] == ["0.01", "0.1", "0.5"]
    assert (frame["status"], frame["examples_seen"], frame["n_samples"]) == ("idle", 0, N)
    assert frame["examples_target"] == 2 * N
    assert len(frame["loss_0"]) == 0
    assert len({lane["test_accuracy"] for lane in frame["lanes"]}) == 1
    assert frame["sentence"] == "No step has been made yet: all lanes stand at the start."


def test_curves_are_those_of_the_engine_averaged_over_as_many_examples() -> None:
    race = raced(*rates(), replace(BASE, batch_size=256))
    frame = frame_of(race)
    view = shared_engine().race_view(race)
    assert frame["loss_examples"] == 640
    for index, lane in enumerate(view.lanes):
        means = lane_means(lane.curve.step, lane.curve.mean, lane.batch_size, 640)
        np.testing.assert_allclose(frame[f"loss_{index}"], means, rtol=1e-6)
        assert frame[f"seen_{index}"][-1] == 2 * N
        assert frame[f"step_{index}"][-1] == lane.state.step == frame["lanes"][index]["step"]
        assert frame[f"test_seen_{index}"][-1] == 2 * N
        newest = lane.evaluations[-1]
        assert frame[f"test_{index}"][-1] == pytest.approx(newest.test_accuracy)
        assert frame["lanes"][index]["test_accuracy"] == newest.test_accuracy
        assert frame["lanes"][index]["train_loss"] == newest.train_loss


def test_a_long_curve_is_thinned_and_keeps_both_ends() -> None:
    race = raced(*(replace(config, batch_size=1) for config in rates()[:2]))
    frame = frame_of(race)
    assert len(frame["loss_0"]) == len(frame["seen_0"]) <= 240
    assert frame["seen_0"][-1] == 2 * N


def test_a_frame_that_the_asker_holds_is_not_sent_again() -> None:
    race = opened(*rates())
    tag = frame_of(race)["tag"]
    assert ask(race, e=tag).status_code == 204
    shared_engine().set_test_picture(race.session, 3)
    assert frame_of(race, e=tag)["has_drawing"]
    shared_engine().step_race(race)
    wait_for_rest(race)
    assert frame_of(race, e=tag)["examples_seen"] == 32
    shared_engine().drop_race(race)
    assert ask(race, e=tag).status_code == 410


def test_every_lane_reads_what_is_drawn_with_its_own_weights() -> None:
    race = raced(*rates())
    dataset = open_dataset("digits")
    for picture in range(12):
        shared_engine().set_test_picture(race.session, picture)
        frame = frame_of(race)
        X = dataset.test_images[picture].reshape(1, 64) / 255
        for lane, told in zip(race.lanes, frame["lanes"], strict=True):
            params = lane.state.params
            logits = (X @ params["W"] + params["b"])[0].astype(np.float64)
            shares = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
            assert told["prediction"] == int(shares.argmax())
            assert told["confidence"] == pytest.approx(shares.max(), abs=1e-5)
        np.testing.assert_array_equal(frame["digit"], dataset.test_images[picture].ravel())


def test_weights_come_with_their_limit_and_not_while_they_are_not_asked_for() -> None:
    race = raced(*rates())
    frame = frame_of(race)
    for index, lane in enumerate(race.lanes):
        W = lane.state.params["W"].astype(np.float64)
        limit = frame["lanes"][index]["weight_limit"]
        scaled = frame[f"weights_{index}"].reshape(10, 64).T * limit / 127
        assert limit == pytest.approx(np.abs(W).max(), rel=0.05)
        assert np.abs(scaled - np.clip(W, -limit, limit)).max() <= limit / 127
    engine = shared_engine()
    engine.configure_race(race, [replace(config, epochs=500) for config in rates()])
    engine.set_race_pace(race, 0.5)
    engine.start_race(race)
    assert "weights_0" not in frame_of(race)
    assert "weights_0" in frame_of(race, w=1)


def test_a_lane_that_had_to_stop_says_so_and_has_no_figures_of_its_lost_weights() -> None:
    race = raced(
        replace(BASE, learning_rate=0.01, l2=1.0), replace(BASE, learning_rate=10.0, l2=1.0)
    )
    frame = frame_of(race)
    fine, stopped = frame["lanes"]
    stop = race.lanes[1].state.stop
    assert stop is not None
    assert stopped["stop"].startswith(f"Training stopped at step {stop.step}: ")
    assert (stopped["step"], stopped["epoch"]) == (stop.step, None)
    assert (stopped["train_loss"], stopped["test_accuracy"]) == (None, None)
    assert (fine["stop"], fine["step"]) == ("", 90)
    assert frame["sentence"].endswith(f" 10 had to stop at step {stop.step}.")
    assert "10 " not in frame["sentence"].split("right on the test set:")[1].split(".")[0]
    assert frame["status"] == "finished"


def test_a_model_that_has_seen_the_test_pictures_has_no_test_accuracy() -> None:
    trained = TrainingConfig(init="trained", epochs=1)
    race = opened(trained, replace(trained, learning_rate=0.5))
    frame = frame_of(race)
    for index, lane in enumerate(frame["lanes"]):
        assert (lane["has_test"], lane["test_accuracy"]) == (False, None)
        assert np.isnan(frame[f"test_{index}"]).all()
