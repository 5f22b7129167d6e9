"""From a run's history to the figure of its curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from softmax_core.figures.curves import CurveData, curves_figure
from softmax_core.figures.palette import LIGHT, Theme
from softmax_core.training.evaluate import Evaluation
from softmax_core.training.history import Curve, Mark

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def run_curves(
    curve: Curve, evaluations: Sequence[Evaluation], marks: Sequence[Mark] = ()
) -> CurveData:
    """Return what a run has measured as plain arrays for ``curves_figure``."""

    def column(name: str) -> np.ndarray:
        return np.array([getattr(e, name) for e in evaluations], dtype=np.float64)

    return CurveData(
        step=curve.step,
        loss_mean=curve.mean,
        loss_min=curve.low,
        loss_max=curve.high,
        eval_step=column("step"),
        eval_train_loss=column("train_loss"),
        eval_test_loss=column("test_loss"),
        eval_train_accuracy=column("train_accuracy"),
        eval_test_accuracy=column("test_accuracy"),
        marks=tuple((mark.step, mark.text) for mark in marks),
    )


def run_figure(
    curve: Curve,
    evaluations: Sequence[Evaluation],
    marks: Sequence[Mark] = (),
    theme: Theme = LIGHT,
) -> Figure:
    """Draw the curves of a run."""
    return curves_figure(run_curves(curve, evaluations, marks), theme=theme)
