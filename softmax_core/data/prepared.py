"""Prepared data sets on disk: raw ``.npy`` files, memory-mapped read-only.

A folder holds four ``.npy`` files, named by their content, and ``manifest.json``,
which names them with their sizes and checksums. Whoever writes replaces the
manifest last and in one step: a reader sees the old set or the new one, whole, and
two processes preparing the same set write the same bytes under the same names.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.atomic import remove_stale, write_atomically
from softmax_core.data.dataset import ARRAY_NAMES, Dataset, DatasetInfo

_FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"
_MAX_MANIFEST_BYTES: Final = 64 * 1024
_TYPES: Final = {"pictures": np.dtype(np.uint8), "points": np.dtype(np.float32)}


def open_prepared(folder: Path, fingerprint: str | None) -> Dataset | None:
    """Map a prepared data set into memory, if there is a sound one.

    Sizes, shapes and a CRC-32 of every array are checked, which costs some 15 ms
    for MNIST and notices every single changed byte.

    Parameters
    ----------
    folder : Path
    fingerprint : str or None
        What the source looks like now; a set prepared from another source does
        not count. None if there is no source any more: then any sound set does.

    Returns
    -------
    Dataset or None
        Its arrays are read-only and backed by the files.
    """
    try:
        manifest = _read_manifest(folder)
        if fingerprint is not None and manifest["fingerprint"] != fingerprint:
            return None
        info = _info_from(manifest["info"])
        arrays = [_map_array(folder, manifest["arrays"][name]) for name in ARRAY_NAMES]
        return _checked(Dataset(info, *arrays))
    except Exception:
        # Missing, or damaged in a way no list of exceptions foresees (a flipped bit in
        # a header can make NumPy raise a tokenizer's error): the caller prepares again.
        return None


def has_prepared(folder: Path) -> bool:
    """Tell cheaply whether a prepared data set seems to be there."""
    return (folder / _MANIFEST).is_file()


def write_prepared(folder: Path, dataset: Dataset, fingerprint: str) -> None:
    """Write a data set so that `open_prepared` finds it, or leave what was there.

    Raises
    ------
    OSError
        If the folder cannot be written; no partial file is left.
    """
    folder.mkdir(parents=True, exist_ok=True)
    remove_stale(folder)
    entries = {name: _write_array(folder, name, a) for name, a in dataset.arrays.items()}
    manifest = {
        "format": _FORMAT,
        "fingerprint": fingerprint,
        "info": dataclasses.asdict(dataset.info),
        "arrays": entries,
    }
    text = json.dumps(manifest, indent=1).encode()
    write_atomically(folder / _MANIFEST, lambda file: file.write(text))
    _remove_others(folder, {entry["file"] for entry in entries.values()})


def _read_manifest(folder: Path) -> dict[str, Any]:
    with (folder / _MANIFEST).open("rb") as file:
        manifest = json.loads(file.read(_MAX_MANIFEST_BYTES))
    if manifest["format"] != _FORMAT:
        raise ValueError("written by another version")
    return dict(manifest)


def _info_from(fields: dict[str, Any]) -> DatasetInfo:
    rows, columns = fields["image_shape"]
    lists = {"class_names": tuple(fields["class_names"]), "image_shape": (rows, columns)}
    return DatasetInfo(**{**fields, **lists})


def _map_array(folder: Path, entry: dict[str, Any]) -> NDArray[Any]:
    path = folder / Path(entry["file"]).name  # a name only: never outside the folder
    if path.stat().st_size != entry["bytes"]:
        raise ValueError("another size")
    mapped = np.load(path, mmap_mode="r", allow_pickle=False)
    if list(mapped.shape) != entry["shape"]:
        raise ValueError("another shape")
    if zlib.crc32(mapped.data) != entry["crc32"]:
        raise ValueError("damaged")
    return np.asarray(mapped)  # a plain view: the memmap class is slow to index


def _checked(dataset: Dataset) -> Dataset:
    """Hold the arrays to the description that was stored beside them."""
    info = dataset.info
    shapes = [array.shape for array in dataset.arrays.values()]
    train, test = (info.n_train, info.n_features), (info.n_test, info.n_features)
    types = [array.dtype for array in dataset.arrays.values()]
    if shapes != [train, train[:1], test, test[:1]] or types != 2 * [_TYPES[info.kind], np.uint8]:
        raise ValueError("arrays and description differ")
    return dataset


def _write_array(folder: Path, name: str, array: NDArray[Any]) -> dict[str, Any]:
    content = np.ascontiguousarray(array)
    sha256 = hashlib.sha256(content.data).hexdigest()
    path = folder / f"{name}-{sha256[:16]}.npy"
    if not _holds(path, content):
        write_atomically(path, lambda file: _save(file, content))
    return {
        "file": path.name,
        "bytes": path.stat().st_size,
        "shape": list(content.shape),
        "sha256": sha256,
        "crc32": zlib.crc32(content.data),
    }


def _save(file: BinaryIO, content: NDArray[Any]) -> None:
    """Write what ``np.save`` writes; on a full disk that raises an error without its reason."""
    header = np.lib.format.header_data_from_array_1_0(content)
    np.lib.format.write_array_header_1_0(file, header)
    file.write(content.data)


def _holds(path: Path, content: NDArray[Any]) -> bool:
    """Tell whether a file is sound already: Windows cannot replace one that is mapped."""
    try:
        held = np.load(path, mmap_mode="r", allow_pickle=False)
        return held.dtype == content.dtype and np.array_equal(held, content)
    except Exception:  # as in open_prepared
        return False


def _remove_others(folder: Path, wanted: set[str]) -> None:
    """Remove arrays no manifest names any more; one still mapped elsewhere lives on there."""
    for path in folder.glob("*.npy"):
        if path.name not in wanted:
            with suppress(OSError):
                path.unlink()
