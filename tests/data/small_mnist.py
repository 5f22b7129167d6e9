"""A small stand-in for the published MNIST, so that downloads can be tested in a moment."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib

import numpy as np
import pytest

from softmax_core.data.catalogue import DATASETS
from softmax_core.data.remote import REMOTE_FILES, RemoteFile
from tests.data.idx_zoo import NAMES, Bytes, random_images

N_TRAIN, N_TEST, SIDE = 40, 20, 6


def contents() -> dict[str, bytes]:
    """The four unpacked IDX files, by name."""
    files = {}
    for kind, n in (("train", N_TRAIN), ("t10k", N_TEST)):
        labels = (np.arange(n) % 10).astype(np.uint8)
        files[f"{kind}-images-idx3-ubyte"] = _idx(0x803, random_images(n, SIDE, seed=n))
        files[f"{kind}-labels-idx1-ubyte"] = _idx(0x801, labels)
    return files


def packed() -> dict[str, bytes]:
    return {f"{name}.gz": gzip.compress(content) for name, content in contents().items()}


def publish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the small files the published ones of "mnist" for one test."""
    files = contents()
    published = tuple(
        RemoteFile(name, len(files[name]), hashlib.sha256(files[name]).hexdigest())
        for name in NAMES
    )
    info = dataclasses.replace(
        DATASETS["mnist"], image_shape=(SIDE, SIDE), n_train=N_TRAIN, n_test=N_TEST
    )
    monkeypatch.setitem(REMOTE_FILES, "mnist", published)
    monkeypatch.setitem(DATASETS, "mnist", info)


def _idx(magic: int, array: Bytes) -> bytes:
    header = np.array([magic, *array.shape], dtype=">u4").tobytes()
    return header + array.tobytes()
