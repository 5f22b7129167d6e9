"""``evaluate``: the numbers of a saved run, against counting by hand."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.persist import read_run, write_run
from softmax_core.training import Taught
from tests.persist_zoo import run_file
from tests.terminal.calls import Call, assert_refused


def test_loss_and_accuracy_are_those_counted_by_hand(
    call: Call, saved_run: Path, tmp_path: Path
) -> None:
    path = tmp_path / "report.json"
    answer = call("evaluate", saved_run, "--dataset", "mnist-5k", "--report", path)
    assert (answer.code, answer.err) == (0, "")
    assert re.fullmatch(
        r"train: loss 0\.\d{4}, accuracy 0\.\d{4} on 4,000 pictures\n"
        r"test: loss 0\.\d{4}, accuracy 0\.\d{4} on 1,000 pictures\n",
        answer.out,
    )
    report = json.loads(path.read_text())
    params, data = read_run(saved_run.read_bytes()).state.params, open_dataset("mnist-5k")
    logits = data.test_images / 255.0 @ params["W"].astype(float) + params["b"]
    p = np.exp(logits)
    p /= p.sum(axis=1, keepdims=True)
    true = p[np.arange(len(p)), data.test_labels]
    assert report["test_accuracy"] == np.mean(p.argmax(axis=1) == data.test_labels)
    assert report["test_loss"] == pytest.approx(-np.log(true).mean(), rel=1e-5)
    assert report["dataset"] == "mnist-5k"
    assert report["config"]["epochs"] == 10


def test_a_report_of_a_run_with_drawings_holds_them_as_base64(
    call: Call, saved_run: Path, tmp_path: Path
) -> None:
    saved = read_run(saved_run.read_bytes())
    config = replace(saved.config, taught=(Taught(7, bytes(range(256)) + bytes(528)),))
    run, path = tmp_path / "taught.npz", tmp_path / "report.json"
    run.write_bytes(write_run(config, saved.state))
    assert call("evaluate", run, "--report", path).code == 0
    ((label, text),) = json.loads(path.read_text())["config"]["taught"]
    assert Taught(label, base64.b64decode(text)) == config.taught[0]


def test_a_test_on_pictures_that_were_trained_on_is_called_none(call: Call) -> None:
    model = Path(__file__).parents[2] / "assets" / "mnist-softmax.npz"
    for dataset in ("mnist-5k", "mnist-5k-upright"):
        answer = call("evaluate", model, "--dataset", dataset)
        assert answer.code == 0
        assert answer.err.startswith("Note: the held-out pictures")
        assert answer.err.count("\n") == 1


def test_without_a_data_set_it_is_the_runs_own(call: Call, saved_run: Path) -> None:
    own = call("evaluate", saved_run).out
    assert own == call("evaluate", saved_run, "--dataset", "mnist-5k").out


def test_a_data_set_of_another_size_is_refused_with_both_sizes(call: Call, saved_run: Path) -> None:
    answer = call("evaluate", saved_run, "--dataset", "digits")
    assert_refused(answer, "784 pixels in 10 classes", "64 pixels and 10 classes")
    assert answer.out == ""


def test_a_run_whose_data_set_is_not_here_says_so(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    path.write_bytes(run_file())
    assert_refused(call("evaluate", path), "4 pixels in 3 classes")
    assert_refused(call("evaluate", path, "--dataset", "folder:/nowhere"), "IDX files")
    assert_refused(call("evaluate", tmp_path / "none.npz"), "does not exist")
    assert_refused(call("evaluate", tmp_path), "is a directory")
