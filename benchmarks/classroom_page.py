"""The page of the docs with the last results of ``benchmarks.classroom``, written from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

_INTRODUCTION: Final = """# A class on one server

What one machine carries, measured by `python -m benchmarks.classroom --page docs/load.md`, which
wrote this page (with `--after 1000` it waits until the last class's runs are dropped, and looks at
the memory again). Each class has a server of its own. Its students come in within ten seconds,
train softmax regression on MNIST at full speed all the time, and each does one more thing, again
and again: watch, drag the slider of the learning rate, draw, pause and go on, reload, or lose the
connection and come back. They do it over raw sockets; one or two of them are real pages in
Chromium. Students and server share the machine, so a server of its own does better.

A click is one on Train or Pause or a move of the slider; its time ends when an answer to the live
view shows what it changed. A fair share is what everybody would get if all that train got the same.
Memory is that of the web server and its workers together, shared pages counted once.
"""


def write_page(file: Path, kept: Mapping[str, Any]) -> None:
    """Write the page.

    Parameters
    ----------
    file : Path
    kept : mapping
        What ``Report.kept`` gives: the machine, rows and goals.
    """
    rows = {row["name"]: row for row in kept["rows"]}
    sizes = list(dict.fromkeys(name.partition(":")[0] for name in rows))
    titles = list(dict.fromkeys(name.partition(": ")[2] for name in rows))
    lines = [_INTRODUCTION, "| | " + " | ".join(f"{size} students" for size in sizes) + " |"]
    lines.append("| --- |" + " ---: |" * len(sizes))
    for title in titles:
        cells = [_cell(rows.get(f"{size}: {title}")) for size in sizes]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    lines += [
        "",
        "Of three numbers in one place, the first is the median.",
        "",
    ]
    lines += _table("The goals", ("goal", "measured", ""), _goals(kept["goals"]))
    today = datetime.now(UTC).date().isoformat()
    machine = [("date", today), *kept["machine"].items()]
    lines += _table("The machine", ("", ""), machine)
    file.write_text("\n".join(lines), encoding="utf-8")


def _cell(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return ""
    text = _number(row["median"])
    if len(row["values"]) > 1:
        text += f" ({_number(row['low'])} to {_number(row['high'])})"
    return f"{text} {row['unit']}".strip()


def _goals(goals: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    return [(g["goal"], _number(g["value"]), "met" if g["met"] else "**missed**") for g in goals]


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [f"## {title}", "", "| " + " | ".join(head) + " |", "| --- " * len(head) + "|"]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows), ""]


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
