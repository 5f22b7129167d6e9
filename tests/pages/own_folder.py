"""A folder with a data set of one's own, as a teacher may put beside the others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.idx import write_images, write_labels

SHAPE = (5, 6)


def write_own_folder(folder: Path, labels: NDArray[np.uint8]) -> str:
    """Write pictures with these labels, to train and to test on; return the data set's name."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (len(labels), *SHAPE), dtype=np.uint8)
    for part in ("train", "t10k"):
        write_images(folder / f"{part}-images-idx3-ubyte", images)
        write_labels(folder / f"{part}-labels-idx1-ubyte", labels)
    return f"folder:{folder.resolve()}"
