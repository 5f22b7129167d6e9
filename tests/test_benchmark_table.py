"""The figures in README and docs are those that the benchmarks wrote."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks.__main__ import SUITE, main
from benchmarks.table import BEGIN, JSON, PAGE, README, goals_table, page_of, with_table
from tests.source_tree import PROJECT


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PROJECT / JSON).read_text(encoding="utf-8"))
    return found


def test_all_of_the_suite_was_written(results: dict[str, Any]) -> None:
    assert set(results) == set(SUITE)


def test_the_command_names_its_benchmarks_when_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["benchmarks", "--help"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0
    told = " ".join(capsys.readouterr().out.split())
    assert ", ".join(SUITE) in told


def test_the_table_in_the_readme_is_the_one_that_was_written(results: dict[str, Any]) -> None:
    readme = (PROJECT / README).read_text(encoding="utf-8")
    assert BEGIN in readme
    assert with_table(readme, results) == readme


def test_the_page_is_the_one_that_was_written(results: dict[str, Any]) -> None:
    assert page_of(results) == (PROJECT / PAGE).read_text(encoding="utf-8")


def test_a_missed_goal_says_so() -> None:
    goals = [{"goal": "a at most 2", "value": 2.5, "met": False}]
    (row,) = goals_table({"one": {"goals": goals}})[2:]
    assert row == "| one | a at most 2 | 2.50 | **missed** |"
