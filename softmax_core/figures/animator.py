"""Lines that grow by one point each with every epoch, all on one pair of axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.errors import UserError
from softmax_core.figures.frame import (
    label_axes,
    legend_at_foot,
    new_figure,
    style_axes,
    whole_numbers,
)
from softmax_core.figures.palette import LIGHT, TEST_DASH, Theme, dashes, lane_style
from softmax_core.figures.wording import _, loss_text, percent
from softmax_core.training.epochs import EpochMeans
from softmax_core.training.evaluate import Evaluation

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PUBLISHED_SPAN: Final = (0.3, 0.9)  # the heights the Fashion notebook shows
TRAINING_LINES: Final = ("train loss", "train accuracy", "test accuracy")


class Animator:
    """Collects a value per line and epoch, and draws them whenever it is asked to.

    The notebook's animator draws into a global figure as it is fed; here the points are kept
    and ``to_figure`` is a pure function of them.

    Parameters
    ----------
    names : sequence of str
        One for each line.
    last_epoch : int
        Where the horizontal axis ends, unless a later epoch is added.
    span : tuple of float
        The heights to show where all values lie between them; otherwise the axis fits.
    """

    def __init__(
        self,
        names: Sequence[str] = TRAINING_LINES,
        last_epoch: int = 10,
        span: tuple[float, float] = PUBLISHED_SPAN,
    ) -> None:
        self.names = tuple(names)
        self.last_epoch = last_epoch
        self._span = span
        self._points: list[tuple[float, ...]] = []

    def add(self, epoch: float, values: Sequence[float]) -> None:
        """Add the lines' values of one epoch; a value that is not finite leaves a gap.

        Raises
        ------
        UserError
            If there is not a value for each line.
        """
        if len(values) != len(self.names):
            raise UserError(
                "animator-values",
                f"The animator draws {len(self.names)} lines ({', '.join(self.names)}); it was "
                f"given {len(values)} values. Pass one for each.",
            )
        self._points.append((float(epoch), *map(float, values)))

    @property
    def epochs(self) -> NDArray[np.float64]:
        """The epochs so far, shape (n_epochs,)."""
        return self._table()[:, 0]

    @property
    def values(self) -> NDArray[np.float64]:
        """What was added, shape (n_epochs, n_lines); NaN for what is not finite."""
        values = self._table()[:, 1:]
        return np.where(np.isfinite(values), values, np.nan)

    @property
    def span(self) -> tuple[float, float]:
        """The heights that ``to_figure`` shows: the wished ones, or tenths around all values."""
        finite = self.values[np.isfinite(self.values)]
        low, high = self._span
        if not len(finite) or (finite.min() >= low and finite.max() <= high):
            return self._span
        return np.floor(10 * finite.min()) / 10, np.ceil(10 * finite.max() + 1e-9) / 10

    def to_figure(self, *, theme: Theme = LIGHT) -> Figure:
        """Draw all lines so far, with the last values in the legend."""
        figure = new_figure(5.6, 3.6, theme)
        figure.set_layout_engine("constrained")
        ax = figure.subplots()
        style_axes(ax, _("Loss and accuracy, epoch by epoch"), theme)
        epochs, values = self.epochs, self.values
        for index, name in enumerate(self.names):
            now = f": {loss_text(values[-1, index])}" if len(values) else ""
            ax.plot(epochs, values[:, index], label=_(name) + now, **_style(index, theme))
        first = epochs[0] if len(epochs) else 1
        ax.set_xlim(first, max(self.last_epoch, first + 1, *epochs))
        ax.set_ylim(*self.span)
        whole_numbers(ax)
        label_axes(ax, _("epoch"), _("loss (nats), accuracy (share)"), theme)
        legend_at_foot(figure, theme)
        return figure

    def _table(self) -> NDArray[np.float64]:
        return np.array(self._points, np.float64).reshape(-1, 1 + len(self.names))


def training_animator(
    epochs: Sequence[EpochMeans], evaluations: Sequence[Evaluation], last_epoch: int
) -> Animator:
    """Return the Fashion notebook's three lines for a run.

    Train loss and train accuracy are means over an epoch's batches, each before its update;
    the test accuracy is that of the weights at the end of the epoch.
    """
    tested = {evaluation.step: evaluation.test_accuracy for evaluation in evaluations}
    animator = Animator(last_epoch=last_epoch)
    for mean in epochs:
        values = (mean.loss, mean.accuracy, tested.get(mean.step, float("nan")))
        animator.add(mean.epoch, values)
    return animator


def animator_summary(animator: Animator) -> str:
    """Say in one sentence where the Fashion notebook's three lines stand."""
    if not len(animator.epochs):
        return _("No epoch is done yet.")
    loss, train, test = animator.values[-1]
    return _(
        "Epoch {epoch:.0f}: train loss {loss}, train accuracy {train}, test accuracy {test}."
    ).format(
        epoch=animator.epochs[-1], loss=loss_text(loss), train=percent(train), test=percent(test)
    )


def _style(index: int, theme: Theme) -> dict[str, Any]:
    """Blue is training and orange, dashed, the test set, as everywhere; dots mark accuracies."""
    if index >= len(TRAINING_LINES):
        lane = lane_style(index - len(TRAINING_LINES), theme)
        return {"color": lane.color, "linestyle": lane.linestyle, "marker": lane.marker}
    return (
        {"color": theme.train, "lw": 2.2},
        {"color": theme.train, "lw": 1.2, "marker": "o", "ms": 4},
        {"color": theme.test, "lw": 1.8, "linestyle": dashes(TEST_DASH), "marker": "s", "ms": 3.5},
    )[index]
