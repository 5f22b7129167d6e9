"""The gradient check of a suspect: which block it points at, what gives it away, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from softmax_core.data.store import open_dataset
from softmax_core.figures import Theme
from softmax_core.figures.blocks import (
    BlockEntries,
    biases_figure,
    biases_summary,
    blocks_figure,
    blocks_summary,
    rows_figure,
    rows_summary,
)
from softmax_core.training.lane_check import ENTRIES, LaneCheck, RowMaxima, check_lane, row_maxima
from softmax_core.training.lanes import Lane
from softmax_core.training.mistakes import Mistake
from ui import state
from ui.recipes.drawn import drawn_ui
from ui.recipes.jobs import answer_ui, ask
from ui.recipes.verdicts import block_title, culprits_sentence, table_of
from ui.whole import whole
from ui.words import _

if TYPE_CHECKING:
    from softmax_core.figures import Figure

CHECK: Final = "spot_check"  # the jobs
ROWS: Final = "spot_rows"
_BIAS: Final = "b"


def check_ui(lanes: tuple[Lane, ...], names: tuple[str, str], mistake: Mistake | None) -> None:
    """Offer the check of the second lane; once asked for, show what it found.

    Parameters
    ----------
    lanes : tuple of Lane
    names : tuple of str
        What the page calls them.
    mistake : Mistake or None
        None while it is hidden.
    """
    job = state.job(CHECK)
    if job is None:
        _offer_ui(lanes[-1])
        return
    check: LaneCheck | None = answer_ui(CHECK, _("Checking the gradient …"))
    if check is None:
        return
    sentence = culprits_sentence(check)
    if check.culprits:
        st.error(sentence, icon=":material/close:")
    else:
        st.success(sentence, icon=":material/check:")
    left, right = st.columns([1, 1.35], gap="medium")
    with left:
        st.markdown(table_of(check))
        st.caption(
            _(
                "Error: how far the claim is from the slope, as a share of the larger of the two; "
                "0 is right, but for rounding. Factor: claim divided by slope, where it is one and "
                "the same for all entries."
            )
        )
        if mistake is not None:
            _why_ui(mistake)
    with right:
        drawn_ui("spot_blocks", job.started, lambda theme: _entries(check, theme))
        _evidence_ui(lanes, names, mistake, job.started)


def _offer_ui(suspect: Lane) -> None:
    st.button(
        _("Check the gradient"),
        key="spot_check_button",
        type="primary",
        icon=":material/troubleshoot:",
        on_click=whole(ask),
        args=(CHECK, None, check_lane, suspect.config, suspect.state.params),
        help=_(
            "Hold up to {n} entries of every block against the slope of the loss, taken "
            "numerically."
        ).format(n=ENTRIES),
    )


def _why_ui(mistake: Mistake) -> None:
    """Say why it is wrong, why the curve hid it, and who found it."""
    st.markdown(f"**{_('Why')}** · {_(mistake.why)}")
    for credit in mistake.credits:
        st.caption(f"[{credit.repository}]({credit.url}): {_(credit.text)}.")
    if mistake.credits:
        st.caption(_("Thanks to all who show their work: that is how it could be found."))


def _evidence_ui(
    lanes: tuple[Lane, ...], names: tuple[str, str], mistake: Mistake | None, stamp: float
) -> None:
    """Show the biases, and what only some mistakes have to show."""
    if mistake is not None and mistake.name == "whole-max":
        _rows_ui(lanes[-1])
    if all(_BIAS in lane.state.params for lane in lanes):
        drawn_ui("spot_biases", (stamp, names), lambda theme: _biases(lanes, names, theme))


def _rows_ui(lane: Lane) -> None:
    job = state.job(ROWS)
    if job is None:
        st.markdown(
            _("Where it breaks: let the pixels be 0 to 255, and some pictures become confident.")
        )
        st.button(
            _("Show it confident pictures"),
            key="spot_rows_button",
            on_click=whole(ask),
            args=(ROWS, None, row_maxima, lane.config),
        )
        return
    rows: RowMaxima | None = answer_ui(ROWS, _("Looking at each picture's logits …"))
    if rows is not None:
        drawn_ui("spot_rows", job.started, lambda theme: _rows(rows, theme))
        st.markdown(
            _("Trained on such pixels, this lane stops at step {step}.").format(
                step=rows.stopped_at
            )
        )


def dead_ui(lane: Lane) -> None:
    """Name the classes that ReLU silenced, and when."""
    class_names = open_dataset(lane.config.dataset).info.class_names
    if not lane.dead:
        st.info(_("No class died in this run: which ones do depends on the first weights."))
        return
    by_step: dict[int, list[str]] = {}
    for one in lane.dead:
        by_step.setdefault(one.since_step, []).append(class_names[one.index])
    dead = "; ".join(
        _("{names}, by the update of step {step}").format(names=", ".join(names), step=step)
        for step, names in sorted(by_step.items())
    )
    st.warning(
        _(
            "Dead classes: {dead}. No training picture raises them above 0 any more, so no "
            "gradient reaches them, and hardly one of their own pictures is read right."
        ).format(dead=dead),
        icon=":material/heart_broken:",
    )


def _entries(check: LaneCheck, theme: Theme) -> tuple[Figure, str]:
    blocks = [
        BlockEntries(block_title(block.name), block.claimed, block.numeric, check.agrees(block))
        for block in check.blocks
    ]
    figure = blocks_figure(blocks, theme=theme)
    return figure, blocks_summary(blocks)


def _biases(lanes: tuple[Lane, ...], names: tuple[str, str], theme: Theme) -> tuple[Figure, str]:
    class_names = open_dataset(lanes[0].config.dataset).info.class_names
    biases = [(name, lane.state.params[_BIAS]) for name, lane in zip(names, lanes, strict=True)]
    figure = biases_figure(biases, class_names, theme=theme)
    return figure, biases_summary(biases, class_names)


def _rows(rows: RowMaxima, theme: Theme) -> tuple[Figure, str]:
    figure = rows_figure(rows.largest, rows.is_lost, rows.limit, theme=theme)
    summary = rows_summary(rows.largest, rows.is_lost, rows.limit)
    return figure, summary
