"""Calling the terminal's commands in this process, as if typed, and in one of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from softmax_core.terminal import main

PROJECT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-W", "error", "-m", "softmax_core")


class Answer(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


Call = Callable[..., Answer]


def caller(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Return a function that runs a command in this process."""

    def call(*words: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["softmax_core", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        return Answer(int(end.value.code or 0), out, err)

    return call


def run_process(*words: object, cwd: Path = PROJECT) -> Answer:
    """Run a command in a process of its own, with warnings as errors."""
    result = subprocess.run(
        [*COMMAND, *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Answer(result.returncode, result.stdout, result.stderr)


def assert_refused(answer: Answer, *parts: str) -> None:
    """Check that nothing but one sentence that holds these parts was said, and code 2."""
    assert answer.code == 2
    assert answer.err.startswith("Error: ")
    assert answer.err.count("\n") == 1
    assert answer.err.endswith((".\n", "?\n"))
    for part in parts:
        assert part in answer.err
