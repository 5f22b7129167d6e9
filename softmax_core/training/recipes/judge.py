"""Whether our figures agree with a published one: the rule of each claim, and a receipt's rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from softmax_core.training.recipes.recipe import BOUNDS, COVERS, Claim


@dataclass(frozen=True)
class Row:
    """One published figure beside ours.

    Attributes
    ----------
    claim : Claim
    values : tuple of float
        Ours, one for each seed that reached it.
    """

    claim: Claim
    values: tuple[float, ...]

    @property
    def minimum(self) -> float:
        """The smallest of ours; NaN without any."""
        return min(self.values, default=math.nan)

    @property
    def middle(self) -> float:
        """The median of ours; NaN without any."""
        return median(self.values) if self.values else math.nan

    @property
    def maximum(self) -> float:
        """The largest of ours; NaN without any."""
        return max(self.values, default=math.nan)

    @property
    def passed(self) -> bool | None:
        """Tell whether the claim holds; None while there is no value to judge by."""
        return holds(self.claim, self.values) if self.values else None


def holds(claim: Claim, values: Sequence[float]) -> bool:
    """Tell whether our values agree with the published figure, by the claim's rule.

    Parameters
    ----------
    claim : Claim
    values : sequence of float
        At least one. With a value that is not finite no claim holds.
    """
    if not all(math.isfinite(value) for value in values):
        return False
    low = -math.inf if claim.low is None else claim.low
    high = math.inf if claim.high is None else claim.high
    if claim.rule == BOUNDS:
        return all(low < value < high for value in values)
    if claim.rule == COVERS:
        return min(values) - claim.margin <= low and high <= max(values) + claim.margin
    return all(low - claim.margin <= value <= high + claim.margin for value in values)


def one_agrees(claim: Claim, value: float, others: Sequence[float]) -> bool:
    """Tell whether a single run agrees with what was published and with our other runs.

    A figure that depends on a random start says little about one other start by itself: the
    run's value must lie in the spread of our runs and the published one together, widened
    by the claim's margin.

    Parameters
    ----------
    claim : Claim
    value : float
    others : sequence of float
        Of our own runs; may be empty.
    """
    if claim.rule != COVERS or claim.low is None:
        return holds(claim, (value,))
    spread = (claim.low, *others)
    return min(spread) - claim.margin <= value <= max(spread) + claim.margin
