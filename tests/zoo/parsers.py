"""Every parser of what comes from outside, with sound input to spoil and what it must give."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np

from softmax_core import limits
from softmax_core.data.idx import read_images, read_labels
from softmax_core.data.idx_folder import find_idx_files, read_own
from softmax_core.data.pictures import decode_canvas_png, read_picture
from softmax_core.persist import read_run, write_run
from softmax_core.weights_npy import read_weights
from tests.data.idx_zoo import NAMES, image_bytes, label_bytes
from tests.persist_zoo import META, matrix, npy, run_file, vector
from tests.raw_zip import Member
from tests.zoo.canvas import canvas_png
from tests.zoo.idx import write_four
from tests.zoo.mutants import spoilt
from tests.zoo.pictures import png, saved
from tests.zoo.weights import GOOD_B, GOOD_W


class Parser(NamedTuple):
    """How its input is made, and how it is read."""

    make: Callable[[Random], Any]
    read: Callable[[Any], object]


def parsers(folder: Path) -> dict[str, Parser]:
    """Return all that read bytes, which need a folder for what they read from files."""
    images = [image_bytes(), image_bytes(1, 1, 1)]
    labels = [label_bytes(), label_bytes(b"\1")]
    four = [image_bytes(), label_bytes(), image_bytes(), label_bytes()]
    own = write_four(folder / "own")
    packed = [gzip.compress(content, mtime=0) for content in (*images, *labels)]
    kinds = [saved(kind) for kind in ("PNG", "JPEG", "GIF", "BMP", "WEBP")]
    momentum = [
        Member("velocity/W.npy", npy(matrix())),
        Member("velocity/b.npy", npy(vector())),
    ]
    runs = [run_file(), run_file(more=momentum), run_file(META | {"last_active": None})]
    return {
        "images": Parser(_spoil([*images, *packed]), partial(_images, folder / "images")),
        "labels": Parser(_spoil([*labels, *packed]), partial(_labels, folder / "labels")),
        "folder": Parser(partial(_one_of_four, four), partial(_own, own)),
        "picture": Parser(_spoil([*kinds, png(5, 5, bytes(30))]), _picture),
        "canvas": Parser(_spoil([canvas_png(), png(280, 280), *kinds]), _canvas),
        "run": Parser(_spoil(runs), _run),
        "W.npy": Parser(_spoil([GOOD_W[:300], GOOD_W, GOOD_B]), partial(_weights, "W")),
        "b.npy": Parser(_spoil([GOOD_B]), partial(_weights, "b")),
        "settings of a run": Parser(_settings, _run),
    }


def _spoil(sound: list[bytes]) -> Callable[[Random], bytes]:
    return lambda rng: spoilt(rng, sound)


def _images(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    images = read_images(path)
    assert images.dtype == np.uint8
    assert all(1 <= side <= limits.MAX_IMAGE_SIDE for side in images.shape[1:])


def _labels(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert 1 <= len(read_labels(path)) <= limits.MAX_SAMPLES


def _one_of_four(four: list[bytes], rng: Random) -> tuple[int, bytes]:
    at = rng.randrange(4)
    return at, spoilt(rng, four[at : at + 1])


def _own(folder: Path, given: tuple[int, bytes]) -> None:
    at, content = given
    path = folder / NAMES[at]
    sound = path.read_bytes()
    path.write_bytes(content)
    try:
        files = find_idx_files(folder)
        assert files is not None
        dataset = read_own(files, f"folder:{folder.name}")
    finally:
        path.write_bytes(sound)
    assert dataset.train_labels.max() < dataset.info.n_classes <= limits.MAX_CLASSES


def _picture(data: bytes) -> None:
    ink = read_picture(data)
    assert ink.ndim == 2
    assert 0 <= ink.min() <= ink.max() <= 1


def _canvas(data: bytes) -> None:
    assert decode_canvas_png(data).shape == (limits.CANVAS_SIDE, limits.CANVAS_SIDE, 4)


def _run(data: bytes) -> None:
    saved_run = read_run(data)
    assert read_run(write_run(saved_run.config, saved_run.state)).config == saved_run.config


def _weights(which: str, data: bytes) -> None:
    pair = (data, GOOD_B) if which == "W" else (GOOD_W, data)
    for array in read_weights(*pair).values():
        assert np.abs(array).max() <= limits.MAX_WEIGHT


def _settings(rng: Random) -> bytes:
    """A run under good checksums, with something else for one of its settings or counts."""
    odd: tuple[Any, ...] = (
        None,
        True,
        -1,
        0,
        1.5,
        10**17,
        2**63,
        math.nan,
        math.inf,
        "",
        "x",
        "\0",
        [],
        {},
        [[]],
    )
    meta = json.loads(json.dumps(META | {"last_active": None}))
    place = meta["config"] if rng.random() < 0.5 else meta
    later = ("taught", "bias", "gradient", "n_train", "momentum", "init", "seed", "more")
    name = rng.choice([*place, *later])
    place[name] = rng.choice(odd)
    return run_file(meta)
