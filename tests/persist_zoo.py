"""Files that are nearly saved runs, built by hand from the formats' descriptions."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from softmax_core import limits
from tests.raw_zip import Member, archive, end, with_zip64

META: dict[str, Any] = {
    "format": 1,
    "config": {"dataset": "digits", "network": "softmax", "learning_rate": 0.5},
    "start_loss": 1.5,
    "step": 6,
    "epoch": 1,
    "position": 4,
    "samples_seen": 12,
}


def npy(array: Any, *, header: str | None = None, version: tuple[int, int] = (1, 0)) -> bytes:
    """Write a .npy file; an array of objects gets some bytes that stand for a pickle."""
    array = np.asarray(array)
    if header is None:
        header = (
            f"{{'descr': {array.dtype.str!r}, 'fortran_order': False, 'shape': {array.shape}, }}"
        )
    text = header.encode() + b"\n"
    start = b"\x93NUMPY" + bytes(version) + struct.pack("<H", len(text)) + text
    return start + (b"cos\nsystem\n" if array.dtype.hasobject else array.tobytes())


def matrix(rows: int = 4, columns: int = 3) -> np.ndarray:
    return np.arange(rows * columns, dtype="<f4").reshape(rows, columns)


def vector(n: int = 3) -> np.ndarray:
    return np.arange(n, dtype="<f4")


def run_file(
    meta: Any = META, *, W: Any = None, b: Any = None, more: Sequence[Member] = ()
) -> bytes:
    """Write a run of 4 features and 3 classes; parts may be given as arrays or as bytes."""
    text = meta if isinstance(meta, bytes) else json.dumps(meta).encode()
    weights, bias = (matrix() if W is None else W), (vector() if b is None else b)
    members = [Member("meta.json", text)]
    for name, part in (("params/W.npy", weights), ("params/b.npy", bias)):
        members.append(Member(name, part if isinstance(part, bytes) else npy(part)))
    return archive([*members, *more])


def members() -> list[Member]:
    """The three members of a sound run."""
    return [
        Member("meta.json", json.dumps(META).encode()),
        Member("params/W.npy", npy(matrix())),
        Member("params/b.npy", npy(vector())),
    ]


HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 3), }"


def meta(**changes: Any) -> bytes:
    return run_file(META | changes)


def setting(**changes: Any) -> bytes:
    return meta(config=META["config"] | changes)


def changed(index: int, **changes: Any) -> bytes:
    """One of the three members, other than it should be."""
    parts = members()
    parts[index] = replace(parts[index], **changes)
    return archive(parts)


def packed(body: bytes, size: int) -> Member:
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    small = squeezer.compress(body) + squeezer.flush()
    return Member("params/W.npy", small, method=zipfile.ZIP_DEFLATED, size=size)


def bomb(announced: int) -> bytes:
    meta_part, _, bias = members()
    return archive([meta_part, packed(bytes(20 * 2**20), announced), bias])


def with_header(text: str) -> bytes:
    return run_file(W=npy(matrix(), header=text))


def many(n: int) -> list[Member]:
    """Members that are all the same few bytes of the file."""
    return [Member("meta.json", b"{}"), *(Member(f"{i:x}", b"", offset=0) for i in range(1, n))]


def many_that_say(n: int, announced: int) -> bytes:
    whole = archive(many(n))
    start = whole.index(b"PK\x01\x02")
    return whole[:-22] + end(announced, len(whole) - 22 - start, start)


# By name: the file, the code of its refusal, and a pattern that its sentence matches.
ZOO: dict[str, tuple[bytes, str, str]] = {
    # Not such a file at all
    "empty": (b"", "run-kind", "is empty"),
    "words": (b"These are words.", "run-kind", "not a saved run"),
    "a PNG picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "run-kind", "not a saved run"),
    "a pickle": (b"\x80\x04\x95cos\nsystem\n.", "run-kind", "not a saved run"),
    "an array alone": (npy(matrix()), "run-kind", "not a saved run"),
    "a zip file of nothing": (archive([]), "run-kind", "not a saved run"),
    "something before it": (b"#!/bin/sh\n" + run_file(), "run-kind", "not a saved run"),
    "too large": (bytes(limits.MAX_RUN_BYTES + 1), "run-size", "2,097,153 bytes; .* 2,097,152"),
    # The zip file
    "trailing bytes": (run_file() + b"\0", "run-cut", "added to its end"),
    "a comment": (run_file()[:-2] + b"\5\0hello", "run-cut", "added to its end"),
    "something put in between": (archive(members(), between=b"...."), "run-damaged", "damaged"),
    "something hidden": (archive(members(), hidden=b"hidden"), "run-damaged", "damaged"),
    "something hidden in a header": (changed(1, extra=b"\1\0\2\0ab"), "run-damaged", "damaged"),
    "a directory in another order": (archive(members(), order=(2, 0, 1)), "run-damaged", "damaged"),
    "a second directory": (with_zip64(many(40_000)), "run-damaged", "damaged"),
    "13 members": (archive(many(13)), "run-members", "13 parts"),
    "40,000 members": (archive(many(40_000)), "run-members", "40,000 parts"),
    "40,000 members that say 3": (many_that_say(40_000, 3), "run-members", "3 parts in 1,9"),
    "65,536 members": (archive(many(65_536)), "run-size", "bytes"),
    "the same part twice": (run_file(more=members()[2:]), "run-names", "parts that a saved"),
    "overlapping members": (changed(2, offset=0), "run-damaged", "damaged"),
    "encrypted": (changed(1, flags=1), "run-packed", "encrypted"),
    "patched data": (changed(1, flags=0x20), "run-packed", "packed"),
    "an unknown packing": (changed(1, method=97), "run-packed", "packed"),
    "a bomb": (bomb(20 * 2**20), "run-packed", "packed"),
    "a bomb that says it is small": (bomb(200), "run-packed", "packed"),
    "a larger size announced": (changed(1, size=10**9), "run-packed", "packed"),
    "a wrong checksum": (run_file().replace(b"\0\0\x80\x3f", b"\0\0\x90\x3f"), "run-damaged", "d"),
    "a path out of here": (changed(1, name="../../etc/W.npy"), "run-names", "parts"),
    "a name of 60,000 letters": (changed(1, name="W" * 60_000), "run-members", "parts"),
    "a name with a NUL": (changed(1, name="params/W.npy\0x"), "run-damaged", "damaged"),
    "a name in another alphabet": (changed(1, name="params/Ŵ.npy"), "run-names", "parts"),
    # Which parts there are
    "no settings": (archive(members()[1:]), "run-meta", "no settings"),
    "no weights": (archive(members()[:1]), "run-shape", "no matrix"),
    "no bias": (archive(members()[:2]), "run-shape", "needs W of 4 x 3, b of 3; found W of 4 x 3"),
    "a part too many": (
        run_file(more=[Member("params/U.npy", npy(vector()))]),
        "run-shape",
        "U of 3",
    ),
    "a part of something else": (
        run_file(more=[Member("optimizer/W.npy", npy(vector()))]),
        "run-names",
        "parts",
    ),
    "half of the momentum": (
        run_file(more=[Member("velocity/b.npy", npy(vector()))]),
        "run-shape",
        "found b of 3",
    ),
    # The arrays
    "objects": (run_file(W=np.array([[None]])), "run-pickle", "params/W holds program objects"),
    "not an array": (run_file(W=b"words"), "run-array", "params/W is not an array"),
    "an empty part": (run_file(W=b""), "run-array", "params/W is not an array"),
    "64-bit numbers": (run_file(W=matrix().astype("<f8")), "run-array", "32-bit"),
    "big-endian numbers": (run_file(W=matrix().astype(">f4")), "run-array", "32-bit"),
    "whole numbers": (run_file(W=matrix().astype("<i4")), "run-array", "32-bit"),
    "complex numbers": (run_file(W=matrix().astype("<c8")), "run-array", "32-bit"),
    "words in an array": (run_file(W=np.full((4, 3), "1.0")), "run-array", "32-bit"),
    "dates": (run_file(W=np.full((4, 3), "2020", "M8[D]")), "run-array", "32-bit"),
    "a table": (
        with_header(HEADER.replace("'<f4'", "[('a', '<f4')]")),
        "run-array",
        "not an array",
    ),
    "in column order": (with_header(HEADER.replace("False", "True")), "run-array", "row order"),
    "another version": (run_file(W=npy(matrix(), version=(2, 0))), "run-array", "not an array"),
    "nested brackets": (with_header("[" * 900), "run-array", "not an array"),
    "a header of Python 2": (with_header(HEADER.replace("4", "4L")), "run-array", "not an array"),
    "a header that warns": (with_header(HEADER.replace("4, 3", "4if 3")), "run-array", "not an"),
    "a header with one key more": (with_header(HEADER[:-1] + "'x': 1}"), "run-array", "not an"),
    "a long header": (with_header(HEADER + " " * 60_000), "run-array", "not an array"),
    "10^12 elements": (
        with_header(HEADER.replace("4, 3", "1000000, 1000000")),
        "run-array",
        "announces 4,000,000,000,000 bytes of numbers and holds 48",
    ),
    "no elements": (run_file(W=np.zeros((0, 3), "<f4")), "run-array", "announces 0 bytes"),
    "a negative side": (with_header(HEADER.replace("4, 3", "-4, -3")), "run-array", "not an"),
    "a single number": (run_file(W=np.float32(1)), "run-array", "not an array"),
    "three dimensions": (run_file(W=matrix()[None]), "run-array", "vector or a matrix"),
    "an array cut short": (run_file(W=npy(matrix())[:-4]), "run-array", "48 .* holds 44"),
    "an array with more": (run_file(W=npy(matrix()) + b"more"), "run-array", "48 .* holds 52"),
    "weights as a vector": (run_file(W=vector(12)), "run-shape", "no matrix"),
    "a bias as a matrix": (run_file(b=matrix(1, 3)), "run-shape", "b of 1 x 3"),
    "a bias of another length": (run_file(b=vector(4)), "run-shape", "b of 4"),
    "another network": (setting(network="mlp"), "run-shape", "needs W1 of 4 x 100"),
    "1 class": (run_file(W=matrix(4, 1), b=vector(1)), "run-shape", "1 classes; .* 2 to 47"),
    "48 classes": (run_file(W=matrix(4, 48), b=vector(48)), "run-shape", "48 classes"),
    "too many pixels": (run_file(W=matrix(4097, 3)), "run-shape", "4,097 pixels"),
    "NaN": (
        run_file(W=np.where(matrix() == 5, np.float32(np.nan), matrix())),
        "run-numbers",
        r"params/W holds 1 values that are not numbers \(first at \[1, 2\]\)",
    ),
    "infinite": (run_file(b=np.array([0, 1, -np.inf], "<f4")), "run-numbers", r"1 values .* \[2\]"),
    "a huge weight": (run_file(b=np.array([0, 1, 2e6], "<f4")), "run-numbers", "holds 2e"),
    # The settings and counts
    "no JSON": (run_file(b"{'format': 1}"), "run-meta", "cannot be read"),
    "JSON in UTF-16": (run_file(json.dumps(META).encode("utf-16")), "run-meta", "cannot be read"),
    "JSON of too many brackets": (run_file(b"[" * 4000), "run-meta", "cannot be read"),
    "too many settings": (meta(x="x" * 5000), "run-meta", "at most 4,096"),
    "a list": (run_file(b"[]"), "run-format", "another version"),
    "another format": (meta(format=2), "run-format", "another version"),
    "one key more": (meta(more=1), "run-format", "another version"),
    "one key less": (run_file({k: META[k] for k in META if k != "step"}), "run-format", "another"),
    "settings as a list": (meta(config=[]), "run-config", "not those of Softmax Lab"),
    "an unknown setting": (setting(dropout=0.5), "run-config", "not those of Softmax Lab"),
    "an unknown network": (setting(network="gpt"), "run-config", "no network called 'gpt'"),
    "markup for a network": (setting(network="<img src=x>"), "run-config", "This file's network"),
    "a number for a network": (setting(network=1), "run-config", "This file's network"),
    "a number for a data set": (setting(dataset=5), "run-config", "This file's dataset"),
    "words for a rate": (setting(learning_rate="0.1"), "run-config", "This file's learning_rate"),
    "NaN for a rate": (setting(learning_rate=np.nan), "run-meta", "cannot be read"),
    "1e999 for a rate": (
        run_file(json.dumps(META).replace("0.5", "1e999").encode()),
        "run-config",
        "This file's learning_rate",
    ),
    "a negative rate": (setting(learning_rate=-1), "run-config", "between 1e-06 and 100"),
    "a truth for a batch size": (setting(batch_size=True), "run-config", "whole number from 1"),
    "half a sample": (setting(batch_size=0.5), "run-config", "whole number from 1"),
    "4,000 digits": (setting(seed=10**3500), "run-config", "This file's seed"),
    "a negative count": (meta(step=-1), "run-counts", "step is not a whole number"),
    "half a step": (meta(step=0.5), "run-counts", "step is not a whole number"),
    "a truth for a count": (meta(epoch=True), "run-counts", "epoch is not a whole number"),
    "an endless count": (meta(step=2**53), "run-counts", "step is not a whole number"),
    "no count": (meta(step=None), "run-counts", "step is not a whole number"),
    "a position beyond the data": (meta(position=9), "run-counts", "disagree"),
    "more samples than there can be": (meta(samples_seen=200_000), "run-counts", "disagree"),
    "fewer steps than epochs": (meta(epoch=3, step=2, samples_seen=28), "run-counts", "disagree"),
    "more steps than samples": (meta(step=13), "run-counts", "disagree"),
    "samples without steps": (
        meta(step=0, epoch=0, position=4, samples_seen=4),
        "run-counts",
        "disagree",
    ),
    "epochs of different sizes": (meta(epoch=2, samples_seen=17), "run-counts", "disagree"),
    "a position in no epoch": (
        meta(step=1, epoch=0, samples_seen=3),
        "run-counts",
        "disagree",
    ),
    "more samples than there can be in no epoch": (
        meta(epoch=0, position=100_000, samples_seen=100_000),
        "run-counts",
        "disagree",
    ),
    "a loss that is a word": (meta(start_loss="high"), "run-counts", "first loss"),
    "a negative loss": (meta(start_loss=-1.0), "run-counts", "first loss"),
    "an infinite loss": (meta(start_loss=np.inf), "run-meta", "cannot be read"),
    # Signs of life of classes
    "signs of life of a plain network": (
        run_file(META | {"last_active": [[1, 2], [2, 4], [3, 6]]}),
        "run-counts",
        "do not fit",
    ),
    "signs of life that are no list": (
        run_file(META | {"last_active": 3}),
        "run-counts",
        "one for each class",
    ),
    "signs of life beyond the run": (
        run_file(META | {"last_active": [[1, 2], [2, 4], [7, 12]]}),
        "run-counts",
        "not steps of its run",
    ),
    "signs of life that are no steps": (
        run_file(META | {"last_active": [[1, 2], [True, 2], [2]]}),
        "run-counts",
        "not steps of its run",
    ),
}
