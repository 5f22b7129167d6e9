"""The blobs: scikit-learn's own points, stored as 32-bit numbers and never another version's."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split

from softmax_core.data import blobs, places, store
from softmax_core.data.catalogue import DATASETS
from softmax_core.data.prepared import open_prepared, write_prepared
from softmax_core.data.store import is_available, open_dataset
from softmax_core.errors import UserError
from tests.data.idx_zoo import make_folder

PUBLISHED = {
    "n_samples": 1000,
    "n_features": 2,
    "n_informative": 2,
    "n_redundant": 0,
    "n_classes": 3,
    "random_state": 42,
}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store as in a new process, with a cache folder of its own."""
    monkeypatch.setenv("SOFTMAX_CACHE", str(tmp_path / "cache"))
    new_process(monkeypatch)
    return tmp_path / "cache"


def new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_SHARED", store._Shared())


def test_the_published_call_is_refused_by_scikit_learn() -> None:
    with pytest.raises(ValueError, match=r"n_clusters_per_class\(2\) must be smaller"):
        make_classification(**PUBLISHED)


def test_the_points_and_their_split_are_scikit_learns() -> None:
    X, y = make_classification(**PUBLISHED, n_clusters_per_class=1)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42)
    ours = open_dataset("blobs")
    assert ours.info is DATASETS["blobs"]
    np.testing.assert_array_equal(ours.train_images, X_train.astype(np.float32))
    np.testing.assert_array_equal(ours.test_images, X_test.astype(np.float32))
    np.testing.assert_array_equal(ours.train_labels, y_train)
    np.testing.assert_array_equal(ours.test_labels, y_test)
    assert {str(a.dtype) for a in (ours.train_images, ours.test_images)} == {"float32"}
    assert {str(a.dtype) for a in (ours.train_labels, ours.test_labels)} == {"uint8"}


def test_a_new_process_maps_the_prepared_points_without_scikit_learn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = open_dataset("blobs")
    new_process(monkeypatch)
    monkeypatch.setattr(places.Source, "read", property(lambda _: pytest.fail("made again")))
    second = open_dataset("blobs")
    for name, array in second.arrays.items():
        assert isinstance(array.base, np.memmap)
        assert not array.flags.writeable
        np.testing.assert_array_equal(array, first.arrays[name])


def test_to_look_for_the_blobs_imports_no_scikit_learn() -> None:
    code = (
        "import sys; from softmax_core.data.store import is_available;"
        "sys.exit(not is_available('blobs') or 'sklearn' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
    assert is_available("blobs")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(UserError, match="package scikit-learn, which is not installed"):
        open_dataset("blobs")


def test_points_of_another_version_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blobs, "_SEED", 43)
    with pytest.raises(UserError, match=r"install the version that requirements\.txt lists"):
        open_dataset("blobs")


@pytest.mark.parametrize("name", ["train_images", "test_images", "train_labels", "test_labels"])
def test_prepared_arrays_of_another_type_do_not_count(tmp_path: Path, name: str) -> None:
    """Points are float32, pictures and labels bytes; nothing else is served, whoever wrote it."""
    points = open_dataset("blobs")
    own = store.open_folder(make_folder(tmp_path / "own"))
    for dataset in (points, own):
        for dtype in ("uint8", "float32", "float64", "int8", ">f4"):
            array = dataset.arrays[name]
            changed: dict[str, Any] = {name: array.astype(dtype)}
            other = dataclasses.replace(dataset, **changed)
            folder = tmp_path / f"{dataset.info.kind}-{dtype}"
            write_prepared(folder, other, "x")
            sound = np.dtype(dtype) == array.dtype
            assert (open_prepared(folder, "x") is not None) == sound, (dataset.info.name, dtype)


def test_a_set_of_another_kind_than_it_says_does_not_count(cache: Path) -> None:
    open_dataset("blobs")
    path = cache / "blobs" / "manifest.json"
    manifest = json.loads(path.read_text())
    for kind in ("pictures", "sounds", None):
        manifest["info"]["kind"] = kind
        path.write_text(json.dumps(manifest))
        assert open_prepared(cache / "blobs", None) is None
    manifest["info"]["kind"] = "points"
    path.write_text(json.dumps(manifest))
    assert open_prepared(cache / "blobs", None) is not None


def test_pictures_prepared_before_there_were_points_are_still_good(cache: Path) -> None:
    open_dataset("digits")
    path = cache / "digits" / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["info"]["kind"]
    path.write_text(json.dumps(manifest))
    assert open_prepared(cache / "digits", None) is not None
