"""All benchmarks beside what a user would pick instead, one after another, and their table.

``python -m benchmarks [--only NAME ...] [--rounds N] [--write]``

Each runs in a process of its own, as ``python -m benchmarks.NAME --json FILE`` does. Their goals
are printed in the end, as the table of the README; with ``--write`` the numbers go to
``docs/benchmarks.json``, all rows to ``docs/benchmarks.md``, and the table into the README. The
exit status is 1 where a goal was missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks.table import goals_table, write_all

# By the name in the table: module and options, in the order in which they run.
SUITE: Final = {
    "epoch": ("epoch", ()),
    "epoch, all cores": ("epoch", ("--threads", "all")),
    "hidden layer": ("epoch_hidden", ()),
    "time to 92 %": ("time_to_accuracy", ()),
    "many at once": ("many", ()),
    "race": ("race", ()),
    "race beside vmap": ("race_peers", ()),
    "page": ("page", ()),
    "plain Streamlit": ("plain_page", ()),
    "first visit": ("first_visit", ()),
    "growth": ("growth", ()),
}
_FAILED: Final = 2
_PROJECT: Final = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run the suite and return the exit status."""
    arguments = _arguments()
    results: dict[str, Any] = {}
    failed = []
    with tempfile.TemporaryDirectory(prefix="softmax-lab-benchmarks-") as folder:
        for name in arguments.only or SUITE:
            file = Path(folder) / "result.json"
            file.unlink(missing_ok=True)
            status = _run(name, file, arguments.rounds)
            if file.is_file():
                today = datetime.now(UTC).date().isoformat()
                results[name] = {"date": today, **json.loads(file.read_text(encoding="utf-8"))}
            else:
                failed.append(f"{name} ended with status {status} and measured nothing.")
    if arguments.write:
        write_all(_PROJECT, results)
    print("\n" + "\n".join([*goals_table(results), *failed]))
    met = all(goal["met"] for result in results.values() for goal in result["goals"])
    return _FAILED if failed else int(not met)


def _run(name: str, file: Path, rounds: int | None) -> int:
    module, options = SUITE[name]
    more = () if rounds is None else ("--rounds", str(rounds))
    command = [sys.executable, "-m", f"benchmarks.{module}", "--json", str(file), *options, *more]
    print(f"\n{'=' * 20} {name}", flush=True)
    return subprocess.run(command, cwd=_PROJECT, check=False).returncode


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    names = ", ".join(SUITE).replace("%", "%%")  # argparse fills in what stands behind one
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=list(SUITE), help=names)
    parser.add_argument("--rounds", type=int, help="of each, instead of its own number")
    parser.add_argument("--write", action="store_true", help="into docs/ and the README")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
