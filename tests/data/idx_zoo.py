"""IDX files for the tests, sound and spoilt, built by hand from the format's description."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.idx import write_images, write_labels

Bytes = NDArray[np.uint8]

NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def image_bytes(n: int = 3, rows: int = 4, columns: int = 5, start: int = 0) -> bytes:
    pixels = bytes((start + i) % 256 for i in range(n * rows * columns))
    return struct.pack(">IIII", 0x803, n, rows, columns) + pixels


def label_bytes(labels: bytes = b"\x00\x01\x02") -> bytes:
    return struct.pack(">II", 0x801, len(labels)) + labels


def random_images(n: int, side: int = 6, seed: int = 0) -> Bytes:
    return np.random.default_rng(seed).integers(0, 256, (n, side, side), dtype=np.uint8)


def make_folder(folder: Path, n_train: int = 30, n_test: int = 12, seed: int = 0) -> Path:
    """Write the four files of a small data set with three classes."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, n in (("train", n_train), ("t10k", n_test)):
        write_images(folder / f"{kind}-images-idx3-ubyte.gz", random_images(n, seed=seed))
        write_labels(folder / f"{kind}-labels-idx1-ubyte", (np.arange(n) % 3).astype(np.uint8))
    return folder
