"""Load trained model: digits are read from the first second, and no test figure flatters."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.data.catalogue import DATASETS
from softmax_core.persist import write_run
from softmax_core.service import Session, Status, shared_engine
from softmax_core.training import TrainingConfig
from softmax_core.training.config import INITIAL_WEIGHTS
from tests.pages.drawn_digits import FOUR, SEVEN, drawn
from tests.pages.frames import frame_of
from tests.pages.opening import lab, session_of
from tests.waiting import wait_for
from ui.trained_model import initial_weights_for

pytestmark = pytest.mark.usefixtures("no_mnist")
ASSETS = Path(__file__).resolve().parents[2] / "assets"
Downloads = dict[str, Callable[[], Any]]


def loaded(**query: str) -> AppTest:
    page = lab(**query)
    page.button(key="load_trained").click().run()
    assert not page.exception
    return page


def evaluated(session: Session) -> Session:
    wait_for(lambda: session.evaluation is not None)
    return session


@pytest.mark.parametrize("network", ["softmax", "mlp"])
def test_a_drawing_is_read_before_any_training(network: str) -> None:
    session = session_of(loaded(network=network))
    assert session.config == TrainingConfig("mnist-5k-upright", network, init="trained")
    for strokes, name in ((SEVEN, 7), (FOUR, 4)):
        shared_engine().set_drawing(session, drawn(strokes), live=True)
        frame = frame_of(session)
        assert frame["step"] == 0
        assert frame["prediction"] == name
        assert frame["confidence"] > 0.8


def test_the_widgets_follow_and_a_network_without_a_model_gives_way_to_one_that_has() -> None:
    page = loaded(network="relu-softmax", lr="3", epochs="7", bias="first", seed="5")
    config = session_of(page).config
    assert (config.network, config.epochs, config.seed) == ("softmax", 7, 5)
    assert page.selectbox(key="setting_dataset").value == "mnist-5k-upright"
    assert page.selectbox(key="setting_network").value == "softmax"
    assert page.selectbox(key="setting_init").value == "trained"
    assert [toast.value for toast in page.toast] == [
        "Loaded: Softmax regression, trained on all of MNIST. Draw a digit."
    ]
    page.selectbox(key="setting_network").set_value("mlp").run()
    assert session_of(page).config.init == "trained"
    assert set(session_of(page).state.params) == {"W1", "b1", "W2", "b2"}


def test_pressed_in_training_it_starts_anew_and_rests() -> None:
    page = lab(speed="full")
    session = session_of(page)
    page.button(key="train").click().run()
    wait_for(lambda: session.state.step > 5)
    page.button(key="load_trained").click().run()
    assert session.status is Status.IDLE
    assert session.state.step == 0


def test_where_the_full_set_cannot_be_opened_after_all_the_embedded_one_serves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ui.trained_model.has_prepared", lambda _: True)
    assert session_of(loaded()).config.dataset == "mnist-5k-upright"


@pytest.mark.parametrize("name", ["digits", "blobs"])
def test_another_data_set_begins_with_weights_of_its_own(name: str) -> None:
    page = loaded()
    page.selectbox(key="setting_dataset").set_value(name).run()
    assert not page.exception
    assert not page.warning
    assert session_of(page).config.init == TrainingConfig().init
    assert "The trained model that comes with the app" not in page.selectbox("setting_init").options


def test_pictures_of_the_right_size_that_are_no_digits_are_not_for_the_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clothes = SimpleNamespace(info=DATASETS["fashion-mnist"])
    monkeypatch.setattr("ui.trained_model.open_dataset", lambda _: clothes)
    assert initial_weights_for(TrainingConfig()) == INITIAL_WEIGHTS[:-1]
    monkeypatch.undo()
    assert initial_weights_for(TrainingConfig()) == INITIAL_WEIGHTS
    assert "trained" not in initial_weights_for(TrainingConfig(network="relu-softmax"))


def test_no_test_figure_is_shown_of_pictures_it_was_trained_on() -> None:
    session = evaluated(session_of(loaded()))
    frame = frame_of(session)
    assert frame["test_seen"]
    facts = json.loads((ASSETS / "models.json").read_text("utf-8"))["mnist-softmax.npz"]
    accuracy = f"{100 * facts['test_accuracy']:.1f} %"
    assert f"read {accuracy} of MNIST's own test pictures" in frame["note"]
    assert frame["note"].endswith("so no test accuracy is shown.")
    assert frame["test_accuracy"] is frame["test_loss"] is None
    assert np.isnan(frame["eval_test_accuracy"]).all()
    assert frame["train_accuracy"] > 0.9
    usual = frame_of(evaluated(shared_engine().open(TrainingConfig("mnist-5k-upright"))))
    assert (usual["test_seen"], usual["note"]) == (False, "")
    assert np.isfinite(usual["eval_test_accuracy"]).all()
    assert usual["test_accuracy"] is not None


def test_nor_is_one_in_the_files_that_are_taken_home(monkeypatch: pytest.MonkeyPatch) -> None:
    offered: Downloads = {}

    def download_button(label: str, content: Callable[[], Any], *_: object, **__: object) -> None:
        offered[label] = content

    monkeypatch.setattr("streamlit.download_button", download_button)
    evaluated(session_of(loaded()))
    rows = list(csv.DictReader(io.StringIO(offered["History (CSV)"]())))
    assert rows
    assert {row["test_accuracy"] for row in rows} == {"nan"}
    assert all(float(row["train_accuracy"]) > 0.9 for row in rows)
    assert offered["Curves (PNG)"]().startswith(b"\x89PNG")


def test_a_saved_run_keeps_what_it_began_with() -> None:
    session = session_of(loaded())
    data = write_run(session.config, session.state)
    other = lab()
    other.file_uploader(key="upload").set_value(("run.npz", data, "application/zip")).run()
    assert not other.exception
    assert frame_of(session_of(other))["test_seen"]
