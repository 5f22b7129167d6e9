"""Choosing the lanes: what differs, its values, how long and how fast."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import streamlit as st

from softmax_core import limits
from softmax_core.data.store import open_dataset
from softmax_core.service import Race, Session, shared_engine
from softmax_core.training import TrainingConfig
from ui import state
from ui.datasets import dataset_title
from ui.race.address import MIN_LANES
from ui.race.differs import DIFFERENCES, choices_of, difference_title, value_title
from ui.race.opening import race_base, set_lanes, setup_for
from ui.state import RaceSetup
from ui.words import _, initial_weights_title, network_title, plain_number

_PACES: Final[dict[str, float | None]] = {"slow": 0.2, "watch": 1.0, "full": None}
_DEFAULT_PACE: Final = "watch"


def lanes_ui(session: Session, race: Race, setup: RaceSetup) -> None:
    """Show what the lanes are, and give the race others when something is changed."""
    field: str = st.selectbox(
        _("What differs"),
        DIFFERENCES,
        format_func=difference_title,
        key=state.begin(state.RACE_DIFFERS, setup.field),
        help=_("The lanes of a race differ in one thing only: so the curves speak of it alone."),
    )
    if field != setup.field:
        # Its values are another widget; they begin with the usual ones, and without bets.
        state.remember_bets({})
        _set(race, setup, **setup_for(setup.base, field)._asdict())
        setup = state.race_setup() or setup
    _values_ui(race, setup)
    setup = state.race_setup() or setup
    left, right = st.columns((0.85, 1.15), gap="small")
    with left:
        _epochs_ui(race, setup)
    with right:
        _pace_ui(race)
    _shared_ui(session, race, state.race_setup() or setup)


def _values_ui(race: Race, setup: RaceSetup) -> None:
    n_samples = open_dataset(setup.base.dataset).info.n_train
    choices = choices_of(setup.field, setup.base)
    chosen: list[Any] = st.multiselect(
        _("Lanes"),
        choices,
        format_func=lambda value: value_title(setup.field, value, n_samples),
        max_selections=limits.MAX_LANES,
        key=state.begin(_values_key(setup.field), list(setup.values)),
        help=_("{least} to {most} values: one lane each.").format(
            least=MIN_LANES, most=limits.MAX_LANES
        ),
    )
    if len(chosen) < MIN_LANES:
        st.warning(_("Choose at least {n} lanes: the race keeps those it has.").format(n=MIN_LANES))
        return
    _set(race, setup, values=tuple(value for value in choices if value in chosen))


def _values_key(field: str) -> str:
    return state.RACE_VALUES + field


def _epochs_ui(race: Race, setup: RaceSetup) -> None:
    epochs = st.number_input(
        _("Epochs"),
        1,
        limits.MAX_EPOCHS,
        key=state.begin(state.RACE_EPOCHS, setup.base.epochs),
        help=_("How many times each lane goes through its training pictures."),
    )
    _set(race, setup, base=replace(setup.base, epochs=epochs))


def _pace_ui(race: Race) -> None:
    titles = {
        "slow": _("Slow"),
        "watch": _("To watch"),
        "full": _("Full"),
    }
    pace: str = st.selectbox(
        _("Speed"),
        list(_PACES),
        format_func=titles.__getitem__,
        key=state.begin(state.RACE_PACE, _DEFAULT_PACE),
        help=_(
            "Slow: 5 seconds an epoch. To watch: 1 second an epoch. At full speed a short race "
            "is over before anybody has seen it."
        ),
    )
    shared_engine().set_race_pace(race, _PACES[pace])


def _shared_ui(session: Session, race: Race, setup: RaceSetup) -> None:
    """Say what all lanes have in common, and offer the run's settings where they are others."""
    st.caption(_("All lanes: {settings}.").format(settings=_shared(setup)))
    now = replace(race_base(session.config), epochs=setup.base.epochs)
    own = {setup.field: getattr(now, setup.field)}  # of no consequence: each lane has its own
    if now == replace(setup.base, **own):
        return
    st.button(
        _("Take the Lab's settings"),
        key="race_from_lab",
        icon=":material/sync:",
        width="stretch",
        on_click=_take_settings,
        args=(race, setup, now),
        help=_("Your run in the Lab has other settings by now: {settings}.").format(
            settings=_shared(setup._replace(base=now))
        ),
    )


def _take_settings(race: Race, setup: RaceSetup, base: TrainingConfig) -> None:
    choices = choices_of(setup.field, base)
    values = tuple(value for value in setup.values if value in choices)
    fitting = RaceSetup(base, setup.field, values)
    if len(values) < MIN_LANES:
        fitting = setup_for(base, setup.field)
    _set(race, setup, **fitting._asdict())
    state.set_widgets({_values_key(setup.field): list(fitting.values)})


def _set(race: Race, setup: RaceSetup, **changes: Any) -> None:
    trouble = set_lanes(race, setup, **changes)
    if trouble is not None:
        st.warning(trouble)


def _shared(setup: RaceSetup) -> str:
    base, n_samples = setup.base, open_dataset(setup.base.dataset).info.n_train
    parts = {
        "dataset": dataset_title(base.dataset),
        "network": network_title(base.network),
        "learning_rate": _("learning rate {rate}").format(rate=plain_number(base.learning_rate)),
        "batch_size": _("batch size {size}").format(
            size=value_title("batch_size", base.batch_size, n_samples)
        ),
        "init": _("first weights: {init}").format(init=initial_weights_title(base.init).lower()),
        "momentum": _("momentum {value}").format(value=plain_number(base.momentum)),
        "l2": _("L2 penalty {value}").format(value=plain_number(base.l2)),
        "n_train": _("{n:,} pictures").format(n=base.n_train),
        "seed": _("seed {seed}").format(seed=base.seed),
    }
    silent = {name for name in ("momentum", "l2", "n_train") if not getattr(base, name)}
    return ", ".join(
        text for name, text in parts.items() if name != setup.field and name not in silent
    )
