"""Receipts as a file: what our own runs reached, for pages that have not the data to run them."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from softmax_core.errors import UserError
from softmax_core.training.dead import DeadClass
from softmax_core.training.recipes import find_recipe, find_version
from softmax_core.training.recipes.judge import Row
from softmax_core.training.recipes.receipt import Receipt, SeedRun
from softmax_core.training.recipes.recipe import QUANTITIES

FORMAT: Final = 1
STORED: Final = Path(__file__).resolve().parents[3] / "assets" / "receipts.json"
_DIGITS: Final = 6  # float32 has no more


@dataclass(frozen=True)
class StoredReceipts:
    """Receipts and where they come from.

    Attributes
    ----------
    receipts : dict
        By the names of recipe and version.
    numpy, python : str
        Versions of what computed them.
    seconds : float
        Wall time of all runs together.
    """

    receipts: dict[tuple[str, str], Receipt]
    numpy: str
    python: str
    seconds: float


def load_receipts(path: Path = STORED) -> dict[tuple[str, str], Receipt]:
    """Return the stored receipts by the names of recipe and version; see ``load_stored``."""
    return load_stored(path).receipts


def load_stored(path: Path = STORED) -> StoredReceipts:
    """Read and check a file of receipts.

    Only the runs' figures are taken from it; every claim is judged anew.

    Raises
    ------
    UserError
        ``receipts-file`` if it is missing, damaged or of another version.
    """
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        if report["format"] != FORMAT:
            raise ValueError("another format")
        receipts = [_receipt(entry) for entry in report["receipts"]]
        return StoredReceipts(
            {(r.recipe.name, r.version.name): r for r in receipts},
            str(report["numpy"]),
            str(report["python"]),
            float(report["seconds"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, UserError) as error:
        raise UserError(
            "receipts-file",
            f"The receipts in {path.name} cannot be read. Make them again with "
            "'python -m softmax_core receipts --report FILE'.",
        ) from error


def receipts_text(receipts: Sequence[Receipt], seconds: float) -> str:
    """Return receipts as JSON, a line for each.

    Parameters
    ----------
    receipts : sequence of Receipt
    seconds : float
        Wall time of all runs together.
    """
    lines = ",\n".join(json.dumps(_entry(r), allow_nan=False) for r in receipts)
    head = {"format": FORMAT, "numpy": np.__version__, "python": platform.python_version()}
    meta = json.dumps(head | {"seconds": round(seconds, 1)})
    return f'{meta[:-1]}, "receipts": [\n{lines}\n]}}\n'


def _entry(receipt: Receipt) -> dict[str, Any]:
    return {
        "recipe": receipt.recipe.name,
        "version": receipt.version.name,
        "quick": receipt.quick,
        "passed": receipt.passed,
        "seeds": receipt.seeds,
        "claims": [_claim(row) for row in receipt.rows],
        "runs": [_run_entry(run) for run in receipt.runs],
    }


def _claim(row: Row) -> dict[str, Any]:
    claim, ours = row.claim, {}
    if row.values:
        ours = {
            "min": _finite(row.minimum),
            "median": _finite(row.middle),
            "max": _finite(row.maximum),
        }
    return {
        "name": claim.name,
        "text": claim.text,
        "quantity": claim.quantity,
        "at": claim.at,
        "published": [claim.low, claim.high],
        "rule": claim.rule,
        "margin": claim.margin,
        "why": claim.why,
        **ours,
        "passed": row.passed,
    }


def _run_entry(run: SeedRun) -> dict[str, Any]:
    return {
        "seed": run.seed,
        "seconds": round(run.seconds, 2),
        "stopped": run.stopped,
        "dead": [[dead.index, dead.since_step] for dead in run.dead],
        "figures": {
            quantity: [sorted(values), [_finite(values[at]) for at in sorted(values)]]
            for quantity, values in run.figures.items()
        },
    }


def _finite(value: float) -> float | None:
    """Round to the digits there are; JSON has no infinity."""
    return float(f"{value:.{_DIGITS}g}") if np.isfinite(value) else None


def _receipt(entry: dict[str, Any]) -> Receipt:
    recipe = find_recipe(entry["recipe"])
    version = find_version(recipe, entry["version"])
    runs = tuple(_run(run) for run in entry["runs"])
    return Receipt(recipe, version, runs, quick=bool(entry["quick"]))


def _run(entry: dict[str, Any]) -> SeedRun:
    figures = {}
    for quantity, (places, values) in entry["figures"].items():
        if quantity not in QUANTITIES:
            raise ValueError("a quantity that is not known")
        pairs = zip(places, values, strict=True)
        figures[quantity] = {int(at): _number(value) for at, value in pairs}
    dead = tuple(DeadClass(int(index), int(since)) for index, since in entry["dead"])
    return SeedRun(
        int(entry["seed"]), figures, dead, float(entry["seconds"]), str(entry["stopped"])
    )


def _number(value: float | None) -> float:
    return float("inf") if value is None else float(value)
