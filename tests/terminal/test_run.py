"""A run in slices, and the bar of a long epoch: only in a terminal, and gone in the end."""

from __future__ import annotations

import io
import threading

import pytest
from rich.console import Console

from softmax_core.data.store import open_dataset
from softmax_core.terminal import run as run_module
from softmax_core.terminal.progress import epoch_bar
from softmax_core.terminal.run import new_run, train_epochs
from softmax_core.training import TrainingConfig

HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"  # the cursor
ERASE = "\x1b[2K"  # this line


def console(*, terminal: bool) -> tuple[Console, io.StringIO]:
    text = io.StringIO()
    return Console(file=text, force_terminal=terminal, width=100, color_system=None), text


def test_in_a_terminal_the_bar_moves_and_goes_away() -> None:
    where, text = console(terminal=True)
    bar = epoch_bar(where)
    bar.show("epoch 1 of 5", 1_000, 60_000)
    bar.show("epoch 1 of 5", 30_000, 60_000)
    bar.clear()
    assert "epoch 1 of 5" in text.getvalue()
    assert "30000/60000 samples" in text.getvalue()
    assert text.getvalue().startswith(HIDE)
    assert SHOW in text.getvalue()
    assert text.getvalue().endswith(ERASE)


def test_outside_of_a_terminal_there_is_no_bar() -> None:
    where, text = console(terminal=False)
    bar = epoch_bar(where)
    bar.show("epoch 1 of 5", 1_000, 60_000)
    bar.clear()
    assert text.getvalue() == ""


def test_what_is_printed_meanwhile_goes_where_it_was_sent(
    capsys: pytest.CaptureFixture[str],
) -> None:
    where, text = console(terminal=True)
    bar = epoch_bar(where)
    bar.show("epoch", 1, 2)
    print("a line for standard output")  # noqa: T201 - what is tested is where it goes
    bar.clear()
    assert capsys.readouterr().out == "a line for standard output\n"
    assert "a line" not in text.getvalue()


def test_only_an_epoch_that_takes_longer_than_a_slice_has_a_bar(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for seconds, expected in ((60.0, False), (0.0, True)):
        monkeypatch.setattr(run_module, "_SLICE_SECONDS", seconds)
        where, text = console(terminal=True)
        run = new_run(TrainingConfig(dataset="digits", epochs=1), open_dataset("digits"))
        assert len(list(train_epochs(run, threading.Event(), epoch_bar(where)))) == 1
        assert ("epoch 1 of 1" in text.getvalue()) == expected


@pytest.mark.parametrize("slice_seconds", [0.0, 60.0])
def test_the_history_for_the_figure_has_every_step_and_every_epoch(
    monkeypatch: pytest.MonkeyPatch, slice_seconds: float
) -> None:
    monkeypatch.setattr(run_module, "_SLICE_SECONDS", slice_seconds)
    run = new_run(TrainingConfig(dataset="digits", epochs=2), open_dataset("digits"))
    rows = list(train_epochs(run, threading.Event(), epoch_bar()))
    assert run.history.curve().step.tolist() == list(range(1, 25))
    assert run.history.evaluations == [row.evaluation for row in rows]
    assert [row.evaluation.step for row in rows] == [12, 24]


def test_the_bar_is_gone_before_the_line_of_its_epoch_is_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run_module, "_SLICE_SECONDS", 0.0)
    where, text = console(terminal=True)
    run = new_run(TrainingConfig(dataset="digits", epochs=2), open_dataset("digits"))
    for _row in train_epochs(run, threading.Event(), epoch_bar(where)):
        assert text.getvalue().endswith(ERASE)
