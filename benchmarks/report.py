"""What a benchmark prints: the machine, a line for each measurement, and its goals."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.machine import describe_machine
from benchmarks.timing import Spread, spread

_NAME: Final = 44  # columns


class Report:
    """Lines that are printed as they come, and kept for a JSON file.

    Parameters
    ----------
    title : str
        What is measured, in one sentence.
    """

    def __init__(self, title: str) -> None:
        machine = describe_machine()
        self._kept: dict[str, Any] = {"title": title, "machine": machine, "rows": [], "goals": []}
        self._group = ""
        print(title)
        for name, text in machine.items():
            self.note(name, text)

    @property
    def kept(self) -> dict[str, Any]:
        """The machine, all rows and all goals so far."""
        return self._kept

    def note(self, name: str, text: str) -> None:
        """Print a fact about the circumstances, and keep it with the machine."""
        self._kept["machine"][name] = text
        print(f"  {name:12} {text}", flush=True)

    def heading(self, text: str) -> None:
        """Begin a group of rows."""
        self._group = text
        print(f"\n{text:{_NAME}} {'median':>10}   min .. max", flush=True)

    def row(self, name: str, values: Sequence[float], unit: str = "") -> Spread:
        """Print and keep one measurement; return its spread."""
        found = spread(values)
        kept = {"group": self._group, "name": name, "unit": unit}
        self._kept["rows"].append({**kept, **found._asdict(), "values": list(values)})
        median, low, high = (short_number(value) for value in found)
        print(f"  {name:{_NAME - 2}} {median:>10}   {low} .. {high} {unit}".rstrip())
        return found

    def note_row(self, name: str, values: Mapping[str, float]) -> None:
        """Print and keep numbers that are no measurements of time, one for each name."""
        self._kept["rows"].append({"group": self._group, "name": name, "values": dict(values)})
        said = ", ".join(f"{key} {value:.4f}" for key, value in values.items())
        print(f"  {name}: {said}")

    def goal_at_most(self, name: str, value: float, bound: float) -> None:
        """State a goal that a small value meets."""
        self._goal(f"{name} at most {bound:g}", value, value <= bound)

    def goal_at_least(self, name: str, value: float, bound: float) -> None:
        """State a goal that a large value meets."""
        self._goal(f"{name} at least {bound:g}", value, value >= bound)

    def finish(self, json_file: Path | None) -> int:
        """Write the JSON file where one is wanted; return 0, or 1 where a goal was missed."""
        if json_file is not None:
            json_file.write_text(json.dumps(self._kept, indent=1) + "\n", encoding="utf-8")
        return 0 if all(goal["met"] for goal in self._kept["goals"]) else 1

    def _goal(self, text: str, value: float, met: bool) -> None:
        self._kept["goals"].append({"goal": text, "value": value, "met": met})
        print(f"\nGoal: {text}. Measured: {value:.2f}. {'Met.' if met else 'MISSED.'}")


def parse_arguments(module_doc: str | None, rounds: int) -> argparse.Namespace:
    """Read the options every benchmark has: ``--json`` and ``--rounds``."""
    return argument_parser(module_doc, rounds).parse_args()


def argument_parser(module_doc: str | None, rounds: int) -> argparse.ArgumentParser:
    """Return a parser of these options, for a benchmark that has more."""
    parser = argparse.ArgumentParser(description=(module_doc or "").partition("\n")[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers there too")
    parser.add_argument("--rounds", type=int, default=rounds, help=f"default {rounds}")
    return parser


def short_number(value: float) -> str:
    """Write three digits that mean something, or all before the point."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
