"""IDX files: pictures and labels as MNIST is published, read strictly.

An IDX file is a header of big-endian 32-bit numbers and then bytes:

=======  ===========================================  ==========================
file     header                                       then
=======  ===========================================  ==========================
images   0x00000803, n, rows, columns (16 bytes)      n * rows * columns pixels
labels   0x00000801, n (8 bytes)                      n labels
=======  ===========================================  ==========================

Source: the description on the MNIST home page (Y. LeCun, C. Cortes, C. Burges).
Nothing is allocated before the header has been checked, and nothing is given
back before the whole file has been.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from softmax_core.data.dataset import Bytes
from softmax_core.data.gunzip import GZIP_MAGIC, BadGzipError, Gunzip
from softmax_core.data.idx_faults import (
    announcement,
    dimension_fault,
    file_fault,
    gzip_fault,
    long_fault,
    magic_fault,
    short_fault,
)
from softmax_core.errors import UserError
from softmax_core.limits import MAX_CLASSES, MAX_DATA_BYTES, MIN_CLASSES

_CHUNK: Final = 2**20
_MAX_FILE_BYTES: Final = MAX_DATA_BYTES + 2**20  # packing may add a little


@dataclass(frozen=True)
class _Kind:
    """One of the two kinds of file: its magic number and how many axes it has."""

    noun: str
    magic: int
    n_axes: int

    @property
    def header_bytes(self) -> int:
        return 4 + 4 * self.n_axes


_IMAGES: Final = _Kind("images", 0x00000803, 3)
_LABELS: Final = _Kind("labels", 0x00000801, 1)


def read_images(path: Path) -> Bytes:
    """Read an IDX image file, plain or gzip (told by content, not by name).

    Returns
    -------
    ndarray of shape (n, rows, columns), uint8

    Raises
    ------
    UserError
        For every other content than exactly one sound image file within the
        limits of `softmax_core.limits`.
    """
    return _read(path, _IMAGES)


def read_labels(path: Path) -> Bytes:
    """Read an IDX label file; shape (n,), uint8. Otherwise as `read_images`."""
    return _read(path, _LABELS)


def write_images(path: Path, images: Bytes) -> None:
    """Write an IDX image file; packed with gzip if the name ends in ``.gz``.

    Parameters
    ----------
    path : Path
    images : ndarray of shape (n, rows, columns), uint8
    """
    _write(path, images, _IMAGES)


def write_labels(path: Path, labels: Bytes) -> None:
    """Write an IDX label file from labels of shape (n,). As `write_images`."""
    _write(path, labels, _LABELS)


def check_pair(images: Bytes, labels: Bytes, n_classes: int) -> None:
    """Check that images and labels belong together.

    Raises
    ------
    UserError
        If the counts differ, if there are not 2 to 47 classes, or if a label is
        not below `n_classes` (the first such is named).
    """
    if len(images) != len(labels):
        raise UserError(
            "idx-counts",
            f"There are {len(images):,} images and {len(labels):,} labels: these two files do "
            "not belong together. Your data set is unchanged.",
        )
    if not MIN_CLASSES <= n_classes <= MAX_CLASSES:
        raise UserError(
            "idx-classes",
            f"The labels name {n_classes} classes; a data set here has {MIN_CLASSES} to "
            f"{MAX_CLASSES}. Your data set is unchanged.",
        )
    bad = np.flatnonzero(labels >= n_classes)
    if len(bad):
        raise UserError(
            "idx-label",
            f"Label number {bad[0]:,} (counted from 0) is {labels[bad[0]]}; with {n_classes} "
            f"classes labels go from 0 to {n_classes - 1}. Your data set is unchanged.",
        )


def content_sha256(array: Bytes) -> str:
    """Hash an array as the unpacked IDX file that holds it (3 axes: images, 1: labels)."""
    digest = hashlib.sha256(_header(array))
    digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _read(path: Path, kind: _Kind) -> Bytes:
    with _opened(path) as file:
        return _parse(_Source(file, path.name), kind)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        if not path.is_file():
            raise file_fault(path.name, "is not there")
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise file_fault(path.name, f"has more than {_MAX_FILE_BYTES:,} bytes, the limit")
        with path.open("rb") as file:
            yield file
    except OSError as fault:
        raise file_fault(path.name, f"cannot be read ({fault.strerror or fault})") from fault


class _Source:
    """The unpacked bytes of a file, counted."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        file.seek(0)
        self._read = Gunzip(file.read).read if packed else file.read
        self.name = name
        self.position = 0

    def read(self, size: int) -> bytes:
        try:
            piece = self._read(size)
        except BadGzipError as fault:
            raise gzip_fault(self.name, fault.reason, self.position) from fault
        self.position += len(piece)
        return piece


def _parse(source: _Source, kind: _Kind) -> Bytes:
    shape = _read_header(source, kind)
    announced = announcement(shape, kind.header_bytes)
    data = np.empty(math.prod(shape), np.uint8)
    done = 0
    while done < len(data):
        piece = source.read(min(_CHUNK, len(data) - done))
        if not piece:
            raise short_fault(source.name, announced, source.position)
        data[done : done + len(piece)] = np.frombuffer(piece, np.uint8)
        done += len(piece)
    if source.read(1):  # this read also checks a packed file's checksum
        raise long_fault(source.name, announced)
    return data.reshape(shape)


def _read_header(source: _Source, kind: _Kind) -> tuple[int, ...]:
    head = source.read(kind.header_bytes)
    if len(head) >= 4 and head[:4] != kind.magic.to_bytes(4, "big"):
        raise magic_fault(source.name, head, kind.noun, kind.magic)
    if len(head) < kind.header_bytes:
        raise short_fault(source.name, f"its header alone has {kind.header_bytes} bytes", len(head))
    shape = struct.unpack(f">{kind.n_axes}I", head[4:])
    fault = dimension_fault(source.name, shape)
    if fault is not None:
        raise fault
    return shape


def _write(path: Path, array: Bytes, kind: _Kind) -> None:
    if array.dtype != np.uint8 or array.ndim != kind.n_axes:
        raise UserError(
            "idx-array",
            f"An IDX file of {kind.noun} is made from whole numbers 0 to 255 (uint8) with "
            f"{kind.n_axes} axes; this array is {array.dtype} with {array.ndim}.",
        )
    fault = dimension_fault(path.name, array.shape)
    if fault is not None:
        raise fault
    content = _header(array) + array.tobytes()
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)


def _header(array: Bytes) -> bytes:
    kind = _LABELS if array.ndim == _LABELS.n_axes else _IMAGES
    return struct.pack(f">{1 + array.ndim}I", kind.magic, *array.shape)
