"""The Lab's choice of a recipe: all settings at once."""

from __future__ import annotations

from typing import Final

import streamlit as st

from softmax_core.service import Session
from ui import state
from ui.recipes.loading import (
    OWN,
    all_choices,
    changed_settings,
    choice_of,
    load_or_say,
    run_choice,
)
from ui.whole import whole
from ui.words import _

# What may differ while a run still counts as the recipe's.
_FREE: Final = {"dataset", "seed", "epochs"}


def recipe_ui(session: Session) -> None:
    """Show which recipe the settings are; choosing another one begins its run."""
    state.set_widgets({state.RECIPE: _names_of(session)})
    st.selectbox(
        _("Recipe"),
        [OWN, *(choice.names for choice in all_choices())],
        format_func=_title,
        key=state.RECIPE,
        on_change=whole(_take),
        args=(session,),
        help=_("The settings of a published notebook, all at once. It starts anew."),
    )


def is_told_of(session: Session) -> bool:
    """Tell whether what the choice shows is still what the settings are."""
    return bool(state.widget_value(state.RECIPE) == _names_of(session))


def _names_of(session: Session) -> tuple[str, str]:
    choice = run_choice(session)
    if choice is not None and not set(changed_settings(session, choice)) <= _FREE:
        choice = None
    return OWN if choice is None else choice.names


def _take(session: Session) -> None:
    choice = choice_of(state.widget_value(state.RECIPE))
    if choice is None:
        state.remember_recipe(OWN)
    else:
        load_or_say(session, choice)


def _title(names: tuple[str, str]) -> str:
    choice = choice_of(names)
    return _("Own settings") if choice is None else choice.title
