"""A recipe's receipt: every published figure, ours over several seeds, and this run's so far."""

from __future__ import annotations

from typing import Final

import streamlit as st

from softmax_core.service import Session, shared_engine
from softmax_core.service.slices import MAX_EVALUATED
from softmax_core.training.recipes.judge import Row
from softmax_core.training.recipes.one_run import RunRow, RunSoFar, receipt_of_run
from softmax_core.training.recipes.receipt import Receipt
from softmax_core.training.recipes.recipe import BOUNDS, COVERS, Claim
from ui.recipes.loading import Choice, changed_settings
from ui.words import _

_REFRESH: Final = 2.0  # seconds, while the run goes on


def receipt_table_ui(
    session: Session, choice: Choice, receipt: Receipt | None, *, is_loaded: bool, running: bool
) -> None:
    """Show the table; while the run goes on, by itself again and again."""
    every = _REFRESH if running and is_loaded else None
    st.fragment(_table_ui, run_every=every)(session, choice, receipt, is_loaded)


def run_so_far(session: Session) -> RunSoFar:
    """Return what the run has measured, as a receipt judges it."""
    view = shared_engine().view(session)
    return RunSoFar(
        seed=view.config.seed,
        curve=view.curve,
        evaluations=view.evaluations,
        epochs=view.epochs,
        n_dead=len(view.dead),
        epoch=view.state.epoch,
        on_part=view.n_samples > MAX_EVALUATED,
    )


def _table_ui(session: Session, choice: Choice, receipt: Receipt | None, is_loaded: bool) -> None:
    claims = choice.recipe.claims_of(choice.version)
    ours = {row.claim.name: row for row in receipt.rows} if receipt else {}
    runs = _run_rows(session, choice, receipt) if is_loaded else {}
    # No verdict on a run that is not the recipe's any more.
    judged = is_loaded and set(changed_settings(session, choice)) <= {"seed"}
    st.table(
        [
            {
                _("Figure"): claim.text,
                _("Published"): _published(claim),
                _ours_title(receipt): _ours(claim, ours.get(claim.name)),
                _("Tolerance"): _tolerance(claim),
                _("Verdict"): _verdict(ours.get(claim.name)),
                _("This run"): _this_run(runs.get(claim.name), judged=judged),
            }
            for claim in claims
        ],
        hide_index=True,
    )


def tolerances_ui(choice: Choice) -> None:
    """Give the reason of every tolerance, each reason once."""
    reasons: dict[str, list[str]] = {}
    for claim in choice.recipe.claims_of(choice.version):
        if claim.why:
            reasons.setdefault(claim.why, []).append(claim.text)
    with st.expander(_("Why these tolerances")):
        for why, texts in reasons.items():
            st.markdown(f"**{'; '.join(texts)}.** {why}")


def _run_rows(session: Session, choice: Choice, receipt: Receipt | None) -> dict[str, RunRow]:
    rows = receipt_of_run(choice.recipe, choice.version, run_so_far(session), receipt)
    return {row.claim.name: row for row in rows}


def _ours_title(receipt: Receipt | None) -> str:
    if receipt is None:
        return _("Ours")
    return _("Ours, {n} seeds: least · middle · most").format(n=len(receipt.runs))


def _published(claim: Claim) -> str:
    if claim.rule == BOUNDS:
        bounds = [
            text.format(f"{value:g}")
            for text, value in ((_("above {}"), claim.low), (_("below {}"), claim.high))
            if value is not None
        ]
        return ", ".join(bounds)
    text = _number(claim, claim.low)
    if claim.low != claim.high:
        text = _("{low} to {high}").format(low=text, high=_number(claim, claim.high))
    return text if claim.printed else _("{figure} (reference)").format(figure=text)


def _ours(claim: Claim, row: Row | None) -> str:
    if row is None or not row.values:
        return "–"
    figures = (row.minimum, row.middle, row.maximum)
    return " · ".join(_number(claim, figure) for figure in figures)


def _tolerance(claim: Claim) -> str:
    if claim.rule == BOUNDS:
        return _("none")
    text = _("our spread ± {margin:g}") if claim.rule == COVERS else _("± {margin:g}")
    return text.format(margin=claim.margin)


def _verdict(row: Row | None) -> str:
    if row is None or row.passed is None:
        return "–"
    return _("✓ agrees") if row.passed else _("✗ differs")


def _this_run(row: RunRow | None, *, judged: bool) -> str:
    if row is None or row.value is None:
        return _("not yet")
    text = _number(row.claim, row.value)
    if row.agrees is None or not judged:
        return text
    return f"{text} ✓" if row.agrees else f"{text} ✗"


def _number(claim: Claim, value: float | None) -> str:
    """Return a figure with the digits the notebooks print."""
    if value is None:
        return "–"
    if claim.quantity == "dead_classes":
        return f"{value:g}"
    return f"{value:.3f}" if abs(value) >= 1 else f"{value:.4f}"
