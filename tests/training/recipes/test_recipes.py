"""The recipes themselves: complete, told apart by their settings, and found by their names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from softmax_core.data.catalogue import DATASETS
from softmax_core.errors import UserError
from softmax_core.training import Taught, TrainingConfig
from softmax_core.training.recipes import (
    RECIPES,
    Recipe,
    differences,
    find_recipe,
    find_version,
    recipe_of,
)
from softmax_core.training.recipes.recipe import BOUNDS, COVERS, QUANTITIES, WITHIN

TEXTS = Path(__file__).parents[3] / "assets" / "text" / "recipes"
EVERY = pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)


def test_the_five_notebooks_and_the_blobs_are_there() -> None:
    names = ["full-batch", "mini-batch", "relu-softmax", "sigmoid-mlp", "d2l-fashion", "blobs"]
    assert list(RECIPES) == names
    assert [version.name for version in RECIPES["full-batch"].versions] == ["as published", "exact"]


@EVERY
def test_a_recipe_is_complete(recipe: Recipe) -> None:
    assert recipe.dataset in DATASETS
    for version in recipe.versions:
        claims = recipe.claims_of(version)
        assert claims
        assert len({claim.name for claim in claims}) == len(claims)
        # What is claimed is reached within the epochs that the recipe itself asks for.
        assert max(claim.at for claim in claims) <= version.config.epochs
        assert set(recipe.claims_of(version, quick=True)) <= set(claims)
    for claim in recipe.claims:
        assert claim.rule in (COVERS, WITHIN, BOUNDS)
        assert claim.quantity in QUANTITIES
        assert len(claim.why) > 30
        if claim.rule == COVERS:
            assert claim.low == claim.high
            assert claim.margin > 0
    assert set(recipe.drawn) <= set(QUANTITIES)
    assert (TEXTS / f"{recipe.name}.md").stat().st_size > 1_000


@EVERY
def test_a_curve_and_a_claim_about_the_same_point_say_the_same(recipe: Recipe) -> None:
    curves = {c.quantity: dict(zip(c.points, c.values, strict=True)) for c in recipe.curves}
    for claim in recipe.claims:
        value = curves.get(claim.quantity, {}).get(claim.at)
        if value is not None and claim.rule == COVERS:
            assert claim.low == pytest.approx(value, abs=6e-4)


@EVERY
def test_a_run_is_known_by_its_settings_whatever_its_seed_and_length(recipe: Recipe) -> None:
    for version in recipe.versions:
        config = replace(version.config, seed=77, epochs=3)
        assert recipe_of(config) == (recipe, version)
        assert differences(config, version.config) == []
        changed = replace(config, learning_rate=0.03, init="scaled")
        assert recipe_of(changed) is None
        assert differences(changed, version.config) == ["learning_rate", "init"]


def test_a_run_with_drawings_added_follows_no_recipe() -> None:
    config = find_recipe("mini-batch").versions[0].config
    taught = replace(config, taught=(Taught(7, bytes(784)),))
    assert recipe_of(taught) is None
    assert differences(taught, config) == ["taught"]


def test_the_usual_settings_are_no_recipe() -> None:
    assert recipe_of(TrainingConfig()) is None


def test_a_name_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UserError, match=r"no recipe called 'x'.*full-batch, mini-batch"):
        find_recipe("x")
    recipe = find_recipe("full-batch")
    assert find_version(recipe) is recipe.versions[0]
    assert find_version(recipe, "exact") is recipe.versions[1]
    with pytest.raises(UserError, match=r"no version called 'x'.*as published, exact"):
        find_version(recipe, "x")
