"""The data sets a page may offer, and what is known of them."""

from __future__ import annotations

from pathlib import Path

from softmax_core.data.catalogue import DATASETS, FOLDER_PREFIX
from softmax_core.data.dataset import DatasetInfo
from softmax_core.data.places import own_folders
from softmax_core.data.store import open_dataset


def dataset_names() -> list[str]:
    """Return the catalogue's names and those of the folders beside them, if any."""
    return [*DATASETS, *own_folders()]


def info_of(name: str) -> DatasetInfo:
    """Return what is known of a data set; a folder of one's own is opened for it.

    Raises
    ------
    UserError
        When the folder's files are not a data set.
    """
    return DATASETS[name] if name in DATASETS else open_dataset(name).info


def public_name(name: str) -> str:
    """Return the name as an address may carry it: a folder's own name, not its path."""
    return Path(name.removeprefix(FOLDER_PREFIX)).name if name not in DATASETS else name


def find_dataset(public: str) -> str | None:
    """Return the data set of this public name, or None."""
    return next((name for name in dataset_names() if public_name(name) == public), None)
