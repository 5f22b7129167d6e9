"""Runs that stay on the chart when another begins: their curves, thinned, and their settings."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import Final

from softmax_core.limits import MAX_KEPT_NAME
from softmax_core.training import Evaluation, TrainingConfig
from softmax_core.training.history import Curve
from softmax_core.training.thinned import thinned_curve, thinned_evaluations

MAX_CURVE: Final = 256  # points of a kept curve
MAX_MEASURED: Final = 64  # evaluations of a kept run
_LONGEST_TYPED: Final = 10 * MAX_KEPT_NAME  # of a name that is looked at: it will be cut anyway


@dataclass(frozen=True, eq=False)
class KeptRun:
    """A run as it was when it was kept.

    Attributes
    ----------
    serial : int
        Tells it from all others that this browser has kept.
    name : str
        What it is called on the chart.
    config : TrainingConfig
        Its settings at the end.
    test_seen : bool
        Its test figures say nothing, because it began from weights that have seen the test set.
    curve : Curve
        At most ``MAX_CURVE`` points.
    evaluations : tuple of Evaluation
        The steps of 1, 2, 4, 8, ... and others.
    """

    serial: int
    name: str
    config: TrainingConfig
    test_seen: bool
    curve: Curve
    evaluations: tuple[Evaluation, ...]

    @property
    def n_steps(self) -> int:
        """Updates it had made."""
        return int(self.curve.step[-1])

    def renamed(self, name: str) -> KeptRun:
        """Return it under another name, of printable characters alone."""
        composed = unicodedata.normalize("NFC", name[:_LONGEST_TYPED])
        printable = "".join(c if c.isprintable() else " " for c in composed)
        return replace(self, name=" ".join(printable.split())[:MAX_KEPT_NAME].rstrip())


def kept_run(
    serial: int, config: TrainingConfig, curve: Curve, evaluations: tuple[Evaluation, ...]
) -> KeptRun:
    """Take a run's curve and evaluations, thinned; its name is still empty.

    Parameters
    ----------
    serial : int
    config : TrainingConfig
    curve : Curve
        Of at least one point.
    evaluations : tuple of Evaluation
    """
    return KeptRun(
        serial,
        "",
        config,
        False,
        thinned_curve(curve, MAX_CURVE),
        thinned_evaluations(evaluations, MAX_MEASURED),
    )
