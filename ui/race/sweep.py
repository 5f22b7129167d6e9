"""The section Sweep: many learning rates at once, and with batch sizes as a map."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import streamlit as st

from softmax_core.errors import UserError
from softmax_core.service import Session, Status, Sweep, shared_engine
from softmax_core.training.sweep import N_GRID_RATES, N_RATES
from ui import state
from ui.lab_page import lab_page
from ui.live.sweep_components import Asked, sweep_view
from ui.race.sweep_saving import sweep_saving_ui
from ui.race.swept_settings import GRID, RATES, is_of_other_settings, rows_for, settings_said
from ui.words import _, plain_number

_WIDTHS: Final = (1.05, 4.15)
_MOST_EPOCHS: Final = 10


def sweep_ui(session: Session) -> None:
    """Show what to sweep and the buttons on the left, the picture on the right."""
    left, right = st.columns(_WIDTHS, gap="medium")
    with left.container(key="sweep_settings"):
        kind, epochs = _choices_ui(session)
        sweep = shared_engine().sweep_of(session)
        # Read once: the button and the view, which corrects it, must not disagree.
        running = sweep is not None and sweep.status is Status.RUNNING
        _button_ui(session, sweep, (kind, epochs), running=running)
        if sweep is not None:
            sweep_saving_ui(sweep)
    with right.container(key="sweep"):
        asked = sweep_view(session, sweep, _note(session, sweep), running=running)
    if asked is not None and sweep is not None:
        trouble = open_run(session, sweep, asked)
        if trouble is None:
            st.switch_page(st.Page(lab_page, title=_("Lab"), url_path="lab", default=True))
        st.warning(trouble)


def open_run(session: Session, sweep: Sweep, asked: Asked) -> str | None:
    """Begin a run of the sweep as the run of all pages; return why that cannot be, or None."""
    if not (0 <= asked.row < len(sweep.rows) and 0 <= asked.lane < len(sweep.rows[0])):
        return _("There is no such run in the sweep.")
    # As many epochs as the run had been asked for.
    config = replace(sweep.rows[asked.row][asked.lane], epochs=session.config.epochs)
    try:
        shared_engine().configure(session, config, restart=True)
    except UserError as error:
        return error.text
    state.remember_recipe(None)
    text = _("This run has learning rate {rate} and batch size {size}: press Train to see it.")
    state.add_notice(
        text.format(rate=plain_number(config.learning_rate), size=f"{config.batch_size:,}")
    )
    return None


def _choices_ui(session: Session) -> tuple[str, int]:
    titles = {RATES: _("Learning rate"), GRID: _("… and batch size")}
    kind: str | None = st.segmented_control(
        _("What to try"),
        list(titles),
        format_func=titles.__getitem__,
        required=True,
        key=state.begin(state.SWEEP_KIND, RATES),
        help=_(
            "Learning rate: {n} rates from 0.0001 to 10, all trained at once. With the batch size: "
            "a map of {few} rates for each of up to five batch sizes, worked out in the background."
        ).format(n=N_RATES, few=N_GRID_RATES),
    )
    epochs: int = st.number_input(
        _("Epochs for each run"),
        1,
        _MOST_EPOCHS,
        key=state.begin(state.SWEEP_EPOCHS, 1),
        help=_("How many times each run goes through all training pictures."),
    )
    settings = settings_said(session.config, with_batch_size=kind != GRID)
    st.caption(
        _("All runs: {settings}. Same batches, same first weights.").format(settings=settings)
    )
    return kind or RATES, epochs


def _button_ui(
    session: Session, sweep: Sweep | None, chosen: tuple[str, int], *, running: bool
) -> None:
    # One button with two labels, as in the Lab: it keeps the keyboard's focus.
    st.button(
        _("Cancel") if running else _("Start the sweep"),
        key="sweep_start",
        type="primary",
        width="stretch",
        on_click=_cancel if running else _start,
        args=(session, sweep) if running else (session, *chosen),
    )


def _start(session: Session, kind: str, epochs: int) -> None:
    try:
        shared_engine().start_sweep(session, rows_for(session.config, kind, epochs))
    except UserError as error:
        state.add_notice(error.text)


def _cancel(_session: Session, sweep: Sweep) -> None:
    shared_engine().cancel_sweep(sweep)


def _note(session: Session, sweep: Sweep | None) -> str:
    if sweep is None:
        return ""
    if is_of_other_settings(shared_engine().sweep_view(sweep), session.config):
        return _("Your run in the Lab has other settings by now: start again to sweep with those.")
    return ""
