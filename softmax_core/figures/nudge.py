"""A nudged picture beside the one it was, and what the model says of both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from softmax_core.explain.nudge import Nudge
from softmax_core.explain.nudged_accuracy import NudgedAccuracy
from softmax_core.explain.reading import Reading
from softmax_core.figures.grid import GridLook, as_pictures, grid_figure
from softmax_core.figures.palette import LIGHT, Theme, ink_colormap
from softmax_core.figures.wording import _, count, percent, signed

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def nudge_figure(
    pictures: NDArray[np.uint8],
    image_shape: tuple[int, int],
    readings: tuple[Reading, Reading],
    class_names: Sequence[str],
    *,
    theme: Theme = LIGHT,
) -> Figure:
    """Draw the picture before and after the nudge, each under what the model says.

    Parameters
    ----------
    pictures : ndarray of uint8 of shape (2, n_features)
        Before and after.
    image_shape : tuple of int
        (height, width) with height * width = n_features.
    readings : tuple of Reading
    class_names : sequence of str
    theme : Theme

    Raises
    ------
    UserError
        If the shapes do not belong together.
    """
    said = [f"{class_names[each.prediction]}, {percent(each.confidence)}" for each in readings]
    titles = [f"{_('before')}\n{said[0]}", f"{_('nudged')}\n{said[1]}"]
    look = GridLook(ink_colormap(theme), 0, 255, _("Nudged"))
    return grid_figure(as_pictures(pictures, image_shape, titles), titles, 2, look, theme)


def nudge_in_words(nudge: Nudge) -> str:
    """Say what is done to a picture: ``2 px down, tilted 10° clockwise``; nothing if nothing is."""
    places = [
        (nudge.down, _("{n} px down"), _("{n} px up")),
        (nudge.right, _("{n} px to the right"), _("{n} px to the left")),
        (nudge.tilt, _("tilted {n}° clockwise"), _("tilted {n}° counter-clockwise")),
        (nudge.thickness, _("{n} px thicker"), _("{n} px thinner")),
    ]
    done = [(more if n > 0 else less).format(n=f"{abs(n):g}") for n, more, less in places if n]
    if nudge.scale != 1:
        done.append(_("{percent} of its size").format(percent=f"{100 * nudge.scale:.0f} %"))
    if nudge.invert:
        done.append(_("ink and paper exchanged"))
    return ", ".join(done)


def nudge_summary(
    nudge: Nudge,
    readings: tuple[Reading, Reading],
    class_names: Sequence[str],
    accuracy: NudgedAccuracy | None = None,
) -> str:
    """Say what was done, what the model made of it, and what is left of its accuracy."""
    before, after = readings
    true = before.prediction
    words = nudge_in_words(nudge)
    if not words:
        text = _("Not nudged yet: the model reads {name}, {share} sure.")
        name = class_names[true]
        return text.format(name=name, share=percent(before.confidence))
    text = _(
        "Nudged ({words}): {name} goes from {before} to {after}, and the model now reads {now}."
    )
    if after.prediction == true:
        text = _("Nudged ({words}): {name} goes from {before} to {after}, and is still read.")
    text = text.format(
        words=words,
        name=class_names[true],
        before=percent(float(before.probabilities[true])),
        after=percent(float(after.probabilities[true])),
        now=class_names[after.prediction],
    )
    if accuracy is None:
        return text
    points = 100 * (accuracy.nudged - accuracy.plain)
    more = _(
        "Of all {n} test pictures, nudged the same way, it reads {nudged} right; as they are, "
        "{plain} ({points} percentage points)."
    ).format(
        n=count(accuracy.n_samples),
        nudged=percent(accuracy.nudged),
        plain=percent(accuracy.plain),
        points=signed(points),
    )
    return f"{text} {more}"
