"""A run as an animated picture: what it had learned at each step, and where the loss stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from softmax_core.figures.curves import CurveData
from softmax_core.figures.film_panels import PlanePanel, WeightsPanel
from softmax_core.figures.frame import (
    TEXT_SIZE,
    TITLE_SIZE,
    label_axes,
    new_figure,
    style_axes,
    whole_numbers,
)
from softmax_core.figures.palette import PRINT, TEST_DASH, Theme, dashes
from softmax_core.figures.points import PointRegions
from softmax_core.figures.running import running_mean, running_window
from softmax_core.figures.wording import _, count, loss_text, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STILL_MS: Final = 200  # how long a picture is shown
LAST_MS: Final = 2_500  # and the last one, before the film begins anew
_COLOURS: Final = 256  # a GIF has no more
_SIZE: Final = (9.6, 3.6)  # inches


@dataclass(frozen=True)
class FilmScene:
    """What stays the same from picture to picture.

    Attributes
    ----------
    heading : str
        Which run it is.
    curves : CurveData
    class_names : sequence of str
    image_shape : tuple of int
        Of the weights' pictures.
    points : (X, labels) or None
        Where the samples are points: all that are drawn.
    """

    heading: str
    curves: CurveData
    class_names: Sequence[str]
    image_shape: tuple[int, int]
    points: tuple[NDArray[Any], NDArray[Any]] | None = None


class FilmMoment(NamedTuple):
    """What one picture shows; the test figures are NaN where there are none.

    ``learned`` are the weights of each class, (n_features, n_classes), or the regions of the
    plane.
    """

    step: int
    test_loss: float
    test_accuracy: float
    learned: NDArray[Any] | PointRegions


class Film:
    """One figure whose parts are moved from picture to picture.

    Parameters
    ----------
    scene : FilmScene
    theme : Theme
    """

    def __init__(self, scene: FilmScene, theme: Theme = PRINT) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        self.figure = new_figure(*_SIZE, theme)
        self._scene = scene
        _write(self.figure, (0.012, 0.95), scene.heading, theme.muted, TEXT_SIZE)
        self._title = _write(self.figure, (0.47, 0.875), "", theme.text, TITLE_SIZE)
        ax = self.figure.add_axes((0.065, 0.14, 0.36, 0.67))
        _draw_loss(ax, scene.curves, theme)
        self._mark = ax.axvline(0, color=theme.text, lw=1.6, zorder=5, animated=True)
        place = (0.47, 0.02, 0.52, 0.81)
        self._panel = (
            WeightsPanel(self.figure, place, scene.image_shape, scene.class_names, theme)
            if scene.points is None
            else PlanePanel(self.figure, place, scene.points, scene.class_names, theme)
        )
        self._title.set_animated(True)
        self._canvas: Any = FigureCanvasAgg(self.figure)
        self._still: Any = None  # what does not move, drawn once

    def show(self, moment: FilmMoment) -> None:
        """Move the figure to a moment.

        Raises
        ------
        UserError
            If a weight is not finite.
        """
        self._mark.set_xdata([moment.step, moment.step])
        self._title.set_text(_title(moment))
        self._panel.show(moment.learned)

    def still(self, moment: FilmMoment) -> bytes:
        """Return the picture of a moment as PNG, in no more colours than a film has."""
        self.show(moment)
        if self._still is None:
            self._canvas.draw()
            self._still = self._canvas.copy_from_bbox(self.figure.bbox)
        self._canvas.restore_region(self._still)
        for artist in (self._mark, self._title, *self._panel.moving):
            self.figure.draw_artist(artist)
        picture = Image.fromarray(np.asarray(self._canvas.buffer_rgba())).convert("RGB")
        file = BytesIO()
        picture.quantize(_COLOURS, dither=Image.Dither.NONE).save(file, "png")
        return file.getvalue()


def film_file(stills: Sequence[bytes]) -> bytes:
    """Join pictures to one animated GIF that begins anew when it is over.

    Parameters
    ----------
    stills : sequence of bytes
        PNGs of one size, at least one.
    """
    pictures = [Image.open(BytesIO(still), formats=("PNG",)) for still in stills]
    file = BytesIO()
    pictures[0].save(
        file,
        "gif",
        save_all=True,
        append_images=pictures[1:],
        duration=[STILL_MS] * (len(pictures) - 1) + [LAST_MS],
        loop=0,
    )
    return file.getvalue()


def _title(moment: FilmMoment) -> str:
    title = _("After step {step}").format(step=count(moment.step))
    if not np.isfinite(moment.test_accuracy):
        return title
    text = _("{title}: test accuracy {accuracy}, test loss {loss}")
    accuracy, loss = percent(moment.test_accuracy), loss_text(moment.test_loss)
    return text.format(title=title, accuracy=accuracy, loss=loss)


def _draw_loss(ax: Axes, curves: CurveData, theme: Theme) -> None:
    style_axes(ax, _("Loss"), theme)
    test = _finite(curves.eval_test_loss)
    if len(curves.step):
        mean = _finite(curves.loss_mean)
        ax.plot(curves.step, mean, color=theme.train, alpha=0.35, lw=0.8)
        running = running_mean(curves.step, curves.loss_mean, running_window(curves.step))
        ax.plot(curves.step, running, color=theme.train, lw=2.2, label=_("train"))
    style = dashes(TEST_DASH)
    if np.isfinite(test).any():
        ax.plot(curves.eval_step, test, color=theme.test, lw=1.6, ls=style, label=_("test"))
    last = max([1, *curves.step[-1:], *curves.eval_step[-1:]])
    ax.set_xlim(-0.01 * last, 1.01 * last)
    ax.set_ylim(bottom=0)
    whole_numbers(ax)
    label_axes(ax, _("step"), _("loss (nats)"), theme)
    if ax.get_legend_handles_labels()[0]:
        legend = ax.legend(loc="upper right", fontsize=TEXT_SIZE, frameon=False)
        for text in legend.get_texts():
            text.set_color(theme.text)


def _write(figure: Figure, place: tuple[float, float], words: str, color: str, size: float) -> Any:
    weight = "bold" if size == TITLE_SIZE else "normal"
    return figure.text(
        *place, words, color=color, fontsize=size, fontweight=weight, va="center", parse_math=False
    )


def _finite(values: NDArray[Any]) -> NDArray[np.float64]:
    """Turn infinities into gaps: matplotlib would stretch the axis for them."""
    values = np.asarray(values, np.float64)
    return np.where(np.isfinite(values), values, np.nan)
