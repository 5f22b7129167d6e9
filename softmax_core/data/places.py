"""Where data sets lie on this computer: cached, in or made by packages, and as IDX files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import platformdirs

from softmax_core.data.blobs import BLOBS, blobs_fingerprint, load_blobs
from softmax_core.data.catalogue import DATASETS, FOLDER_PREFIX, dataset_info
from softmax_core.data.dataset import Dataset
from softmax_core.data.derived import derive, derived_fingerprint, is_derived
from softmax_core.data.embedded import (
    embedded_fingerprint,
    is_embedded,
    load_embedded,
)
from softmax_core.data.idx_folder import (
    file_fingerprint,
    find_idx_files,
    missing_idx_files,
    published_fingerprint,
    read_catalogued,
    read_own,
)
from softmax_core.errors import UserError

_NOWHERE: Final = Path(os.devnull) / "softmax-lab"  # nothing can be made there


class MissingDataError(UserError):
    """A data set is not on this computer, or another one than the one asked for.

    Parameters
    ----------
    name : str
        Of the data set.
    code, text : str
        As those of ``UserError``.
    """

    def __init__(self, name: str, code: str, text: str) -> None:
        super().__init__(code, text)
        self.name = name

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep all three arguments when the error crosses to another process."""
        return type(self), (self.name, self.code, self.text)


class Source(NamedTuple):
    """Where a data set can be read anew: what identifies its content, and how to read it."""

    fingerprint: str
    read: Callable[[], Dataset]


def cache_folder() -> Path:
    """Give the folder that prepared and fetched data are kept in.

    One that cannot be made is no error: whoever writes there goes on without.
    """
    named = os.environ.get("SOFTMAX_CACHE")
    if named:
        return Path(named)
    try:
        found = platformdirs.user_cache_path("softmax-lab", appauthor=False)
    except RuntimeError:  # a user without a home
        found = _NOWHERE
    # Older versions begin it with "~" then, which would be made wherever we were started.
    return found if found.is_absolute() else _NOWHERE


def prepared_folder(name: str) -> Path:
    """Give the folder of one data set inside the cache folder."""
    if name in DATASETS:
        return cache_folder() / name
    return cache_folder() / f"folder-{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def fetched_folder(name: str) -> Path:
    """Give the folder that the fetched IDX files of a data set lie in."""
    return prepared_folder(name) / "idx"


def given_folder(name: str) -> Path | None:
    """Give the folder of a data set inside the one named by SOFTMAX_DATA."""
    data = os.environ.get("SOFTMAX_DATA")
    return Path(data) / name if data else None


def own_folders() -> list[str]:
    """Give the names of the data sets of one's own in the folder that SOFTMAX_DATA names.

    Whoever starts the server decides what is there; a page offers only these names and never
    takes a path from a browser.
    """
    data = os.environ.get("SOFTMAX_DATA")
    if not data or not Path(data).is_dir():
        return []
    return [
        f"{FOLDER_PREFIX}{folder.resolve()}"
        for folder in sorted(Path(data).iterdir())
        if folder.name not in DATASETS
        and folder.name.isprintable()
        and folder.is_dir()
        and find_idx_files(folder) is not None
    ]


def find_source(name: str) -> Source | None:
    """Find where a data set can be read anew on this computer; None if nowhere.

    Raises
    ------
    UserError
        If there is no data set of that name.
    """
    if name.startswith(FOLDER_PREFIX):
        files = find_idx_files(Path(name.removeprefix(FOLDER_PREFIX)))
        if files is None:
            return None
        return Source(file_fingerprint(files), partial(read_own, files, name))
    info = dataset_info(name)
    if is_derived(name):
        return _derived_source(name)
    if is_embedded(name):
        # Also when its package is missing: load_embedded then says so.
        return Source(embedded_fingerprint(name), partial(load_embedded, name))
    if name == BLOBS:
        return Source(blobs_fingerprint(), load_blobs)
    for folder in (given_folder(name), fetched_folder(name)):
        files = find_idx_files(folder) if folder else None
        if files:
            return Source(published_fingerprint(name), partial(read_catalogued, files, info))
    return None


def published_name(name: str) -> str:
    """Give the data set to fetch so that this one can be opened: mostly itself."""
    return (DATASETS[name].made_from or name) if name in DATASETS else name


def _derived_source(name: str) -> Source | None:
    """Find where the data set that this one is made from can be read anew."""
    origin = find_source(published_name(name))
    if origin is None:
        return None
    fingerprint = derived_fingerprint(name, origin.fingerprint)
    return Source(fingerprint, lambda: derive(name, origin.read()))


def missing_fault(name: str) -> MissingDataError:
    """Say that a data set is nowhere on this computer, and how to get it."""
    if name.startswith(FOLDER_PREFIX):
        folder = Path(name.removeprefix(FOLDER_PREFIX))
        missing = " and no ".join(missing_idx_files(folder))
        return MissingDataError(
            name,
            "folder-incomplete",
            f"The folder {folder.name or folder} has no {missing} (plain or .gz). Put the four "
            "IDX files of a data set there; your data set is unchanged.",
        )
    return MissingDataError(
        name,
        "data-missing",
        f"{dataset_info(name).title} is not on this computer yet. Fetch it with "
        f"`python -m softmax_core fetch {name}`, or name a folder that holds "
        f"{published_name(name)}/ with its "
        "four IDX files in the environment variable SOFTMAX_DATA. The embedded set mnist-5k "
        "works without either.",
    )
