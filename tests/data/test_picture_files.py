"""Digits as PNG files and many of them in a ZIP: what goes in comes out."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from softmax_core.data.picture_files import SIDE, ink_png, zip_of


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"))


@pytest.mark.parametrize("shape", [(28, 28), (8, 8), (1, 1), (300, 300)])
def test_each_pixel_is_a_square_of_the_file(shape: tuple[int, int]) -> None:
    ink = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    seen = pixels(ink_png(ink, dark_paper=True))
    assert len(seen) >= SIDE
    k = len(seen) // shape[0]
    assert (seen.reshape(shape[0], k, shape[1], k) == ink[:, None, :, None]).all()
    assert (pixels(ink_png(ink)) == 255 - seen).all()


def test_a_narrow_picture_stands_in_the_middle_of_a_square() -> None:
    ink = np.ones((4, 2))
    seen = pixels(ink_png(ink, dark_paper=True, side=4))
    assert seen.tolist() == [[0, 255, 255, 0]] * 4


def test_ink_beyond_full_is_full() -> None:
    seen = pixels(ink_png(np.array([[2.0, -1.0], [0.5, 0.0]]), dark_paper=True, side=2))
    assert seen.tolist() == [[255, 0], [128, 0]]


def test_a_zip_holds_the_files_and_is_the_same_every_day() -> None:
    files = [("a.png", b"one"), ("b.png", b"two")]
    data = zip_of(files)
    assert data == zip_of(files)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert [(name, archive.read(name)) for name in archive.namelist()] == files
