"""Receipts: choose a published recipe, run it, and see that it reaches its published figures."""

from __future__ import annotations

from typing import Final

import streamlit as st

from softmax_core.data.store import is_available, open_dataset
from softmax_core.service import Session, Status
from softmax_core.training.recipes import RECIPES, find_recipe
from softmax_core.training.recipes.recipe import Recipe
from ui import state
from ui.controls import controls_ui
from ui.data_page import data_page
from ui.datasets import dataset_title
from ui.live.components import live_view
from ui.live.reading import is_pictures
from ui.recipes.loading import EMBEDDED, Choice, changed_settings, load_or_say, run_choice
from ui.recipes.own_picture import own_picture_ui
from ui.recipes.receipt_picture import receipt_picture_ui
from ui.recipes.receipt_table import receipt_table_ui, tolerances_ui
from ui.recipes.stored import stored_receipt
from ui.recipes.wording import settings_line
from ui.whole import whole
from ui.words import _, long_text, setting_title

_WIDTHS: Final = (1.15, 3.25)
_WIDTHS_OF_POINTS: Final = (1.15, 1.7, 1.55)


def receipts_ui(session: Session) -> None:
    """Show the choice and its buttons, the run, the recipe's own picture and its receipt."""
    loaded = run_choice(session)
    in_plane = not is_pictures(open_dataset(session.config.dataset))
    left, middle, *right = st.columns(_WIDTHS_OF_POINTS if in_plane else _WIDTHS, gap="medium")
    with left.container(key="recipe_choice"):
        choice = _choice_ui(loaded)
        is_loaded = loaded is not None and loaded.names == choice.names
        if is_available(choice.version.config.dataset):
            _load_ui(session, choice, is_loaded=is_loaded)
        else:
            _missing_ui(session, choice)
        if is_loaded:
            _changes_ui(session, choice)
        # Read once: the button and the live view, which corrects it, must not disagree.
        running = session.status is Status.RUNNING
        controls_ui(session, running=running)
    with middle.container(key="recipe_run"):
        live_view(session, running=running, on_settled=_look_again)
    with right[0] if right else middle:
        if is_loaded:
            own_picture_ui(session, choice, running=running)
        else:
            st.caption(_("This is your present run. Load the recipe to see its own."))
    with st.expander(
        _("What this notebook does, and where it differs"), icon=":material/menu_book:"
    ):
        st.markdown(long_text(f"recipes/{choice.recipe.name}"))
    st.subheader(_("Receipt"))
    receipt = stored_receipt(choice)
    receipt_table_ui(session, choice, receipt, is_loaded=is_loaded, running=running)
    tolerances_ui(choice)
    receipt_picture_ui(session, receipt, is_loaded=is_loaded)


def _choice_ui(loaded: Choice | None) -> Choice:
    st.caption(
        _(
            "Each recipe is a published notebook. Load it, press Train, and compare it with the "
            "figures its author printed."
        )
    )
    first = next(iter(RECIPES)) if loaded is None else loaded.recipe.name
    name = st.selectbox(
        _("Recipe"),
        list(RECIPES),
        format_func=lambda name: _(RECIPES[name].title),
        key=state.begin(state.SHOWN_RECIPE, first),
    )
    recipe = find_recipe(name)
    st.markdown(_(recipe.summary))
    choice = Choice(recipe, recipe.versions[0])
    if len(recipe.versions) > 1:
        choice = _version_ui(recipe, loaded)
    st.caption(settings_line(choice.version.config))
    return choice


def _version_ui(recipe: Recipe, loaded: Choice | None) -> Choice:
    versions = {version.name: version for version in recipe.versions}
    is_this = loaded is not None and loaded.recipe.name == recipe.name
    first = loaded.version.name if loaded is not None and is_this else recipe.versions[0].name
    name = st.radio(
        _("Version"),
        list(versions),
        format_func=lambda name: _(versions[name].title),
        key=state.begin(state.SHOWN_VERSION + recipe.name, first),
        label_visibility="collapsed",
    )
    return Choice(recipe, versions[name])


def _load_ui(session: Session, choice: Choice, *, is_loaded: bool) -> None:
    anew = _has_begun(session)
    untouched = is_loaded and not anew and not changed_settings(session, choice)
    st.button(
        _("Load and start anew") if anew else _("Load this recipe"),
        key="load_recipe",
        on_click=whole(load_or_say),
        args=(session, choice),
        type="secondary" if is_loaded else "primary",
        disabled=untouched,
        width="stretch",
        help=_("Replaces the present run by this recipe at its very start."),
    )


def _missing_ui(session: Session, choice: Choice) -> None:
    """Say that the data set is not here, and offer to fetch it or to go without."""
    st.info(
        _(
            "{title} is not on this computer yet. Download it, or run the same settings on "
            "{embedded}: the figures will differ, so there is no verdict then."
        ).format(
            title=dataset_title(choice.version.config.dataset), embedded=dataset_title(EMBEDDED)
        )
    )
    st.page_link(
        st.Page(data_page, title=_("Data"), url_path="data"),
        label=_("Go to Data to download it"),
        icon=":material/download:",
    )
    st.button(
        _("Start anew on the embedded digits")
        if _has_begun(session)
        else _("Run it on the embedded digits"),
        key="load_on_embedded",
        on_click=whole(load_or_say),
        args=(session, choice, EMBEDDED),
        width="stretch",
    )


def _changes_ui(session: Session, choice: Choice) -> None:
    changed = changed_settings(session, choice)
    if changed:
        st.caption(
            _("This run differs from the recipe in: {changed}.").format(
                changed=", ".join(setting_title(field) for field in changed)
            )
        )
    if session.config.dataset != choice.version.config.dataset:
        title = open_dataset(session.config.dataset).info.title
        st.caption(_("It runs on {title}, so there is no verdict on it.").format(title=title))


def _has_begun(session: Session) -> bool:
    """Tell whether loading a recipe would cost the present run its steps."""
    return session.state.step > 0 or session.status is Status.RUNNING


def _look_again() -> None:
    """Do nothing: the rerun that follows brings buttons and pictures up to date."""
