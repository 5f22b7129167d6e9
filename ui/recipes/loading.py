"""How a recipe becomes the run, and which recipe a run was begun from."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from softmax_core.errors import UserError
from softmax_core.service import Session, shared_engine
from softmax_core.training import TrainingConfig
from softmax_core.training.recipes import RECIPES, differences, recipe_of
from softmax_core.training.recipes.recipe import Recipe, Version
from ui import state
from ui.datasets import why_not_opened
from ui.setting_widgets import show_settings
from ui.speeds import DEFAULT_SPEED, SPEEDS
from ui.words import _

OWN: Final = ("", "")  # in place of a recipe's names: the user wants settings of their own
EMBEDDED: Final = TrainingConfig().dataset
_SMALL: Final = 10_000  # samples; a step on fewer is too quick to watch


class Choice(NamedTuple):
    """A recipe in one of its versions."""

    recipe: Recipe
    version: Version

    @property
    def names(self) -> tuple[str, str]:
        """The names of both, to be remembered."""
        return self.recipe.name, self.version.name

    @property
    def title(self) -> str:
        """What the page calls it."""
        if len(self.recipe.versions) == 1:
            return _(self.recipe.title)
        return f"{_(self.recipe.title)} · {_(self.version.title)}"


def all_choices() -> list[Choice]:
    """Return every recipe in every version."""
    return [Choice(recipe, version) for recipe in RECIPES.values() for version in recipe.versions]


def choice_of(names: tuple[str, str]) -> Choice | None:
    """Return the choice with these names, None where there is none."""
    return next((choice for choice in all_choices() if choice.names == names), None)


def run_choice(session: Session) -> Choice | None:
    """Return the recipe the run was begun from, or whose settings it happens to have."""
    names = state.loaded_recipe()
    if names is not None:
        return choice_of(names)
    found = recipe_of(session.config)
    return None if found is None else Choice(*found)


def changed_settings(session: Session, choice: Choice) -> list[str]:
    """Return the settings in which the run differs from a recipe."""
    changed = differences(session.config, choice.version.config)
    own_seed = choice.recipe.own_seed
    return [*changed, "seed"] if own_seed not in (None, session.config.seed) else changed


def load_choice(session: Session, choice: Choice, dataset: str | None = None) -> None:
    """Make a recipe the run, from its start.

    Parameters
    ----------
    session : Session
    choice : Choice
    dataset : str or None
        Train on this one instead of the recipe's.

    Raises
    ------
    UserError
        When the data set cannot be had; the run stays as it is.
    """
    config = replace(choice.version.config, dataset=dataset or choice.version.config.dataset)
    engine = shared_engine()
    engine.configure(session, config, restart=True)
    speed = _speed(session)
    engine.set_pace(session, *SPEEDS[speed])
    state.remember_recipe(choice.names)
    show_settings(config)
    state.set_widgets({state.SETTING + "speed": speed})


def _speed(session: Session) -> str:
    """Return a speed to watch a recipe at: an epoch of one step would be a step a second."""
    if session.steps_per_epoch > 1:
        return DEFAULT_SPEED
    return "full" if session.n_samples > _SMALL else "brisk"


def load_or_say(session: Session, choice: Choice, dataset: str | None = None) -> None:
    """Make a recipe the run; where its data set cannot be had, the embedded digits serve."""
    try:
        load_choice(session, choice, dataset)
    except UserError as error:
        load_choice(session, choice, EMBEDDED)
        wanted = dataset or choice.version.config.dataset
        state.add_notice(why_not_opened(error, wanted, EMBEDDED))
