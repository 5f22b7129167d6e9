"""Ctrl-C while training: what has been trained is kept, and the run can go on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from softmax_core.data.store import open_dataset
from softmax_core.persist import read_run, write_run
from softmax_core.terminal import run as run_module
from softmax_core.terminal.interrupt import interruptible
from softmax_core.terminal.progress import epoch_bar
from softmax_core.terminal.run import new_run, train_epochs
from softmax_core.training import Budget, Samples, advance
from tests.terminal.calls import COMMAND, PROJECT, Call


def test_ctrl_c_keeps_what_has_been_trained_and_says_so(tmp_path: Path) -> None:
    save, report = tmp_path / "run.npz", tmp_path / "report.json"
    words = ("--network", "mlp", "--epochs", "200", "--save", str(save), "--report", str(report))
    with subprocess.Popen(
        [*COMMAND, "train", *words],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    lines = [first, *rest.splitlines()]
    state = read_run(save.read_bytes()).state
    assert state.step > 0
    assert errors.count("\n") == 1
    assert f"Stopped in epoch {state.epoch + 1} after {state.step:,} steps; {save} holds" in errors
    assert len(lines) == state.epoch == len(json.loads(report.read_text())["epochs"]) < 200


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is pressed after the third slice of a run, each a single step."""
    slices = 0

    def advance_then_interrupt(*args: object) -> object:
        nonlocal slices
        slices += 1
        if slices == 3:
            os.kill(os.getpid(), signal.SIGINT)
        return advance(*args)  # type: ignore[arg-type] # handed on as given

    monkeypatch.setattr(run_module, "_SLICE_SECONDS", 0.0)
    monkeypatch.setattr(run_module, "advance", advance_then_interrupt)


@pytest.mark.usefixtures("impatient")
def test_a_run_stopped_within_an_epoch_goes_on_to_the_same_bits(call: Call, tmp_path: Path) -> None:
    path, report, figure = tmp_path / "run.npz", tmp_path / "report.json", tmp_path / "c.png"
    files = ("--save", path, "--report", report, "--figure", figure)
    answer = call("train", "--dataset", "digits", "--epochs", 2, *files)
    assert answer.code == 130
    assert answer.out == ""
    assert answer.err == f"Stopped in epoch 1 after 3 steps; {path} holds what has been trained.\n"
    saved = read_run(path.read_bytes())
    assert (saved.state.step, saved.state.position) == (3, 384)
    content = json.loads(report.read_text())
    assert content["epochs"] == []
    assert content["samples_per_second"] > 0
    assert figure.read_bytes().startswith(b"\x89PNG")

    dataset = open_dataset("digits")
    samples, config = Samples(dataset.train_images, dataset.train_labels), saved.config
    resumed, _ = advance(saved.state, config, samples, Budget(until_epoch=2))
    whole = new_run(config, dataset)
    assert len(list(train_epochs(whole, threading.Event(), epoch_bar()))) == 2
    assert write_run(config, resumed) == write_run(config, whole.state)


@pytest.mark.usefixtures("impatient")
def test_without_a_file_to_save_to_nothing_is_promised(call: Call) -> None:
    answer = call("train", "--dataset", "digits", "--epochs", 2)
    assert answer.code == 130
    assert answer.err == "Stopped in epoch 1 after 3 steps; without --save nothing was kept.\n"


def test_the_first_ctrl_c_is_a_wish_and_the_second_an_order() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        press_ctrl_c_twice()
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_means_afterwards_what_it_meant_before() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interruptible():
            assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def press_ctrl_c_twice() -> None:
    with interruptible() as wish:
        os.kill(os.getpid(), signal.SIGINT)
        assert wish.wait(5)
        os.kill(os.getpid(), signal.SIGINT)
        pytest.fail("the second ctrl-C was not heard")


def test_ctrl_c_elsewhere_is_a_word_and_the_same_code(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("softmax_core.terminal.datasets.fetch", interrupted)
    answer = call("fetch", "digits")
    assert answer.code == 130
    assert answer.err.strip() == "Error: Stopped."
