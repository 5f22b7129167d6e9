"""Pictures of digits as PNG files, large enough to look at, and many of them as one ZIP."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Final

import numpy as np
from PIL import Image

from softmax_core.data.dataset import Bytes
from softmax_core.data.resample import Picture

SIDE: Final = 280  # pixels of a file's longer side, at the least
_ANY_DAY: Final = (1980, 1, 1, 0, 0, 0)  # a ZIP file's first: the same pictures, the same bytes


def ink_png(ink: Picture | Bytes, *, dark_paper: bool = False, side: int = SIDE) -> bytes:
    """Give a picture as a PNG file, each of its pixels a square, in the middle of a square.

    Parameters
    ----------
    ink : ndarray of shape (rows, columns), uint8 (255 is ink) or float (1 is ink)
    dark_paper : bool
        White ink on black, as a model sees it, instead of black ink on white paper.
    side : int
        Pixels of the file's side, at the least: a pixel becomes a whole number of them.
    """
    grey = ink if ink.dtype == np.uint8 else np.rint(255 * np.clip(ink, 0, 1)).astype(np.uint8)
    longer = max(grey.shape)
    square = np.zeros((longer, longer), np.uint8)
    top, left = ((longer - n) // 2 for n in grey.shape)
    square[top : top + grey.shape[0], left : left + grey.shape[1]] = grey
    times = -(-side // longer)
    large = square.repeat(times, axis=0).repeat(times, axis=1)
    file = io.BytesIO()
    Image.fromarray(large if dark_paper else 255 - large).save(file, "PNG")
    return file.getvalue()


def zip_of(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Give files, each with its name, as one ZIP file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:  # stored as they are: a PNG is packed already
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name, _ANY_DAY), data)
    return content.getvalue()
