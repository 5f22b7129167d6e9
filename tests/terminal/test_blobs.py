"""Points in the terminal: listed, trained and evaluated as they are, never taken for pictures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from softmax_core.data.store import open_dataset
from tests.terminal.calls import Call, assert_refused


@pytest.fixture
def run(call: Call, tmp_path: Path) -> Path:
    """A run of sixty epochs on the points, with its report beside it."""
    path = tmp_path / "run.npz"
    words = (
        "--epochs",
        60,
        "--learning-rate",
        1,
        "--save",
        path,
        "--report",
        tmp_path / "report.json",
    )
    assert call("train", "--dataset", "blobs", *words).code == 0
    return path


def test_the_points_are_listed_without_pixels(call: Call) -> None:
    (line,) = [line for line in call("datasets").out.splitlines() if line.startswith("blobs")]
    assert "800 + 200" in line
    assert " points " in line
    assert " x " not in line
    assert "  yes " in line
    assert "BSD" in line


def test_a_run_reaches_what_scikit_learn_reaches(run: Path) -> None:
    points = open_dataset("blobs")
    theirs = LogisticRegression(C=1e6).fit(points.train_images, points.train_labels)
    last = json.loads((run.parent / "report.json").read_text())["epochs"][-1]
    for part, X, labels in (
        ("train", points.train_images, points.train_labels),
        ("test", points.test_images, points.test_labels),
    ):
        # The loss is flat about its minimum; accuracies may differ by a few points on the border.
        P = theirs.predict_proba(X)[np.arange(len(X)), labels]
        assert last[f"{part}_loss"] == pytest.approx(-np.log(P).mean(), rel=0.02)
        assert last[f"{part}_accuracy"] == pytest.approx(theirs.score(X, labels), abs=0.015)


def test_evaluating_counts_points(call: Call, run: Path) -> None:
    out = call("evaluate", run).out.splitlines()
    assert out[0].endswith("on 800 points")
    assert out[1].endswith("on 200 points")
    assert_refused(call("evaluate", run, "--dataset", "digits"), "2 coordinates", "64 pixels")


def test_pictures_are_refused_in_one_sentence(call: Call, run: Path, tmp_path: Path) -> None:
    answer = call("predict", run, tmp_path / "one.png", tmp_path / "two.png")
    assert_refused(answer, "trained on points in the plane", "Use a run trained on pictures")
    assert answer.out == ""
