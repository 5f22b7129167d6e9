"""Figures as files: valid, always the same, and nothing left behind."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from io import BytesIO
from typing import Literal
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from softmax_core.figures import (
    CurveData,
    class_counts_figure,
    class_means_figure,
    curves_figure,
    figure_bytes,
    gallery_figure,
    weights_figure,
)


def curves() -> Figure:
    step = np.arange(1, 31)
    at, half = np.array([0, 30]), np.array([0.5, 0.9])
    marks = ((9, "rate 1"),)
    loss = 1 / step
    return curves_figure(CurveData(step, loss, loss, loss, at, half, half, half, half, marks))


def weights() -> Figure:
    return weights_figure(np.arange(640.0).reshape(64, 10), (8, 8), list("0123456789"))


def gallery() -> Figure:
    return gallery_figure(np.full((3, 64), 9, np.uint8), (8, 8), ["a", "b", "c & <d>"], 2)


def means() -> Figure:
    return class_means_figure(np.full((2, 64), 0.5), (8, 8), ["a", "b"])


def counts() -> Figure:
    return class_counts_figure(np.array([3, 4]), np.array([1, 2]), ["a", "b"])


DRAW = [curves, weights, gallery, means, counts]
every_figure = pytest.mark.parametrize("draw", DRAW, ids=lambda draw: draw.__name__)
both_formats = pytest.mark.parametrize("format", ["png", "svg"])


@every_figure
def test_a_png_has_twice_the_dots_of_the_figure_and_no_program_or_date_in_it(
    draw: Callable[[], Figure],
) -> None:
    figure = draw()
    image = Image.open(BytesIO(figure_bytes(figure, "png")))
    image.load()
    assert image.format == "PNG"
    assert image.size == tuple(np.floor(200 * figure.get_size_inches() + 1e-6))
    assert set(image.info) <= {"dpi"}


@every_figure
def test_an_svg_is_well_formed_and_keeps_its_text_as_text(draw: Callable[[], Figure]) -> None:
    root = ElementTree.fromstring(figure_bytes(draw(), "svg"))
    space = "{http://www.w3.org/2000/svg}"
    assert root.tag == space + "svg"
    assert len(root.findall(f".//{space}text")) >= 3
    assert b"<dc:date>" not in figure_bytes(draw(), "svg")


def test_text_in_an_svg_can_be_searched() -> None:
    text = "".join(ElementTree.fromstring(figure_bytes(gallery(), "svg")).itertext())
    assert "c & <d>" in text


@every_figure
@both_formats
def test_the_same_figure_gives_the_same_bytes(
    draw: Callable[[], Figure], format: Literal["png", "svg"]
) -> None:
    assert figure_bytes(draw(), format) == figure_bytes(draw(), format)


def test_exporting_does_not_change_the_figure() -> None:
    figure = weights()
    first = figure_bytes(figure, "png")
    figure_bytes(figure, "svg")
    assert figure_bytes(figure, "png") == first
    assert figure.dpi == 100


def test_files_made_at_the_same_time_are_as_good_as_one_by_one() -> None:
    alone = [figure_bytes(draw(), "svg") for draw in DRAW]
    together: dict[int, bytes] = {}

    def work(i: int) -> None:
        together[i] = figure_bytes(DRAW[i](), "svg")

    threads = [threading.Thread(target=work, args=(i,)) for i in range(len(DRAW))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[i] for i in range(len(DRAW))] == alone


def test_no_figure_outlives_its_last_use() -> None:
    figures = [draw() for draw in DRAW]
    for figure in figures:
        figure_bytes(figure, "png")
        figure_bytes(figure, "svg")
    alive = [weakref.ref(figure) for figure in figures]
    del figure, figures
    gc.collect()
    assert [ref() for ref in alive] == [None] * len(DRAW)


def test_neither_pyplot_nor_streamlit_is_imported_even_after_drawing() -> None:
    script = (
        "import sys, numpy as np\n"
        "from softmax_core import figures as f\n"
        "f.figure_bytes(f.class_counts_figure(np.ones(2), np.ones(2), ['a', 'b']), 'svg')\n"
        "f.figure_bytes(f.weights_figure(np.ones((64, 2)), (8, 8), ['a', 'b']), 'png')\n"
        "found = {'matplotlib.pyplot', 'streamlit', 'pandas', 'scipy'} & set(sys.modules)\n"
        "ours = {m for m in sys.modules if m.startswith('softmax_core.')}\n"
        "allowed = ('softmax_core.figures', 'softmax_core.errors', 'softmax_core.wording')\n"
        "found |= {m for m in ours if not m.startswith(allowed)}\n"
        "sys.exit(str(found) if found else 0)\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
