"""What pixels do for each class through a hidden layer, as pictures: an approximation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from softmax_core.explain.ledger import Ledger
from softmax_core.explain.saliency import HiddenUnits
from softmax_core.figures.ledger import evidence_figure, fixed
from softmax_core.figures.palette import LIGHT, Theme
from softmax_core.figures.wording import _, signed

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def saliency_figure(
    ledger: Ledger,
    image_shape: tuple[int, int],
    class_names: Sequence[str],
    *,
    theme: Theme = LIGHT,
) -> Figure:
    """Draw gradient times input of every class on one scale, under its name and logit.

    Parameters
    ----------
    ledger : Ledger
        From ``approximate_ledger``.
    image_shape : tuple of int
        (height, width) with height * width = n_features.
    class_names : sequence of str
    theme : Theme

    Raises
    ------
    UserError
        If the shapes do not belong together.
    """
    heading = _("Gradient × ink, an approximation, and the logit")
    bar = _("one pixel, as far as the slope tells: blue for the class, orange against it")
    return evidence_figure(ledger, image_shape, class_names, (heading, bar), theme)


def saliency_summary(ledger: Ledger, units: HiddenUnits, k: int, class_names: Sequence[str]) -> str:
    """Say what the slope explains of a logit, what it misses, and which hidden unit mattered."""
    limit = float(np.abs(ledger.products).max(initial=0.0))
    text = _(
        "An approximation: the slope at every pixel times its ink explains {explained} of the "
        "logit {logit} of {name} and misses {gap}. All pictures are on one scale from {low} to "
        "{high}. Exact is what hidden units add: unit {unit} mattered most, with {part}."
    )
    unit = int(units.order[0])
    return text.format(
        explained=fixed(float(ledger.logits[k] - ledger.biases[k])),
        logit=fixed(float(ledger.logits[k])),
        name=class_names[k],
        gap=fixed(float(ledger.biases[k])),
        low=signed(-limit),
        high=signed(limit),
        unit=unit,
        part=fixed(float(units.contributions[unit])),
    )
