"""How many pictures or points each class has, to learn from and to be tested on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.figures.frame import TEXT_SIZE, label_axes, legend_at_foot, new_figure, style_axes
from softmax_core.figures.palette import LIGHT, TEST_HATCH, Theme
from softmax_core.figures.wording import _, count

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BAR: Final = 0.4  # width, of the distance between classes
_LONG_NAME: Final = 3  # characters; longer names of classes are written upwards


def class_counts_figure(
    train_counts: NDArray[Any],
    test_counts: NDArray[Any],
    class_names: Sequence[str],
    *,
    theme: Theme = LIGHT,
    points: bool = False,
) -> Figure:
    """Draw two bars for each class: training solid blue, test hatched orange.

    Parameters
    ----------
    train_counts, test_counts : ndarray of int of shape (n_classes,)
    class_names : sequence of str
    theme : Theme
    points : bool
        Whether these are points and not pictures.
    """
    from matplotlib.ticker import FuncFormatter

    place = np.arange(len(class_names))
    figure = new_figure(max(4.8, 0.26 * len(place) + 2.2), 3.2, theme)
    figure.set_layout_engine("constrained")
    ax = figure.subplots()
    style_axes(ax, _("Points of each class") if points else _("Pictures of each class"), theme)
    label = _("training set: {n}").format(n=count(np.sum(train_counts)))
    ax.bar(place - _BAR / 2, train_counts, _BAR, color=theme.train, label=label)
    label = _("test set: {n}").format(n=count(np.sum(test_counts)))
    ax.bar(
        place + _BAR / 2,
        test_counts,
        _BAR,
        facecolor="none",
        edgecolor=theme.test,
        hatch=TEST_HATCH,
        label=label,
    )
    upwards = 90 if max(map(len, class_names), default=0) > _LONG_NAME else 0
    ax.set_xticks(place, class_names, rotation=upwards, fontsize=TEXT_SIZE, parse_math=False)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _position: count(y)))
    label_axes(ax, _("class"), _("points") if points else _("pictures"), theme)
    legend_at_foot(figure, theme)
    return figure


def class_counts_summary(
    train_counts: NDArray[Any],
    test_counts: NDArray[Any],
    class_names: Sequence[str],
    *,
    points: bool = False,
) -> str:
    """Say in one sentence how many there are, and how evenly they are spread."""
    text = _("{train} pictures to train on and {test} to test on")
    if points:
        text = _("{train} points to train on and {test} to test on")
    total = text.format(train=count(np.sum(train_counts)), test=count(np.sum(test_counts)))
    if not np.sum(train_counts):
        return total + "."
    most, least = int(np.argmax(train_counts)), int(np.argmin(train_counts))
    if train_counts[most] == train_counts[least]:
        return _("{total}; every class has {n} to train on.").format(
            total=total, n=count(train_counts[most])
        )
    text = _("{total}; {most} has the most to train on ({many}) and {least} the fewest ({few}).")
    return text.format(
        total=total,
        most=class_names[most],
        many=count(train_counts[most]),
        least=class_names[least],
        few=count(train_counts[least]),
    )
