"""Published notebooks as recipes: settings, printed figures, and a receipt of ours beside them."""

from __future__ import annotations

from typing import Final

from softmax_core.errors import UserError
from softmax_core.training.config import TrainingConfig
from softmax_core.training.recipes.blobs import BLOBS
from softmax_core.training.recipes.d2l_fashion import D2L_FASHION
from softmax_core.training.recipes.full_batch import FULL_BATCH
from softmax_core.training.recipes.mini_batch import MINI_BATCH
from softmax_core.training.recipes.recipe import (
    Claim,
    PublishedCurve,
    Recipe,
    Version,
    differences,
)
from softmax_core.training.recipes.relu_softmax import RELU_SOFTMAX
from softmax_core.training.recipes.sigmoid_mlp import SIGMOID_MLP

__all__ = [
    "RECIPES",
    "Claim",
    "PublishedCurve",
    "Recipe",
    "Version",
    "differences",
    "find_recipe",
    "find_version",
    "recipe_of",
]

RECIPES: Final[dict[str, Recipe]] = {
    recipe.name: recipe
    for recipe in (FULL_BATCH, MINI_BATCH, RELU_SOFTMAX, SIGMOID_MLP, D2L_FASHION, BLOBS)
}


def find_recipe(name: str) -> Recipe:
    """Return a recipe by its name.

    Raises
    ------
    UserError
        ``recipe-name``; the sentence lists the names.
    """
    if name not in RECIPES:
        raise UserError(
            "recipe-name",
            f"There is no recipe called {name[:40]!r}. Choose one of: {', '.join(RECIPES)}.",
        )
    return RECIPES[name]


def find_version(recipe: Recipe, name: str | None = None) -> Version:
    """Return a version of a recipe, the default one without a name.

    Raises
    ------
    UserError
        ``recipe-version``; the sentence lists the names.
    """
    names = [version.name for version in recipe.versions]
    if name is not None and name not in names:
        raise UserError(
            "recipe-version",
            f"The recipe {recipe.name} has no version called {name[:40]!r}. "
            f"Choose one of: {', '.join(names)}.",
        )
    return recipe.version(name)


def recipe_of(config: TrainingConfig) -> tuple[Recipe, Version] | None:
    """Return the recipe that a run follows in all but its seed and its number of epochs."""
    for recipe in RECIPES.values():
        for version in recipe.versions:
            if not differences(config, version.config):
                return recipe, version
    return None
