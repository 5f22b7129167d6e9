"""``receipts`` and ``train --recipe``: tables, files, what is missing, and ctrl-C."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from softmax_core.errors import UserError
from softmax_core.persist import read_run
from softmax_core.service.workers import WorkerDiedError, WorkerPool
from softmax_core.terminal.receipt_table import published_text
from softmax_core.training.recipes import RECIPES, find_recipe
from softmax_core.training.recipes.recipe import BOUNDS, Claim
from softmax_core.training.recipes.stored import load_receipts
from tests.terminal.calls import COMMAND, PROJECT, Call, assert_refused

BLOBS = find_recipe("blobs")
SLOW = ("full-batch", "sigmoid-mlp", "blobs")  # 10 to 15 s each


def test_a_recipe_is_run_and_every_figure_printed_with_its_reason(
    call: Call, tmp_path: Path
) -> None:
    report = tmp_path / "receipts.json"
    answer = call("receipts", "--recipe", "blobs", "--seeds", 2, "--report", report)
    assert (answer.code, answer.err) == (0, "")
    assert "blobs, as published: 4 of 4 figures agree. Seeds 0, 1;" in answer.out
    assert "blobs, averaged: 2 of 2 figures agree." in answer.out
    assert "6 of 6 published figures agree with ours;" in answer.out
    assert max(map(len, answer.out.splitlines())) <= 132
    for claim in BLOBS.claims:
        (line,) = [
            line
            for line in answer.out.splitlines()
            if line.startswith(claim.text) and published_text(claim) in line
        ]
        assert "pass" in line
    words = " ".join(answer.out.split())
    assert all(claim.why in words for claim in BLOBS.claims)
    receipts = load_receipts(report)
    assert list(receipts) == [("blobs", "as published"), ("blobs", "averaged")]
    assert all(receipt.passed for receipt in receipts.values())


def test_a_figure_that_disagrees_is_named_and_the_exit_code_is_1(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wrong = [
        replace(claim, low=5.0, high=5.0) if claim.name == "loss-999" else claim
        for claim in BLOBS.claims
    ]
    monkeypatch.setitem(RECIPES, "blobs", replace(BLOBS, claims=tuple(wrong)))
    report = tmp_path / "receipts.json"
    answer = call("receipts", "--recipe", "blobs", "--seeds", 1, "--report", report)
    assert answer.code == 1
    assert "blobs, as published: 3 of 4 figures agree" in answer.out
    (line,) = [line for line in answer.out.splitlines() if "FAIL" in line]
    assert line.startswith("training loss at step 999")
    content: dict[str, Any] = json.loads(report.read_text())
    assert [entry["passed"] for entry in content["receipts"]] == [False, True]


def test_a_missing_data_set_is_one_sentence_and_the_others_run(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SOFTMAX_DATA", raising=False)
    monkeypatch.setenv("SOFTMAX_CACHE", str(tmp_path / "empty"))
    names = ("--recipe", "d2l-fashion", "--recipe", "blobs")
    answer = call("receipts", *names, "--seeds", 1, "--quick")
    assert_refused(answer, "d2l-fashion cannot be run without", "fetch fashion-mnist")
    assert "6 of 6 published figures agree" in answer.out


def test_a_recipe_or_a_number_that_is_not_there_is_refused(call: Call, tmp_path: Path) -> None:
    assert_refused(call("receipts", "--recipe", "x"), "full-batch", "blobs")
    assert_refused(call("receipts", "--seeds", 0), "0")
    missing = call("receipts", "--report", tmp_path / "none" / "r.json")
    assert_refused(missing, "There is no folder")
    assert missing.out == ""


def test_ctrl_c_keeps_the_receipts_that_are_finished(tmp_path: Path) -> None:
    report = tmp_path / "receipts.json"
    words = ("receipts", "--recipe", "blobs", "--seeds", "4", "--report", str(report))
    with subprocess.Popen(
        [*COMMAND, *words],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        while "as published" not in process.stdout.readline():
            pass  # the first of two
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors == "Stopped after 1 of 2 receipts.\n"
    assert "4 of 4 published figures agree" in out
    assert list(load_receipts(report)) == [("blobs", "as published")]


class DyingPool(WorkerPool):
    """Answers, in this process, every call but the first so many; those find a dead worker."""

    deaths = 0

    def __init__(self) -> None:
        super().__init__(n_workers=1)
        self._left = self.deaths

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self._left -= 1
        if self._left >= 0:
            future.set_exception(WorkerDiedError("A worker process died."))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_a_worker_that_dies_costs_nothing_and_too_many_are_one_sentence(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("softmax_core.terminal.receipts.WorkerPool", DyingPool)
    report = tmp_path / "receipts.json"
    words = ("receipts", "--recipe", "blobs", "--seeds", 1, "--report", report)
    monkeypatch.setattr(DyingPool, "deaths", 3)
    answer = call(*words)
    assert (answer.code, answer.err) == (0, "")
    assert "6 of 6 published figures agree" in answer.out
    monkeypatch.setattr(DyingPool, "deaths", 4)
    assert_refused(call(*words), "4 processes", "--recipe")
    assert load_receipts(report) == {}  # a sound file of what was finished: nothing


@pytest.mark.timeout(600)  # its workers give way to all else that runs
@pytest.mark.usefixtures("real_data")
@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=pytest.mark.long) if n in SLOW else n for n in RECIPES],
)
def test_all_that_is_quick_agrees_on_the_real_data(call: Call, name: str) -> None:
    answer = call("receipts", "--quick", "--recipe", name)
    assert answer.code == 0, answer.out
    assert f"{name}, as published: " in answer.out
    if name == "relu-softmax":
        assert "silent classes 2 (since step 1), 5 (since step 1)" in answer.out


def test_training_a_recipe_takes_its_settings_and_what_is_typed_besides(
    call: Call, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    words = ("--recipe", "blobs", "--as", "averaged", "--epochs", 3, "--report", report)
    answer = call("train", *words)
    assert (answer.code, answer.err) == (0, "")
    config = json.loads(report.read_text())["config"]
    expected = replace(BLOBS.version("averaged").config, epochs=3)
    assert config == json.loads(json.dumps(asdict(expected)))
    assert "this run" in answer.out
    assert "changed" not in answer.out
    answer = call("train", *words, "--learning-rate", 0.2)
    assert "This run is not the published recipe; changed: learning_rate." in answer.out


def test_a_run_of_a_recipe_ends_with_its_own_receipt(call: Call) -> None:
    answer = call("train", "--recipe", "blobs", "--seed", 9)
    rows = [line for line in answer.out.splitlines() if line.endswith("agrees")]
    assert [row.split("  ")[0] for row in rows] == [
        "training loss at step 1",
        "training loss at step 999",
        "training loss at step 1,000",
        "test accuracy at the end",
    ]


@pytest.mark.long
@pytest.mark.usefixtures("real_data")
def test_a_run_of_relu_softmax_names_its_dead_classes(call: Call) -> None:
    answer = call("train", "--recipe", "relu-softmax", "--epochs", 3)
    assert answer.code == 0
    assert "This run: silent classes 2 (since step 1), 5 (since step 1)." in answer.out


def test_what_was_trained_is_saved_even_if_its_receipt_cannot_be_made(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def damaged() -> None:
        raise UserError("receipts-file", "The receipts cannot be read.")

    monkeypatch.setattr("softmax_core.terminal.recipe_run.load_receipts", damaged)
    run = tmp_path / "run.npz"
    answer = call("train", "--recipe", "blobs", "--epochs", 2, "--save", run)
    assert_refused(answer, "The receipts cannot be read.")
    assert read_run(run.read_bytes()).state.epoch == 2


def test_a_version_needs_its_recipe(call: Call) -> None:
    assert_refused(call("train", "--as", "exact"), "--recipe")
    assert_refused(call("train", "--recipe", "blobs", "--as", "x"), "as published, averaged")
    assert_refused(call("train", "--recipe", "x"), "full-batch")


def test_published_figures_ranges_and_bounds_are_told_apart() -> None:
    def text(low: float | None, high: float | None, rule: str = "covers", **more: Any) -> str:
        return published_text(Claim("x", "x", "train_loss", 1, low, high, rule, 0.01, "", **more))

    assert text(1.5, 1.5) == "1.500"
    assert text(1.5, 1.5, printed=False) == "(1.500)"
    assert text(1.5, 2.5, "within") == "1.500 to 2.500"
    assert text(None, 0.5, BOUNDS) == "< 0.500"
    assert text(0.7, None, BOUNDS) == "> 0.700"
    assert text(0.7, None, BOUNDS, printed=False) == "(> 0.700)"
    assert text(0.7, 0.9, BOUNDS) == "> 0.700 and < 0.900"
