"""The data store: every data set, opened once per process and shared read-only.

Where the data come from, first match wins:

1. this process has it open already;
2. prepared ``.npy`` files in the cache folder, memory-mapped: one copy in memory
   for all processes;
3. an installed package (``mnist-5k``, ``digits``, ``blobs``), the folder named by the environment
   variable SOFTMAX_DATA (``mnist/``, ``fashion-mnist/``), files fetched earlier, or a
   folder of one's own: prepared into the cache folder, and then as 2.

A worker on another computer may be told what each data set contains on the server (`expect`).
What differs from that or is not there counts as missing, until the server has lent it.

The cache folder is the user's own, or the one named by SOFTMAX_CACHE. If it cannot
be written, the data are served from memory and `store_notice` says so.
"""

from __future__ import annotations

import dataclasses
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from softmax_core.atomic import why_not_stored
from softmax_core.data.catalogue import DATASETS, FOLDER_PREFIX
from softmax_core.data.dataset import Dataset, DatasetInfo
from softmax_core.data.download import Progress, download
from softmax_core.data.idx_folder import find_idx_files
from softmax_core.data.places import (
    MissingDataError,
    Source,
    cache_folder,
    fetched_folder,
    find_source,
    given_folder,
    missing_fault,
    prepared_folder,
    published_name,
)
from softmax_core.data.prepared import has_prepared, open_prepared, write_prepared
from softmax_core.data.remote import REMOTE_FILES
from softmax_core.data.turns import own_turn
from softmax_core.errors import UserError

__all__ = [
    "Dataset",
    "DatasetInfo",
    "cache_folder",
    "contents",
    "expect",
    "fetch",
    "is_available",
    "keep_lent",
    "open_dataset",
    "open_folder",
    "prepare",
    "store_notice",
]


@dataclass
class _Shared:
    """What the threads of this process share."""

    opened: dict[tuple[str, ...], Dataset] = field(default_factory=dict)
    locks: dict[str, threading.Lock] = field(default_factory=dict)
    notices: dict[str, str] = field(default_factory=dict)
    sums: dict[str, tuple[Dataset, str]] = field(default_factory=dict)
    expected: dict[str, str] = field(default_factory=dict)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def lock(self, name: str) -> threading.Lock:
        with self.guard:
            return self.locks.setdefault(name, threading.Lock())


_SHARED: Final = _Shared()


def open_dataset(name: str) -> Dataset:
    """Give a data set by name; quick after the first time, and never downloads.

    Parameters
    ----------
    name : str
        A name in the catalogue, or ``folder:PATH`` for a folder with four IDX
        files. Never pass on a path that came from a browser.

    Raises
    ------
    UserError
        If there is no such data set, or it is not on this computer (the text says
        how to get it), or its files are damaged.
    """
    key = _key(name)
    dataset = _SHARED.opened.get(key)
    if dataset is None:
        with _SHARED.lock(name):  # one thread loads, the others wait for it
            dataset = _SHARED.opened.get(key) or _load(name)
            _SHARED.opened[key] = dataset
    return dataset


def open_folder(path: Path) -> Dataset:
    """Open a folder with four IDX files of one's own: sides up to 64, 2 to 47 classes."""
    return open_dataset(f"{FOLDER_PREFIX}{path.expanduser().resolve()}")


def prepare(name: str) -> Dataset:
    """Look at the sources again, prepare what is missing or out of date, and open it."""
    with _SHARED.lock(name):
        dataset = _SHARED.opened[_key(name)] = _load(name)
    return dataset


def fetch(
    name: str,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    mirrors: tuple[str, ...] | None = None,
) -> Dataset:
    """Make a data set available: download it if it is not on this computer, and open it.

    Parameters and errors as `softmax_core.data.download.download`.
    """
    published = published_name(name)
    if published not in REMOTE_FILES or _is_here(name):
        return prepare(name)
    folder = fetched_folder(published)
    with own_turn(folder, cancel):
        if not _is_here(name):  # nor has another process brought it meanwhile
            download(published, folder, progress, cancel, mirrors)
        return prepare(name)


def contents() -> dict[str, str]:
    """Give the SHA-256 of every data set that this process has open, by name."""
    for key, dataset in list(_SHARED.opened.items()):
        known = _SHARED.sums.get(key[0])
        if known is None or known[0] is not dataset:
            _SHARED.sums[key[0]] = dataset, dataset.sha256
    return {name: sha256 for name, (_, sha256) in list(_SHARED.sums.items())}


def expect(sha256s: dict[str, str]) -> None:
    """Take note of what data sets contain elsewhere; from now on only these are opened."""
    for name, sha256 in sha256s.items():
        if _SHARED.expected.get(name) != sha256:
            with _SHARED.lock(name):
                _SHARED.expected[name] = sha256
                _SHARED.opened.pop(_key(name), None)


def keep_lent(dataset: Dataset) -> None:
    """Keep a data set that another computer has lent, for all processes of this one."""
    name, sha256 = dataset.info.name, dataset.sha256
    folder = prepared_folder(name)
    with _SHARED.lock(name), own_turn(folder):
        stored = open_prepared(folder, None)
        if stored is None or stored.sha256 != sha256:
            stored = _store(name, dataset, folder, f"lent {sha256}")
        _SHARED.opened[_key(name)] = stored


def is_available(name: str) -> bool:
    """Tell, without reading any data, whether `open_dataset` is likely to succeed."""
    if name not in DATASETS and not name.startswith(FOLDER_PREFIX):
        return False
    return has_prepared(prepared_folder(name)) or find_source(name) is not None


def store_notice() -> str | None:
    """Give one sentence if a data set could not be stored on this computer, else None."""
    notices = list(_SHARED.notices.values())
    return notices[-1] if notices else None


def _key(name: str) -> tuple[str, str, str]:
    return name, str(cache_folder()), os.environ.get("SOFTMAX_DATA", "")


def _load(name: str) -> Dataset:
    expected = _SHARED.expected.get(name)
    return _load_from_here(name) if expected is None else _load_as(name, expected)


def _load_as(name: str, sha256: str) -> Dataset:
    """Load a data set with this very content: lent, or the same here."""
    lent = open_prepared(prepared_folder(name), None)
    if lent is not None and lent.sha256 == sha256:
        return _described(name, lent)
    try:
        found = _load_from_here(name)
    except UserError as fault:
        raise MissingDataError(name, fault.code, fault.text) from fault
    if found.sha256 != sha256:
        raise MissingDataError(
            name,
            "data-differs",
            f"{found.info.title} is another data set on this computer than on the server.",
        )
    return found


def _load_from_here(name: str) -> Dataset:
    source = find_source(name)
    folder = prepared_folder(name)
    dataset = open_prepared(folder, source.fingerprint if source else None)
    if dataset is None:
        if source is None:
            raise missing_fault(name)
        dataset = _prepare(name, source, folder)
    return _described(name, dataset)


def _described(name: str, dataset: Dataset) -> Dataset:
    """Describe it as this version does: what is stored beside it may be an older one's."""
    return dataclasses.replace(dataset, info=DATASETS[name]) if name in DATASETS else dataset


def _prepare(name: str, source: Source, folder: Path) -> Dataset:
    """Read a data set anew and store it, unless another process has just done so."""
    with own_turn(folder):
        prepared = open_prepared(folder, source.fingerprint)
        return prepared or _store(name, source.read(), folder, source.fingerprint)


def _store(name: str, dataset: Dataset, folder: Path, fingerprint: str) -> Dataset:
    """Store a data set and open it; if it cannot be stored, serve it from memory."""
    try:
        write_prepared(folder, dataset, fingerprint)
    except OSError as fault:
        _SHARED.notices[name] = _notice(dataset.info.title, fault)
        return _read_only(dataset)
    _SHARED.notices.pop(name, None)
    return open_prepared(folder, fingerprint) or _read_only(dataset)


def _is_here(name: str) -> bool:
    """Tell whether nothing needs to be downloaded to open a published data set."""
    given = given_folder(published_name(name))
    if given is not None and find_idx_files(given) is not None:
        return True
    return open_prepared(prepared_folder(name), None) is not None


def _notice(title: str, fault: OSError) -> str:
    return (
        f"{title} could not be stored on this computer ({why_not_stored(fault)}). It works now "
        "and will be read again from its source next time."
    )


def _read_only(dataset: Dataset) -> Dataset:
    """Lock the arrays of a data set that is not memory-mapped: they too are shared."""
    for array in dataset.arrays.values():
        array.setflags(write=False)
    return dataset
