"""Receipts as tables of text, as wide as the terminal, or as wide as they need in a pipe."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from softmax_core.training.dead import DeadClass
from softmax_core.training.recipes.judge import Row
from softmax_core.training.recipes.one_run import RunRow
from softmax_core.training.recipes.receipt import Receipt
from softmax_core.training.recipes.recipe import BOUNDS, Claim

_PIPE_WIDTH = 132


def report_console() -> Console:
    """Return standard output, which in a pipe has no width of its own."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(width=_PIPE_WIDTH, highlight=False)


def print_receipt(receipt: Receipt, console: Console) -> None:
    """Print one version's table and why each margin is what it is."""
    rows = receipt.rows
    held = sum(row.passed is True for row in rows)
    seeds = ", ".join(str(seed) for seed in receipt.seeds)
    console.print(
        f"\n[bold]{receipt.recipe.name}[/bold], {escape(receipt.version.name)}: {held} of "
        f"{len(rows)} figures agree. Seeds {seeds}; {sum(r.seconds for r in receipt.runs):.0f} s."
    )
    reasons = list(dict.fromkeys(row.claim.why for row in rows))
    table = _table("Published figure", "published", "min", "median", "max", "margin", "note", "")
    for row in rows:
        ours = [number_text(row.claim, v) for v in (row.minimum, row.middle, row.maximum)]
        note = chr(ord("a") + reasons.index(row.claim.why))
        margin = f"±{row.claim.margin:g}" if row.claim.margin else "none"
        published = published_text(row.claim)
        table.add_row(escape(row.claim.text), published, *ours, margin, note, _verdict(row))
    console.print(table)
    if not all(row.claim.printed for row in rows):
        console.print("  ( )  not printed by the author: an independent reference's figure")
    for number, reason in enumerate(reasons):
        console.print(Text(f"  {chr(ord('a') + number)}  {reason}"))
    for run in receipt.runs:
        if run.dead:
            console.print(f"  seed {run.seed}: {dead_text(run.dead)}")
        if run.stopped:
            console.print(Text(f"  seed {run.seed}: {run.stopped}"))


def print_run_rows(rows: Sequence[RunRow], console: Console) -> None:
    """Print what one run reached beside what was published."""
    table = _table("Published figure", "published", "this run", "")
    for row in rows:
        value = "–" if row.value is None else number_text(row.claim, row.value)
        words = {True: "agrees", False: "differs", None: "–"}
        table.add_row(escape(row.claim.text), published_text(row.claim), value, words[row.agrees])
    console.print(table)


def dead_text(dead: Sequence[DeadClass]) -> str:
    """Say which classes are dead, and since when."""
    names = ", ".join(f"{each.index} (since step {each.since_step:,})" for each in dead)
    return f"silent classes {names}"


def published_text(claim: Claim) -> str:
    """Return a published figure, range or bound; one that was not printed in brackets."""
    low, high = (None if v is None else number_text(claim, v) for v in (claim.low, claim.high))
    figure = f"{low}" if low == high else f"{low} to {high}"
    if claim.rule == BOUNDS:
        bounds = ((">", low), ("<", high))
        figure = " and ".join(f"{sign} {value}" for sign, value in bounds if value is not None)
    return figure if claim.printed else f"({figure})"


def number_text(claim: Claim, value: float) -> str:
    """Return a figure with the digits that mean something beside the claim's margin."""
    if claim.quantity == "dead_classes":
        return f"{value:g}"
    digits = 4 if claim.margin < 0.004 or claim.quantity.endswith("accuracy") else 3
    return f"{value:.{digits}f}"


def _verdict(row: Row) -> str:
    return {True: "pass", False: "[bold]FAIL[/bold]", None: "not reached"}[row.passed]


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(first, overflow="fold")
    for heading in others:
        table.add_column(heading, justify="right", no_wrap=True)
    return table
