"""The receipt of a single run while it trains: its value where the published figure stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.training.epochs import EpochMeans
from softmax_core.training.evaluate import Evaluation
from softmax_core.training.history import Curve
from softmax_core.training.recipes.judge import one_agrees
from softmax_core.training.recipes.receipt import Receipt, is_judged
from softmax_core.training.recipes.recipe import QUANTITIES, Claim, Recipe, Version

# The page evaluates on some of the training pictures. Three standard deviations of the mean
# over 10,000 of 60,000: single losses spread by about 0.7 nats, single answers by about 0.35.
_PART_MARGINS: Final = {"train_loss": 0.02, "train_accuracy": 0.01}


@dataclass(frozen=True)
class RunSoFar:
    """What a run has measured so far.

    Attributes
    ----------
    seed : int
    curve : Curve
        From the first step on.
    evaluations : sequence of Evaluation
    epochs : sequence of EpochMeans
    n_dead : int
        Classes that are dead now.
    epoch : int
        Whole epochs done.
    on_part : bool
        Whether the training set was evaluated in part only, as the page does with large ones.
    """

    seed: int
    curve: Curve
    evaluations: Sequence[Evaluation] = ()
    epochs: Sequence[EpochMeans] = ()
    n_dead: int = 0
    epoch: int = 0
    on_part: bool = False


@dataclass(frozen=True)
class RunRow:
    """One published figure and this run's.

    ``value`` is None where the run has not come so far, or has thinned that step out;
    ``agrees`` is None there too, and where the figure speaks of other seeds.
    """

    claim: Claim
    value: float | None
    agrees: bool | None


def receipt_of_run(
    recipe: Recipe, version: Version, run: RunSoFar, receipt: Receipt | None = None
) -> tuple[RunRow, ...]:
    """Judge one run by a recipe's claims.

    Parameters
    ----------
    recipe : Recipe
    version : Version
    run : RunSoFar
    receipt : Receipt, optional
        Of our own runs, such as the stored one: their spread is what one run is held to.
    """
    others = {row.claim.name: row.values for row in receipt.rows} if receipt else {}
    return tuple(
        _row(recipe, claim, run, others.get(claim.name, ())) for claim in recipe.claims_of(version)
    )


def value_of(run: RunSoFar, quantity: str, at: int) -> float | None:
    """Return a quantity at a step or after an epoch, or None if the run does not hold it."""
    if quantity == "dead_classes":
        return float(run.n_dead) if run.epoch >= at else None
    places, values = series_of(run, quantity)
    here = np.flatnonzero(places == at)
    if not len(here):
        return None
    is_one_step = QUANTITIES[quantity] == "epoch" or here[0] == at - 1
    return float(values[here[0]]) if is_one_step else None  # a bucket's mean is no single step


def series_of(run: RunSoFar, quantity: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return all that a run has measured of a quantity: steps or epochs, and values."""
    kind, _sep, figure = quantity.partition("_")
    if quantity == "loss_left":
        return run.curve.step, run.curve.mean / run.curve.mean[:1]
    if kind == "batch":
        return run.curve.step, run.curve.mean if figure == "loss" else run.curve.accuracy
    if kind == "epoch":
        points = [(float(means.epoch), getattr(means, figure)) for means in run.epochs]
    else:
        points = [(e.epoch, getattr(e, quantity)) for e in run.evaluations]
    places, values = np.array(points, np.float64).reshape(-1, 2).T
    return places, values


def _row(recipe: Recipe, claim: Claim, run: RunSoFar, others: tuple[float, ...]) -> RunRow:
    value = value_of(run, claim.quantity, claim.at)
    if value is None or not is_judged(recipe, claim, run.seed):
        return RunRow(claim, value, None)
    widened = claim
    if run.on_part and claim.quantity in _PART_MARGINS:
        widened = replace(claim, margin=claim.margin + _PART_MARGINS[claim.quantity])
    return RunRow(claim, value, one_agrees(widened, value, others))
