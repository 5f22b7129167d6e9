"""The weights of every class as a picture: what speaks for it, what against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from softmax_core.errors import UserError
from softmax_core.figures.grid import GridLook, as_pictures, class_columns, grid_figure
from softmax_core.figures.palette import LEVELS, LIGHT, Theme, weight_colormap
from softmax_core.figures.wording import _, count, signed

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def scaled_weights(W: NDArray[Any]) -> tuple[NDArray[np.int8], float]:
    """Return the weights as small integers with one scale for all classes.

    ``scaled = round(127 * W.T / limit)`` with ``limit = max |W|``, so that ``limit`` is
    127 and zero stays zero. The live view sends these, the printed figure draws them.

    Parameters
    ----------
    W : ndarray of shape (n_features, n_classes)

    Returns
    -------
    scaled : ndarray of int8 of shape (n_classes, n_features)
    limit : float
        0 when all weights are.

    Raises
    ------
    UserError
        If a weight is not finite: there would be no scale to draw it on.
    """
    rows = np.asarray(W, np.float64).T  # so that the smallest float32 can divide
    limit = float(np.abs(rows).max(initial=0.0))
    if not np.isfinite(limit):
        raise UserError(
            "weights-not-finite",
            f"{np.count_nonzero(~np.isfinite(rows)):,} of {rows.size:,} weights are not numbers "
            "and have no place on a scale. Go back to the weights of an earlier step.",
        )
    if limit == 0:
        return np.zeros(rows.shape, np.int8), 0.0
    return np.rint(rows / limit * LEVELS).astype(np.int8), limit


def weights_figure(
    W: NDArray[Any],
    image_shape: tuple[int, int],
    class_names: Sequence[str],
    *,
    theme: Theme = LIGHT,
    step: int | None = None,
) -> Figure:
    """Draw one picture per class, all on one scale around zero.

    Blue pixels speak for the class when there is ink on them, orange ones against it, and
    a weight of zero has the colour of the page.

    Parameters
    ----------
    W : ndarray of shape (n_features, n_classes)
    image_shape : tuple of int
        (height, width) with height * width = n_features.
    class_names : sequence of str
        One for each column of ``W``.
    theme : Theme
    step : int, optional
        After which the weights are these; it is said in the heading.

    Raises
    ------
    UserError
        If the shapes do not belong together or a weight is not finite.
    """
    scaled, limit = scaled_weights(W)
    pictures = as_pictures(scaled, image_shape, class_names) * (limit / LEVELS)
    end = limit or 1.0  # a scale needs two sides even when all weights are zero
    look = GridLook(
        weight_colormap(theme),
        -end,
        end,
        heading=_heading(step),
        bar=_("weight of a pixel: blue speaks for the class, orange against it"),
        ends=(signed(-limit), signed(limit)) if limit else ("", ""),
    )
    return grid_figure(pictures, class_names, class_columns(len(class_names)), look, theme)


def _heading(step: int | None) -> str:
    if step is None:
        return _("Weights: what each class looks for")
    return _("Weights after step {step}: what each class looks for").format(step=count(step))


def weights_summary(W: NDArray[Any], class_names: Sequence[str]) -> str:
    """Say in one sentence how far the weights reach, and where."""
    n_classes = len(class_names)
    _scaled, limit = scaled_weights(W)
    if limit == 0:
        return _("All weights of the {n} classes are 0, so every picture is empty.").format(
            n=n_classes
        )
    text = _(
        "The weights of {n} classes on one scale from {low} to {high}: the highest is {most} "
        "(class {for_class}), the lowest {least} (class {against_class})."
    )
    return text.format(
        n=n_classes,
        low=signed(-limit),
        high=signed(limit),
        most=signed(float(W.max())),
        for_class=class_names[int(W.max(axis=0).argmax())],
        least=signed(float(W.min())),
        against_class=class_names[int(W.min(axis=0).argmin())],
    )
