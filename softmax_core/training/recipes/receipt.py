"""A receipt: every published figure of a recipe beside ours over several seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from softmax_core.training.dead import DeadClass
from softmax_core.training.recipes.judge import Row
from softmax_core.training.recipes.measure import Figures, Measuring, dead_of
from softmax_core.training.recipes.recipe import Claim, Recipe, Version


@dataclass(frozen=True)
class SeedRun:
    """What one seed reached.

    Attributes
    ----------
    seed : int
    figures : dict of dicts
        Of each quantity, its value by step or epoch.
    dead : tuple of DeadClass
        At the end.
    seconds : float
    stopped : str
        Why it ended early; empty when it did not.
    """

    seed: int
    figures: Figures
    dead: tuple[DeadClass, ...] = ()
    seconds: float = 0.0
    stopped: str = ""


@dataclass(frozen=True)
class Receipt:
    """All claims of one version of a recipe, judged by the same runs."""

    recipe: Recipe
    version: Version
    runs: tuple[SeedRun, ...]
    quick: bool = False

    @property
    def seeds(self) -> tuple[int, ...]:
        """Of the runs."""
        return tuple(run.seed for run in self.runs)

    @property
    def rows(self) -> tuple[Row, ...]:
        """One for each claim."""
        claims = self.recipe.claims_of(self.version, quick=self.quick)
        return tuple(Row(claim, self._values(claim)) for claim in claims)

    @property
    def passed(self) -> bool:
        """Tell whether every claim was judged and holds."""
        return all(row.passed for row in self.rows)

    def curves(self, quantity: str) -> Mapping[int, tuple[float, ...]]:
        """Return the values of all runs but the recipe's own seed's, by step or epoch.

        Where the recipe's own seed is all there is, its values.
        """
        runs = [run for run in self.runs if run.seed != self.recipe.own_seed] or list(self.runs)
        places = sorted({at for run in runs for at in run.figures.get(quantity, {})})
        return {
            at: tuple(
                run.figures[quantity][at] for run in runs if at in run.figures.get(quantity, {})
            )
            for at in places
        }

    def _values(self, claim: Claim) -> tuple[float, ...]:
        return tuple(
            run.figures[claim.quantity][claim.at]
            for run in self.runs
            if is_judged(self.recipe, claim, run.seed)
            and claim.at in run.figures.get(claim.quantity, {})
        )


def seed_run(run: Measuring, n_samples: int) -> SeedRun:
    """Return what a run reached; ``n_samples`` is the size of its training set."""
    stop = run.state.stop
    reason = "" if stop is None else stop.reason
    return SeedRun(run.config.seed, run.figures, dead_of(run, n_samples), run.seconds, reason)


def is_judged(recipe: Recipe, claim: Claim, seed: int) -> bool:
    """Tell whether a claim speaks of runs with this seed."""
    return claim.own_seed == (recipe.own_seed is not None and seed == recipe.own_seed)


def seeds_of(recipe: Recipe, n_seeds: int, *, quick: bool = False) -> tuple[int, ...]:
    """Return the seeds to run: the recipe's own, if it has one, and 0, 1, ...

    Where all that is quick speaks of the recipe's own seed, that is enough for quick.
    """
    own = () if recipe.own_seed is None else (recipe.own_seed,)
    claims: Sequence[Claim] = [claim for claim in recipe.claims if claim.quick or not quick]
    if claims and all(claim.own_seed for claim in claims):
        return own
    return (*own, *(seed for seed in range(n_seeds) if seed not in own))
