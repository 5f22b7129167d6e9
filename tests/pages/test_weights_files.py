"""W.npy and b.npy on the page: taken home in step, and gone on from when brought."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.data.store import open_dataset
from softmax_core.persist import write_run
from softmax_core.service import shared_engine
from softmax_core.training import Samples, TrainingConfig, evaluate, first_state
from softmax_core.training.start import build_network
from tests.notebook_loop import run_notebook
from tests.pages.opening import at_rest, lab, session_of

Downloads = dict[str, Callable[[], Any]]
File = tuple[str, bytes, str]


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> Downloads:
    """The downloads on the page by their labels."""
    offered: Downloads = {}

    def download_button(label: str, content: Callable[[], Any], *_: object, **__: object) -> None:
        offered[label] = content

    monkeypatch.setattr("streamlit.download_button", download_button)
    return offered


def npy(name: str, array: Any) -> File:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return name, buffer.getvalue(), "application/octet-stream"


def said(page: AppTest) -> str:
    """Return the one sentence about the files."""
    assert not page.exception
    texts: list[str] = [element.value for element in [*page.success, *page.warning]]
    assert len(texts) == 1
    return texts[0]


def upload(page: AppTest, *files: File) -> str:
    """Drop files on the page together."""
    page.file_uploader(key="upload").set_value(list(files)).run()
    return said(page)


def add(page: AppTest, file: File) -> str:
    """Drop a file beside those that are there, as a browser does."""
    uploader = page.file_uploader(key="upload")
    uploader._files = uploader._get_files_to_register()
    uploader.upload(*file).run()
    return said(page)


W, B = np.ones((784, 10), np.float32), np.zeros((1, 10))


def test_the_notebooks_weights_are_gone_on_from_with_the_notebooks_accuracy() -> None:
    dataset = open_dataset("mnist-5k")
    notebook = run_notebook(dataset, n_epochs=3, seed=1)
    page = lab(lr="0.3", network="mlp")
    text = upload(page, npy("W.npy", notebook.W), npy("b.npy", notebook.b))
    assert text.startswith("Loaded W.npy (784 × 10) and b.npy: softmax regression on MNIST")
    session = session_of(page)
    assert (session.config.network, session.config.learning_rate) == ("softmax", 0.3)
    assert page.selectbox(key="setting_network").value == "softmax"
    assert session.state.step == 0
    assert session.state.params["W"].tobytes() == notebook.W.tobytes()
    network = build_network(session.config, 784, 10)
    test_set = Samples(dataset.test_images, dataset.test_labels)
    assert evaluate(network, session.state.params, test_set)[1] == notebook.test_accuracy
    page.run()
    assert session_of(page).state.params["W"].tobytes() == notebook.W.tobytes()


def test_the_files_may_come_one_after_the_other_and_with_a_browsers_names() -> None:
    page = lab()
    before = at_rest(session_of(page)).state
    assert "Now add the other of the two files" in add(page, npy("w (1).npy", W))
    assert session_of(page).state is before
    assert add(page, npy("b (2).npy", B)).startswith("Loaded W.npy")
    assert session_of(page).state.params["W"][3, 4] == 1


def test_what_was_read_once_is_not_read_again_when_a_file_is_taken_out() -> None:
    page = lab()
    upload(page, npy("W.npy", W), npy("b.npy", B))
    session = session_of(page)
    shared_engine().reset(session)
    fresh = session.state.params["W"].copy()
    uploader = page.file_uploader(key="upload")
    uploader._files = uploader._get_files_to_register()[:1]
    uploader.run()
    np.testing.assert_array_equal(session_of(page).state.params["W"], fresh)


@pytest.mark.parametrize(
    ("files", "part"),
    [
        ([npy("W.npy", W[:64]), npy("b.npy", B)], "64 numbers in 10 classes; MNIST, 5,000"),
        ([npy("W.npy", W), npy("b.npy", B[:, :9])], "needs b.npy of 1 x 10"),
        ([npy("W.npy", W * np.nan), npy("b.npy", B)], "not numbers"),
        ([npy("weights.npy", B), npy("bias.npy", W)], "needs b.npy of 1 x 10; found 784 x 10"),
        ([npy("theta.npy", W), npy("b.npy", B)], "Name the two files W.npy and b.npy"),
        ([npy("W.npy", W), ("run.npz", b"PK", "application/zip")], "not both at once"),
        ([("W.npy", b"", "x"), npy("b.npy", B)], "W.npy is empty"),
    ],
)
def test_files_that_do_not_fit_change_nothing(files: list[File], part: str) -> None:
    page = lab()
    session = at_rest(session_of(page))
    before = (session.config, session.state)
    text = upload(page, *files)
    assert part in text
    assert text.endswith("Nothing was changed.")
    assert (session.config, session.state) == before


def test_a_saved_run_can_follow_a_pair_that_was_refused() -> None:
    page = lab()
    upload(page, npy("W.npy", W), npy("b.npy", B[:, :9]))
    config = TrainingConfig(learning_rate=0.7)
    data = write_run(config, first_state(config, 784, 10))
    assert add(page, ("run.npz", data, "application/zip")).startswith("Loaded a run of 0 steps")
    assert session_of(page).config == config
    for file in (npy("W.npy", W), npy("b.npy", B)):  # and a second pair after that
        text = add(page, file)
    assert text.startswith("Loaded W.npy")
    assert session_of(page).state.params["W"][3, 4] == 1


def test_both_downloads_are_of_one_step_and_are_what_np_save_writes(downloads: Downloads) -> None:
    page = lab()
    session = session_of(page)
    first = session.state.params
    W_file = downloads["W.npy"]()
    assert W_file == npy("", first["W"])[1]
    shared_engine().load(session, session.config, first_state(TrainingConfig(seed=9), 784, 10))
    session.state.params["b"][:] = 5
    page.run()  # the page may be drawn anew in between
    assert downloads["b.npy"]() == npy("", first["b"].reshape(1, -1))[1]
    assert downloads["W.npy"]() == npy("", session.state.params["W"])[1]
    assert np.load(io.BytesIO(downloads["b.npy"]())).tolist() == [[5] * 10]


def test_only_softmax_regression_offers_them(downloads: Downloads) -> None:
    for network in ("mlp", "relu-softmax"):
        downloads.clear()
        lab(network=network)
        assert "Save run" in downloads
        assert "W.npy" not in downloads
