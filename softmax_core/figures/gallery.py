"""Pictures from a data set: samples under their titles, and the mean of each class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.errors import UserError
from softmax_core.figures.grid import GridLook, as_pictures, class_columns, grid_figure
from softmax_core.figures.palette import LIGHT, Theme, ink_colormap
from softmax_core.figures.wording import _, percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_NAMED: Final = 12  # different titles that a summary names


def gallery_figure(
    images: NDArray[np.uint8],
    image_shape: tuple[int, int],
    titles: Sequence[str],
    columns: int,
    *,
    theme: Theme = LIGHT,
) -> Figure:
    """Draw pictures row by row, each under its title.

    Parameters
    ----------
    images : ndarray of uint8 of shape (n, n_features)
        Ink is 255. May have no rows.
    image_shape : tuple of int
        (height, width) with height * width = n_features.
    titles : sequence of str
        One for each picture; long ones are wrapped.
    columns : int
        Pictures in a row.
    theme : Theme

    Raises
    ------
    UserError
        If the shapes do not belong together.
    """
    pictures = as_pictures(images, image_shape, titles)
    heading = _("Pictures") if len(pictures) else _("No pictures to show")
    look = GridLook(ink_colormap(theme), 0, 255, heading)
    return grid_figure(pictures, titles, columns, look, theme)


def gallery_summary(titles: Sequence[str]) -> str:
    """Say in one sentence which pictures are shown."""
    if not titles:
        return _("No pictures to show.")
    return _("Pictures shown ({n}): {named}.").format(n=len(titles), named=_counted(titles))


def readings_figure(
    images: NDArray[np.uint8],
    image_shape: tuple[int, int],
    names: Sequence[tuple[str, str]],
    columns: int,
    *,
    theme: Theme = LIGHT,
) -> Figure:
    """Draw pictures under two names each: what it is, and below it what a model says it is.

    Parameters
    ----------
    images, image_shape, columns, theme
        As in ``gallery_figure``.
    names : sequence of (str, str)
        The true name and the predicted one; where they differ, the latter is crossed.

    Raises
    ------
    UserError
        If the shapes do not belong together.
    """
    titles = [f"{true}\n{read if read == true else '✗ ' + read}" for true, read in names]
    pictures = as_pictures(images, image_shape, titles)
    look = GridLook(ink_colormap(theme), 0, 255, _("What it is, and what the model says"))
    return grid_figure(pictures, titles, columns, look, theme)


def readings_summary(names: Sequence[tuple[str, str]]) -> str:
    """Say in one sentence what is read right, and what is taken for what."""
    right = [true for true, read in names if read == true]
    text = _("{right} of {n} test pictures are read right").format(right=len(right), n=len(names))
    if right:
        text += f" ({_counted(right)})"
    wrong = [_("{true} taken for {read}").format(true=t, read=r) for t, r in names if t != r]
    if wrong:
        text += _("; misread: {wrong}").format(wrong=_counted(wrong))
    return text + "."


def class_means_figure(
    means: NDArray[np.floating[Any]],
    image_shape: tuple[int, int],
    class_names: Sequence[str],
    *,
    theme: Theme = LIGHT,
) -> Figure:
    """Draw the mean picture of each class.

    Parameters
    ----------
    means : ndarray of shape (n_classes, n_features)
        Share of full ink, in [0, 1]. A class without pictures is a row of NaN and stays
        empty.
    image_shape : tuple of int
    class_names : sequence of str
    theme : Theme

    Raises
    ------
    UserError
        If the shapes do not belong together or a mean lies outside [0, 1].
    """
    pictures = as_pictures(means, image_shape, class_names)
    lowest, highest = np.nanmin(means, initial=0.0), np.nanmax(means, initial=0.0)
    if lowest < 0 or highest > 1 + 1e-6:  # a mean of float32 may exceed 1 by its rounding
        raise UserError(
            "means-range",
            f"Mean pictures go from 0 (no ink) to 1 (full ink); these go from {lowest:.3g} to "
            f"{highest:.3g}. Divide pixels of 8 bits by 255.",
        )
    look = GridLook(ink_colormap(theme), 0, 1, _("The mean picture of each class"))
    return grid_figure(pictures, class_names, class_columns(len(class_names)), look, theme)


def class_means_summary(means: NDArray[np.floating[Any]], class_names: Sequence[str]) -> str:
    """Say in one sentence which class has the most ink and which the least."""
    ink = np.asarray(means, np.float64).mean(axis=1)
    if not np.isfinite(ink).any():
        return _("There are no pictures to take a mean of.")
    most, least = int(np.nanargmax(ink)), int(np.nanargmin(ink))
    text = _(
        "The mean pictures of {n} classes: {most} has the most ink, {most_ink} of the whole "
        "picture, and {least} the least, {least_ink}."
    )
    return text.format(
        n=len(class_names),
        most=class_names[most],
        most_ink=percent(ink[most]),
        least=class_names[least],
        least_ink=percent(ink[least]),
    )


def _counted(texts: Sequence[str]) -> str:
    """Name each text once, with how often it is there: ``Bag; 2 × Shirt``."""
    times = Counter(" ".join(text.split()) for text in texts)
    parts = [text if n == 1 else f"{n} × {text}" for text, n in times.items()]
    if len(parts) > _NAMED:
        more = sum(list(times.values())[_NAMED:])
        parts[_NAMED:] = [_("and {more} more").format(more=more)]
    return "; ".join(parts)
