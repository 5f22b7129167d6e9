"""``train``: its lines, its files, and what it refuses."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from softmax_core.data.idx import write_images, write_labels
from softmax_core.data.store import open_dataset
from softmax_core.persist import read_run, write_run
from softmax_core.terminal import run as run_module
from softmax_core.terminal.train import _entry
from softmax_core.training import Evaluation, Samples, TrainingConfig, train
from tests.data.idx_zoo import make_folder
from tests.terminal.calls import Call, assert_refused

LINE = re.compile(
    r"epoch (\d+): train loss \d\.\d{4}, accuracy 0\.\d{4}; "
    r"test loss \d\.\d{4}, accuracy 0\.\d{4}; \d+\.\d{3} s"
)


def report_of(path: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(path.read_text(), parse_constant=pytest.fail)
    return report


def test_there_is_one_line_per_epoch_and_nothing_else(call: Call) -> None:
    answer = call("train", "--epochs", 3)
    assert (answer.code, answer.err) == (0, "")
    matches = [LINE.fullmatch(line) for line in answer.out.splitlines()]
    assert [match and match[1] for match in matches] == ["1", "2", "3"]


def test_every_option_of_the_settings_reaches_the_run(call: Call, tmp_path: Path) -> None:
    options: dict[str, Any] = {
        "dataset": "digits",
        "network": "mlp",
        "learning_rate": 0.05,
        "batch_size": 100,
        "epochs": 2,
        "seed": 7,
        "init": "scaled",
        "l2": 0.001,
        "momentum": 0.5,
        "hidden_units": 11,
        "activation": "sigmoid",
        "bias": "first",
        "gradient": "diagonal+one-bias",
        "reduction": "sum",
        "softmax": "whole-max",
        "loss": "clipped",
        "pixels": "scaled",
        "order": "file",
        "n_train": 250,
    }
    words = [w for k, v in options.items() for w in (f"--{k.replace('_', '-')}", v)]
    words[words.index("--n-train")] = "--examples"
    save, report = tmp_path / "run.npz", tmp_path / "report.json"
    assert call("train", *words, "--save", save, "--report", report).code == 0
    assert report_of(report)["config"] == options | {"taught": []}
    saved = read_run(save.read_bytes())
    assert saved.config == TrainingConfig(**options)
    assert list(saved.state.params) == ["W1", "b1", "W2"]
    assert saved.state.params["W1"].shape == (64, 11)
    assert (saved.state.step, saved.state.samples_seen) == (2 * 3, 2 * 250)


def test_a_report_has_what_was_measured(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    assert call("train", "--epochs", 2, "--report", path).code == 0
    report = report_of(path)
    assert sorted(report) == ["config", "epochs", "samples_per_second"]
    assert [epoch["epoch"] for epoch in report["epochs"]] == [1, 2]
    for epoch in report["epochs"]:
        assert set(epoch) == {
            "epoch",
            "train_loss",
            "train_accuracy",
            "test_loss",
            "test_accuracy",
            "seconds",
        }
    seconds = sum(epoch["seconds"] for epoch in report["epochs"])
    assert report["samples_per_second"] == pytest.approx(8_000 / seconds)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_ten_epochs_of_the_embedded_digits_reach_87_per_cent(
    call: Call, tmp_path: Path, seed: int
) -> None:
    path = tmp_path / "report.json"
    assert call("train", "--epochs", 10, "--seed", seed, "--report", path).code == 0
    assert report_of(path)["epochs"][-1]["test_accuracy"] >= 0.87


def test_twenty_epochs_of_mnist_reach_92_per_cent(
    call: Call, real_data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "report.json"
    assert call("train", "--dataset", "mnist", "--epochs", 20, "--report", path).code == 0
    assert report_of(path)["epochs"][-1]["test_accuracy"] >= 0.92


def expected_file(config: TrainingConfig) -> bytes:
    dataset = open_dataset(config.dataset)
    sets = (
        Samples(dataset.train_images, dataset.train_labels),
        Samples(dataset.test_images, dataset.test_labels),
    )
    *_, last = train(config, *sets, dataset.info.n_classes)
    return write_run(config, last.state)


@pytest.mark.parametrize("slice_seconds", [0.2, 0.0])
def test_the_run_is_the_one_that_train_gives_however_it_is_sliced(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slice_seconds: float
) -> None:
    monkeypatch.setattr(run_module, "_SLICE_SECONDS", slice_seconds)
    path = tmp_path / "run.npz"
    assert call("train", "--dataset", "digits", "--epochs", 2, "--save", path).code == 0
    assert path.read_bytes() == expected_file(TrainingConfig(dataset="digits", epochs=2))


def test_a_run_can_start_from_the_trained_model_and_says_what_that_model_has_seen(
    call: Call, tmp_path: Path
) -> None:
    path = tmp_path / "run.npz"
    answer = call("train", "--init", "trained", "--epochs", 1, "--save", path)
    assert answer.code == 0
    assert answer.err.startswith("Note: the held-out pictures")
    config = TrainingConfig(init="trained", epochs=1)
    assert path.read_bytes() == expected_file(config)
    assert read_run(path.read_bytes()).config == config


def test_a_trained_model_that_does_not_fit_is_refused_before_training(call: Call) -> None:
    refused = call("train", "--init", "trained", "--dataset", "digits")
    assert_refused(refused, "784 pixels", "64 inputs in 10 classes")
    assert_refused(call("train", "--init", "trained", "--network", "relu-softmax"), "relu-softmax")
    more_units = ("--network", "mlp", "--hidden-units", 101)
    assert_refused(
        call("train", "--init", "trained", *more_units), "100 relu units", "101 relu units"
    )


def test_the_lines_say_what_evaluating_says(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    last_line = call("train", "--epochs", 2, "--save", path).out.splitlines()[-1]
    evaluated = call("evaluate", path).out
    assert re.findall(r"\d\.\d{4}", evaluated) == re.findall(r"\d\.\d{4}", last_line)


def test_the_figure_is_a_picture_of_the_kind_its_name_says(call: Call, tmp_path: Path) -> None:
    png, svg = tmp_path / "curves.png", tmp_path / "curves.SVG"
    for path in (png, svg):
        assert call("train", "--epochs", 2, "--figure", path).code == 0
    with Image.open(png, formats=("PNG",)) as picture:
        assert min(picture.size) > 400
    assert ElementTree.fromstring(svg.read_bytes()).tag.endswith("svg")


def test_a_run_that_goes_astray_keeps_its_files_and_says_why(call: Call, tmp_path: Path) -> None:
    save, report = tmp_path / "run.npz", tmp_path / "report.json"
    answer = call(
        *("train", "--network", "mlp", "--learning-rate", 100, "--momentum", 0.99),
        *("--batch-size", 8, "--save", save, "--report", report),
    )
    assert_refused(answer, "Training stopped at step", "lower the learning rate")
    assert all(np.isfinite(a).all() for a in read_run(save.read_bytes()).state.params.values())
    assert math.isfinite(report_of(report)["epochs"][-1]["train_loss"])


def test_a_run_that_cannot_be_saved_still_gets_its_report(call: Call, tmp_path: Path) -> None:
    # Not lost by its loss, but with weights of some ten millions.
    save, report = tmp_path / "run.npz", tmp_path / "report.json"
    answer = call(
        *("train", "--network", "mlp", "--learning-rate", 100, "--init", "unit-normal"),
        *("--epochs", 3, "--save", save, "--report", report),
    )
    assert_refused(answer, "The run was not saved: params/W", "1e+06 is the most")
    assert not save.exists()
    assert len(report_of(report)["epochs"]) == 3


def test_infinite_losses_are_null_in_a_report() -> None:
    evaluation = Evaluation(1, 1.0, math.inf, 0.5, math.nan, 0.25)
    entry = _entry(run_module.EpochRow(1, evaluation, 2.0))
    assert (entry["train_loss"], entry["test_loss"], entry["test_accuracy"]) == (None, None, 0.25)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("--learning-rate", "-1"), ("between 1e-06 and 100; it is -1.0", "climbs the hill")),
        (("--learning-rate", "nan"), ("it is nan",)),
        (("--learning-rate", "fast"), ("'fast' is not a valid float",)),
        (("--batch-size", "0"), ("whole number from 1", "it is 0")),
        (("--batch-size", "1.5"), ("'1.5' is not a valid integer",)),
        (("--epochs", "100000"), ("from 1 to 1,000",)),
        (("--network", "gpt"), ("'gpt' is not one of 'softmax', 'relu-softmax', 'mlp'",)),
        (("--dataset", "mnist-6k"), ("no data set mnist-6k", "mnist-5k, mnist")),
        (("--dataset", "folder:/nowhere"), ("folder nowhere has no", "IDX files")),
        (("--speed", "9"), ("No such option", "--speed")),
        (("--epochs",), ("--epochs", "requires an argument")),
        (("extra",), ("unexpected extra argument",)),
        (("--figure", "curves.pdf"), (".png or .svg", "curves.pdf")),
        (("--save", "/nowhere/run.npz"), ("no folder /nowhere",)),
        (("--save", "/"), ("is a directory",)),
        (("--save", "same", "--report", "./same"), ("the same file",)),
    ],
)
def test_what_is_impossible_is_refused_in_one_sentence_before_training(
    call: Call, words: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    answer = call("train", *words)
    assert answer.out == ""
    assert_refused(answer, *parts)


def test_a_folder_of_ones_own_is_found_again_from_anywhere(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_folder(tmp_path / "mine")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    answer = call("train", "--dataset", "folder:mine", "--epochs", 1, "--save", "run.npz")
    assert answer.code == 0
    saved = read_run(Path("run.npz").read_bytes())
    assert saved.config.dataset == f"folder:{tmp_path / 'mine'}"
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert call("evaluate", "../run.npz").out.count("pictures") == 2


def test_a_run_too_large_to_be_saved_is_refused_before_it_is_trained(
    call: Call, tmp_path: Path
) -> None:
    for kind in ("train", "t10k"):
        write_images(tmp_path / f"{kind}-images-idx3-ubyte", np.zeros((4, 64, 64), np.uint8))
        write_labels(tmp_path / f"{kind}-labels-idx1-ubyte", np.array([0, 1, 0, 1], np.uint8))
    words = ("train", "--dataset", f"folder:{tmp_path}", "--network", "mlp", "--epochs", 1)
    answer = call(*words, "--hidden-units", 256, "--save", tmp_path / "run.npz")
    assert answer.out == ""
    assert_refused(answer, "cannot be saved", "fewer hidden units")
    assert call(*words, "--hidden-units", 256).code == 0
