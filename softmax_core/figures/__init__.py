"""Pictures for pages, files and print: arrays in, a matplotlib Figure out.

Nothing here knows a page, a session or a data set, and nothing uses pyplot, which keeps
every figure alive. Each ``*_figure`` has a ``*_summary`` that says in one sentence what
is to be seen: the caption, and the text for a screen reader.

Matplotlib is loaded when the first figure is made: it was two fifths of what a server loads before
it answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from softmax_core.figures.counts import class_counts_figure, class_counts_summary
from softmax_core.figures.curves import CurveData, curves_figure, curves_summary
from softmax_core.figures.export import figure_bytes
from softmax_core.figures.gallery import (
    class_means_figure,
    class_means_summary,
    gallery_figure,
    gallery_summary,
    readings_figure,
    readings_summary,
)
from softmax_core.figures.lane_means import examples_window, lane_means
from softmax_core.figures.palette import DARK, LIGHT, PRINT, LaneStyle, Theme, lane_style
from softmax_core.figures.points import PointRegions, points_figure, points_summary
from softmax_core.figures.running import running_mean, running_window
from softmax_core.figures.weights import scaled_weights, weights_figure, weights_summary

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Figure  # to be named in signatures

__all__ = [
    "DARK",
    "LIGHT",
    "PRINT",
    "CurveData",
    "LaneStyle",
    "PointRegions",
    "Theme",
    "class_counts_figure",
    "class_counts_summary",
    "class_means_figure",
    "class_means_summary",
    "curves_figure",
    "curves_summary",
    "examples_window",
    "figure_bytes",
    "gallery_figure",
    "gallery_summary",
    "lane_means",
    "lane_style",
    "points_figure",
    "points_summary",
    "readings_figure",
    "readings_summary",
    "running_mean",
    "running_window",
    "scaled_weights",
    "weights_figure",
    "weights_summary",
]
