"""The smallest change as three pictures: before, the change itself, after."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.explain.smallest_change import Change
from softmax_core.figures.grid import as_pictures, grid_figure
from softmax_core.figures.ledger import evidence_look
from softmax_core.figures.palette import LIGHT, Theme
from softmax_core.figures.wording import _, percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOST_TIMES: Final = 100.0


def change_figure(
    change: Change,
    image_shape: tuple[int, int],
    class_names: Sequence[str],
    *,
    full: float = 1.0,
    theme: Theme = LIGHT,
) -> Figure:
    """Draw the picture before, the change, and the picture after, all on one scale.

    Ink and what the change adds are blue, what it takes away is orange. A faint change is
    drawn several times as strong, and its title says how many.

    Parameters
    ----------
    change : Change
    image_shape : tuple of int
        (height, width) with height * width = n_features.
    class_names : sequence of str
    full : float
        A pixel of full ink, as the model sees it.
    theme : Theme

    Raises
    ------
    UserError
        If the shapes do not belong together.
    """
    step = (change.after - change.before) / full
    factor = magnification(step)
    titles = [
        _("before\nread as {name}").format(name=class_names[change.present]),
        _("the change") + (f"\n× {factor:g}" if factor > 1 else ""),
        _("after\nread as {name}").format(name=class_names[change.prediction]),
    ]
    rows = np.stack([change.before / full, step * factor, change.after / full])
    look = evidence_look(
        1.0,
        _("The smallest change: {before} becomes {after}").format(
            before=class_names[change.present], after=class_names[change.prediction]
        ),
        _("ink, 1 is full: blue is ink or added, orange is taken away"),
        theme,
    )
    return grid_figure(as_pictures(rows, image_shape, titles), titles, 3, look, theme)


def magnification(step: NDArray[np.float64]) -> float:
    """Return how many times as strong a change can be drawn within full ink, from 1 on."""
    largest = float(np.abs(step).max(initial=0.0))
    if largest * _MOST_TIMES <= 1:
        return _MOST_TIMES if largest else 1.0
    return max(1.0, math.floor(10 / largest) / 10)


def change_summary(change: Change, class_names: Sequence[str], *, full: float = 1.0) -> str:
    """Say how far the nearest picture is that is read otherwise, and what was on the way."""
    step = np.abs(change.after - change.before) / full
    text = _(
        "The nearest picture that the model reads as {after} and not as {before} is {distance} "
        "away (the root of the sum of squared changes; one pixel from paper to full ink is 1): "
        "no pixel changes by more than {most} of full ink."
    ).format(
        before=class_names[change.present],
        after=class_names[change.prediction],
        distance=f"{change.distance / full:.3g}",
        most=percent(float(step.max(initial=0.0))),
    )
    if change.rival is None:
        return text
    return f"{text} " + _("It had to get past {rival}, which wins on the direct way.").format(
        rival=class_names[change.rival]
    )
