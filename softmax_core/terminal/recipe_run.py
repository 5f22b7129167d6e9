"""A recipe as the settings of a run, and the run's own receipt when it is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import click
from click.core import ParameterSource

from softmax_core.errors import UserError
from softmax_core.terminal.opening import full_name
from softmax_core.terminal.options import Command
from softmax_core.terminal.receipt_table import dead_text, print_run_rows, report_console
from softmax_core.terminal.run import TerminalRun
from softmax_core.training import TrainingConfig
from softmax_core.training.recipes import (
    RECIPES,
    Recipe,
    Version,
    differences,
    find_recipe,
    find_version,
)
from softmax_core.training.recipes.one_run import RunSoFar, receipt_of_run
from softmax_core.training.recipes.stored import load_receipts


class Chosen(NamedTuple):
    """What was asked for."""

    recipe: Recipe
    version: Version


def recipe_options(command: Command) -> Command:
    """Give a command the choice of a published recipe."""
    text = "A version of the recipe; its first by default."
    command = click.option("--as", "version", default=None, help=text)(command)
    text = "The settings of a published recipe; options given besides change them."
    return click.option("--recipe", type=click.Choice(list(RECIPES)), help=text)(command)


def take_recipe(settings: dict[str, Any]) -> tuple[Chosen | None, TrainingConfig]:
    """Return the recipe, if one was chosen, and the settings: its own or all that was typed.

    Parameters
    ----------
    settings : dict
        The options of a command, of ``recipe_options`` too. Of those that a recipe sets, only
        what was typed changes it.

    Raises
    ------
    UserError
        If there is no such version, or a setting is out of its range.
    """
    name, version = settings.pop("recipe"), settings.pop("version")
    typed = {n: value for n, value in settings.items() if _was_typed(n)}
    settings, typed = (_with_full_name(part) for part in (settings, typed))
    if name is None:
        if version is not None:
            raise UserError(
                "recipe-missing", "--as chooses a version of a recipe: name that with --recipe."
            )
        return None, TrainingConfig(**settings)
    recipe = find_recipe(name)
    chosen = Chosen(recipe, find_version(recipe, version))
    return chosen, replace(chosen.version.config, **typed)


def print_run_receipt(chosen: Chosen, run: TerminalRun) -> None:
    """Print a run beside what was published, as far as it has come."""
    changed = differences(run.config, chosen.version.config)
    if changed:
        click.echo(f"This run is not the published recipe; changed: {', '.join(changed)}.")
    history = run.history
    so_far = RunSoFar(
        seed=run.config.seed,
        curve=history.curve(),
        evaluations=history.evaluations,
        epochs=history.epochs,
        n_dead=len(run.dead),
        epoch=run.state.epoch,
    )
    stored = load_receipts().get((chosen.recipe.name, chosen.version.name))
    rows = receipt_of_run(chosen.recipe, chosen.version, so_far, stored)
    print_run_rows(rows, report_console())
    if run.dead:
        click.echo(f"This run: {dead_text(run.dead)}.")


def _was_typed(name: str) -> bool:
    source = click.get_current_context().get_parameter_source(name)
    return source == ParameterSource.COMMANDLINE


def _with_full_name(settings: Mapping[str, Any]) -> dict[str, Any]:
    if "dataset" not in settings:
        return dict(settings)
    return {**settings, "dataset": full_name(settings["dataset"])}
