"""W.npy and b.npy in the terminal: the notebook's are read, ours are the notebook's to read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.persist import read_run
from softmax_core.terminal.files import write_files
from tests.notebook_loop import Notebook, run_notebook
from tests.terminal.calls import Call, assert_refused


@pytest.fixture(scope="module")
def notebook(cache_folder: Path) -> Notebook:
    return run_notebook(open_dataset("mnist-5k"), n_epochs=10, seed=3)


@pytest.fixture
def folder(notebook: Notebook, tmp_path: Path) -> Path:
    return notebook.save(tmp_path / "notebook")


@pytest.fixture
def one(tmp_path: Path) -> Path:
    """A one in a picture file."""
    picture, path = Image.new("L", (280, 280), 255), tmp_path / "one.png"
    ImageDraw.Draw(picture).line([(135, 70), (145, 210)], fill=0, width=20)
    picture.save(path)
    return path


def test_the_notebooks_weights_have_the_notebooks_test_accuracy(
    call: Call, notebook: Notebook, folder: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    words = ("--weights", folder, "--dataset", "mnist-5k", "--report", report)
    answer = call("evaluate", *words)
    assert (answer.code, answer.err) == (0, "")
    figures = json.loads(report.read_text())
    assert notebook.test_accuracy > 0.85
    assert figures["test_accuracy"] == notebook.test_accuracy
    assert figures["test_loss"] == pytest.approx(notebook.test_loss, rel=1e-5)
    assert figures["weights"] == str(folder)
    assert "config" not in figures


def test_the_notebooks_weights_read_pictures(call: Call, folder: Path, one: Path) -> None:
    answer = call("predict", one, one, "--weights", folder, "--json")
    assert (answer.code, answer.err) == (0, "")
    lines = [json.loads(line) for line in answer.out.splitlines()]
    assert [line["prediction"] for line in lines] == [1, 1]
    assert "name" not in lines[0]
    named = call("predict", one, "--weights", folder, "--dataset", "fashion-mnist")
    assert named.out.startswith(f"{one}: Trouser (")


def test_what_train_saves_is_what_np_load_reads_and_the_run_has(call: Call, tmp_path: Path) -> None:
    run = tmp_path / "run.npz"
    words = ("--dataset", "digits", "--epochs", 2, "--save", run, "--save-npy", tmp_path)
    assert call("train", *words).code == 0
    W, b = np.load(tmp_path / "W.npy"), np.load(tmp_path / "b.npy")
    assert (W.dtype, W.shape, b.dtype, b.shape) == ("float32", (64, 10), "float32", (1, 10))
    params = read_run(run.read_bytes()).state.params
    assert W.tobytes() == params["W"].tobytes()
    assert b.tobytes() == params["b"].tobytes()
    alone = call("evaluate", "--weights", tmp_path, "--dataset", "digits")
    assert alone.out == call("evaluate", run).out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["W.npy", "b.npy", "run.npz"]


def test_what_cannot_be_saved_as_weights_is_refused_before_training(
    call: Call, tmp_path: Path
) -> None:
    answer = call("train", "--network", "mlp", "--save-npy", tmp_path)
    assert_refused(answer, "network softmax alone")
    assert answer.out == ""
    missing = call("train", "--save-npy", tmp_path / "none")
    assert_refused(missing, "There is no folder", "W.npy")
    assert missing.out == ""
    same = call("train", "--save-npy", tmp_path, "--report", tmp_path / "b.npy")
    assert_refused(same, "same file")
    assert list(tmp_path.iterdir()) == []


def test_files_that_belong_together_are_replaced_together_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / "W.npy", tmp_path / "b.npy"]
    for path in paths:
        path.write_bytes(b"before")
    synced = 0

    def full(_descriptor: int) -> None:
        nonlocal synced
        synced += 1
        if synced == 2:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(
            UserError, match=r"W\.npy and b\.npy could not be written: No space left"
        ):
            write_files(dict.fromkeys(paths, b"after"))
    assert [path.read_bytes() for path in paths] == [b"before"] * 2
    assert sorted(tmp_path.iterdir()) == paths
    write_files(dict.fromkeys(paths, b"after"))
    assert [path.read_bytes() for path in paths] == [b"after"] * 2
    assert sorted(tmp_path.iterdir()) == paths


def test_the_data_set_must_be_named_and_fit(call: Call, folder: Path, one: Path) -> None:
    assert_refused(call("evaluate", "--weights", folder), "--dataset")
    misfit = call("evaluate", "--weights", folder, "--dataset", "digits")
    assert_refused(misfit, "784 pixels in 10 classes", "64 pixels and 10 classes")
    points = call("evaluate", "--weights", folder, "--dataset", "blobs")
    assert_refused(points, "2 coordinates and 3 classes")
    misread = call("predict", one, "--weights", folder, "--dataset", "digits")
    assert_refused(misread, "784 numbers in 10 classes", "64 in 10")
    assert_refused(call("predict", one, "--weights", folder, "--dataset", "x"), "no data set x")


def test_a_run_or_weights_but_not_both_and_not_none(
    call: Call, saved_run: Path, folder: Path, one: Path
) -> None:
    assert_refused(call("evaluate"), "Missing argument 'RUN'", "--weights")
    assert_refused(call("evaluate", saved_run, "--weights", folder), "Leave one of them out")
    assert_refused(call("predict"), "Missing argument 'RUN'")
    assert_refused(call("predict", "--weights", folder), "Missing argument 'PICTURES...'")
    assert_refused(call("predict", saved_run, one, "--dataset", "digits"), "goes with --weights")


def test_files_that_are_missing_or_wrong_are_one_sentence(call: Call, folder: Path) -> None:
    words = ("evaluate", "--dataset", "mnist-5k", "--weights")
    assert_refused(call(*words, folder / "none"), "does not exist")
    (folder / "b.npy").write_bytes((folder / "W.npy").read_bytes())
    assert_refused(call(*words, folder), "W.npy of 784 x 10 needs b.npy of 1 x 10")
    (folder / "b.npy").unlink()
    assert_refused(call(*words, folder), "b.npy could not be read", "must hold W.npy and b.npy")
