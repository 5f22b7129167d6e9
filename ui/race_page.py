"""The page Race: runs that differ in one thing, side by side, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any, Final

import streamlit as st

from softmax_core.data.store import open_dataset
from softmax_core.limits import MAX_LANES
from softmax_core.service import Session, Status, shared_engine
from ui import state
from ui.drawing import drawing_ui
from ui.lab_page import lab_page
from ui.live.race_components import RACE_VIEW, Shown, race_reader, race_view
from ui.live.reading import is_pictures
from ui.race.controls import race_controls_ui
from ui.race.differs import difference_of, fairness, lane_name
from ui.race.lanes import lanes_ui
from ui.race.noise import noise_ui
from ui.race.opening import current_race
from ui.race.result import result_text
from ui.race.saving import saving_ui
from ui.race.sweep import sweep_ui
from ui.race.to_lab import open_in_lab
from ui.words import _

_WIDTHS: Final = (1.03, 2.84, 1.33)  # the canvas has a width of its own
_WIDTHS_OF_POINTS: Final = (1.05, 4.15)
_MOST_BETS: Final = 999
_LONGEST_NAME: Final = 80  # of a lane


def race_page() -> None:
    """Show one section at a time."""
    session = state.current_session()
    sections = _sections()
    section = st.segmented_control(
        _("Section"),
        list(sections),
        required=True,
        key=state.begin(state.RACE_SECTION, next(iter(sections))),
        label_visibility="collapsed",
    )
    sections[section or next(iter(sections))](session)


def _sections() -> dict[str, Callable[[Session], None]]:
    return {
        _("Race"): _race_ui,
        _("Sweep"): partial(_without_canvas, sweep_ui),
        _("Noise"): partial(_without_canvas, noise_ui),
    }


def _without_canvas(section_ui: Callable[[Session], None], session: Session) -> None:
    state.canvas_is_gone()
    section_ui(session)


def _race_ui(session: Session) -> None:
    race, setup = current_race(session)
    shows_pictures = is_pictures(open_dataset(setup.base.dataset))
    columns = st.columns(_WIDTHS if shows_pictures else _WIDTHS_OF_POINTS, gap="medium")
    with columns[0].container(key="race_settings"):
        lanes_ui(session, race, setup)
        # Read once: the button and the live view, which corrects it, must not disagree.
        running = race.status is Status.RUNNING
        race_controls_ui(race, running=running)
        saving_ui(race)
    view = shared_engine().race_view(race)
    configs = [lane.config for lane in view.lanes]
    field = difference_of(configs)
    names = [lane_name(config, field) for config in configs]
    shown = Shown(fairness(field), state.bets(), result_text(race, view, names))
    with columns[1].container(key="race"):
        asked = race_view(race, shown, running=running, on_bets=_take_bets)
    if shows_pictures:
        with columns[2].container(key="race_drawing"):
            drawing_ui(session, reads=lambda: race_reader(session, race))
    else:
        state.canvas_is_gone()
    if asked is not None:
        trouble = open_in_lab(session, race, asked)
        if trouble is None:
            st.switch_page(st.Page(lab_page, title=_("Lab"), url_path="lab", default=True))
        st.warning(trouble)


def _take_bets() -> None:
    """Keep the tally that the browser has told; what is no tally of bets is passed over."""
    told = state.told_by(RACE_VIEW, "bets")
    if isinstance(told, dict):
        state.remember_bets(_tally(told))


def _tally(told: dict[Any, Any]) -> dict[str, int]:
    """Return how many have bet on each lane; of counts that are none, nothing."""
    return {
        str(name): int(min(count, _MOST_BETS))
        for name, count in islice(told.items(), MAX_LANES)
        if isinstance(count, int | float) and count >= 1 and len(str(name)) <= _LONGEST_NAME
    }
