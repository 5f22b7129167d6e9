"""What the suite wrote down: JSON with every number, a page with every row, the README's table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from benchmarks.report import short_number

JSON: Final = Path("docs/benchmarks.json")
PAGE: Final = Path("docs/benchmarks.md")
README: Final = Path("README.md")
BEGIN: Final = "<!-- benchmarks: written by python -m benchmarks --write -->"
END: Final = "<!-- end of benchmarks -->"
Results = Mapping[str, Any]

_INTRODUCTION: Final = """# Benchmarks

Written by `python -m benchmarks --write`, which measures everything here beside what a user would
pick instead, in turn and on the same work (`pip install -r requirements-bench.txt` brings the
others). Of three numbers the first is the median, the others are the extremes. What each row means
stands at the top of its module in `benchmarks/`."""


def write_all(project: Path, results: Results) -> None:
    """Add new results to the JSON file and write the page and the README's table from it."""
    file = project / JSON
    known: dict[str, Any] = {}
    if file.is_file():
        known.update(json.loads(file.read_text(encoding="utf-8")))
    known.update(results)
    file.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    (project / PAGE).write_text(page_of(known), encoding="utf-8")
    readme = project / README
    readme.write_text(with_table(readme.read_text(encoding="utf-8"), known), encoding="utf-8")


def with_table(readme: str, results: Results) -> str:
    """Return the README with the table of these results between its marks."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return "\n".join([before + BEGIN, *goals_table(results), *machine_lines(results), END]) + after


def goals_table(results: Results) -> list[str]:
    """Return the lines of a table of all goals, and how near they were come to."""
    lines = ["| benchmark | goal | measured | |", "| --- | --- | ---: | --- |"]
    for name, result in results.items():
        for goal in result["goals"]:
            met = "met" if goal["met"] else "**missed**"
            lines.append(f"| {name} | {goal['goal']} | {short_number(goal['value'])} | {met} |")
    return lines


def machine_lines(results: Results) -> list[str]:
    """Say when and on what this was measured."""
    dates = sorted({result["date"] for result in results.values()})
    machines = {result["machine"]["processor"] for result in results.values()}
    return ["", f"Measured {' and '.join(dates)} on {' and '.join(sorted(machines))}.", ""]


def page_of(results: Results) -> str:
    """Return the page with the goals and every row."""
    lines = [_INTRODUCTION, "", *goals_table(results), *machine_lines(results)]
    for name, result in results.items():
        lines += [f"## {name[:1].upper()}{name[1:]}", "", f"{result['title']}.", ""]
        lines += [*_groups(result), *_machine(result), ""]
    return "\n".join(lines)


def _groups(result: Results) -> list[str]:
    """Return a table for each group of rows, and below it what is no measurement of time."""
    lines = []
    for group, rows in groupby(result["rows"], key=itemgetter("group")):
        members = list(rows)
        lines += [f"| {group} | median | from | to | |", "| --- | ---: | ---: | ---: | --- |"]
        lines += [_row(row) for row in members if "median" in row]
        lines += ["", *(_said(row) for row in members if "median" not in row), ""]
    return lines


def _row(row: Mapping[str, Any]) -> str:
    numbers = " | ".join(short_number(row[key]) for key in ("median", "low", "high"))
    return f"| {row['name']} | {numbers} | {row['unit']} |"


def _said(row: Mapping[str, Any]) -> str:
    said = ", ".join(f"{key} {value:.4f}" for key, value in row["values"].items())
    return f"{row['name'][:1].upper()}{row['name'][1:]}: {said}."


def _machine(result: Results) -> list[str]:
    facts = {"date": result["date"], **result["machine"]}
    return ["; ".join(f"{name}: {text}" for name, text in facts.items()) + "."]
