"""The terminal as a process: how it starts, what it imports, and its codes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from softmax_core.terminal.wording import complain
from tests.terminal.calls import COMMAND, PROJECT, Call, assert_refused, run_process

# Heavy, or of another floor: none of them is needed to list, train, evaluate or predict.
UNWANTED = ("streamlit", "sklearn", "pandas", "mlxtend", "matplotlib", "scipy", "requests", "pooch")

SCRIPT = """
import sys
from softmax_core.terminal import main

sys.argv = ["softmax_core", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    code = end.code
loaded = {name.partition(".")[0] for name in sys.modules}
sys.stderr.write(f"{code} " + " ".join(sorted(loaded)))
"""


def loaded_by(*words: object) -> set[str]:
    """Top names of all modules that a command loads."""
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT, *map(str, words)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    code, *names = result.stderr.split()
    assert code == "0"
    return set(names)


def test_listing_the_data_sets_loads_nothing_heavy() -> None:
    names = loaded_by("datasets")
    assert "numpy" in names
    assert not names & set(UNWANTED)


def test_only_a_run_with_a_figure_loads_matplotlib(cache_folder: Path, tmp_path: Path) -> None:
    words = ("train", "--dataset", "digits", "--epochs", 1)
    assert not loaded_by(*words, "--save", tmp_path / "run.npz") & set(UNWANTED)
    assert "matplotlib" in loaded_by(*words, "--figure", tmp_path / "curves.png")


def test_a_whole_lesson_works_from_any_folder(cache_folder: Path, tmp_path: Path) -> None:
    # As the README says it, but from elsewhere, and with warnings as errors.
    answer = run_process("train", "--epochs", 1, "--save", tmp_path / "run.npz")
    assert (answer.code, answer.err) == (0, "")
    answer = run_process("evaluate", tmp_path / "run.npz")
    assert (answer.code, answer.err, answer.out.count("\n")) == (0, "", 2)


def test_a_bad_option_is_one_sentence_on_standard_error_and_code_2() -> None:
    answer = run_process("train", "--epoch", 3)
    assert answer.out == ""
    assert_refused(answer, "No such option", "--epoch")


def test_a_pipe_that_closes_early_is_no_fault(cache_folder: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "train", "--dataset", "digits", "--epochs", "3"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 1


def test_a_refusal_of_several_lines_is_said_in_one(capsys: pytest.CaptureFixture[str]) -> None:
    complain("Two lines,\n  and\ta tab")
    assert capsys.readouterr().err == "Error: Two lines, and a tab.\n"


def test_help_names_every_command_and_no_command_shows_it(call: Call) -> None:
    answer = call("--help")
    assert (answer.code, answer.err) == (0, "")
    for command in ("datasets", "fetch", "train", "evaluate", "predict"):
        assert f"\n  {command} " in answer.out
    assert call().out.split("\n\n")[1] == answer.out.split("\n\n")[1]


def test_every_command_has_help(call: Call) -> None:
    for command in ("datasets", "fetch", "train", "evaluate", "predict"):
        answer = call(command, "-h")
        assert answer.code == 0
        assert answer.out.startswith("Usage: ")


def test_an_unknown_command_is_refused(call: Call) -> None:
    assert_refused(call("teach"), "No such command 'teach'")
