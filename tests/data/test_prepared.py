"""Prepared files: whole or not used, whatever happens while they are written or lie there."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from softmax_core.data import store
from softmax_core.data.places import find_source
from softmax_core.data.prepared import open_prepared, write_prepared
from softmax_core.data.store import Dataset, open_dataset, prepare, store_notice
from tests.data.idx_zoo import make_folder


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store as in a new process, with a cache folder of its own and no SOFTMAX_DATA."""
    monkeypatch.setenv("SOFTMAX_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SOFTMAX_DATA", raising=False)
    monkeypatch.setattr(store, "_SHARED", store._Shared())
    return tmp_path / "cache"


def new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_SHARED", store._Shared())


def assert_same(one: Dataset, other: Dataset) -> None:
    assert one.info == other.info
    for name, array in one.arrays.items():
        np.testing.assert_array_equal(array, other.arrays[name])


def spoil(path: Path, how: str) -> None:
    content = path.read_bytes()
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 4]) + content[middle + 1 :]
    path.unlink()  # never write into a file that is mapped
    if how != "gone":
        path.write_bytes({"flipped": flipped, "cut": content[:-1], "empty": b""}[how])


@pytest.mark.parametrize("how", ["flipped", "cut", "empty", "gone"])
@pytest.mark.parametrize("what", ["train_images*", "test_labels*", "manifest.json"])
def test_a_damaged_cache_is_prepared_again(
    monkeypatch: pytest.MonkeyPatch, cache: Path, how: str, what: str
) -> None:
    first = open_dataset("digits")
    wanted = {name: array.copy() for name, array in first.arrays.items()}
    spoil(next((cache / "digits").glob(what)), how)
    new_process(monkeypatch)
    again = open_dataset("digits")
    for name, array in again.arrays.items():
        np.testing.assert_array_equal(array, wanted[name])
    new_process(monkeypatch)
    assert open_prepared(cache / "digits", None) is not None


def test_no_flipped_bit_in_the_cache_ever_changes_a_pixel(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    dataset = find_source(f"folder:{make_folder(tmp_path / 'own')}")
    assert dataset is not None
    write_prepared(folder, dataset.read(), "x")
    rng = np.random.default_rng(0)
    files = sorted(folder.iterdir())
    for _ in range(150):
        path = files[rng.integers(len(files))]
        content = path.read_bytes()
        flipped = bytearray(content)
        flipped[rng.integers(len(content))] ^= 1 << rng.integers(8)
        path.write_bytes(flipped)
        opened = open_prepared(folder, "x")
        if opened is not None:  # a bit of a text that describes, not of the data
            for name, array in opened.arrays.items():
                np.testing.assert_array_equal(array, dataset.read().arrays[name])
        path.write_bytes(content)


def test_a_manifest_that_points_outside_its_folder_is_not_followed(
    tmp_path: Path, cache: Path
) -> None:
    open_dataset("digits")
    path = cache / "digits" / "manifest.json"
    manifest = json.loads(path.read_text())
    entry = manifest["arrays"]["train_labels"]
    (cache / "digits" / entry["file"]).rename(tmp_path / "outside.npy")
    entry["file"] = "../../outside.npy"
    path.write_text(json.dumps(manifest))
    assert open_prepared(cache / "digits", None) is None


def test_a_cache_that_cannot_be_written_serves_from_memory_with_a_notice(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SOFTMAX_CACHE", str(tmp_path / "file"))
    dataset = open_dataset("digits")
    notice = store_notice()
    assert dataset.train_images.shape == (1_437, 64)
    assert open_dataset("digits") is dataset
    assert notice is not None
    assert "could not be stored on this computer" in notice
    assert "It works now" in notice
    with pytest.raises(ValueError, match="read-only"):
        dataset.train_images[0, 0] = 1


def test_a_full_disk_is_named_and_forgotten_once_there_is_room(
    monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        open_dataset("digits")
        assert "the disk is full" in str(store_notice())
        left = [path for path in (cache / "digits").iterdir() if path.name != ".turn"]
        assert not left
    prepare("digits")
    assert store_notice() is None


@pytest.mark.parametrize("call", range(8))
def test_a_fault_at_any_step_of_writing_leaves_the_old_set_or_the_new_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, call: int
) -> None:
    """Fail the first, second, ... call that touches the disk, as SQLite's tests do."""
    folder, left = tmp_path / "set", [call]
    versions = []
    for seed in (1, 2):
        own = make_folder(tmp_path / f"own{seed}", n_train=30 + seed, seed=seed)
        source = find_source(f"folder:{own}")
        assert source is not None
        versions.append(source.read())
    write_prepared(folder, versions[0], "1")

    def faulty(original: Callable[..., object]) -> Callable[..., object]:
        def run(*arguments: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.EIO, "Input/output error")
            return original(*arguments)

        return run

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", faulty(os.fsync))
        patch.setattr(Path, "replace", faulty(Path.replace))
        with pytest.raises(OSError, match="Input/output"):
            write_prepared(folder, versions[1], "2")
    opened = open_prepared(folder, None)
    assert opened is not None
    assert_same(opened, versions[0])
    assert not list(folder.glob("*.part"))


def test_what_a_killed_process_left_is_removed_after_an_hour(cache: Path) -> None:
    folder = cache / "digits"
    folder.mkdir(parents=True)
    for name, age in (("old.part", 4_000), ("new.part", 0)):
        (folder / name).touch()
        stamp = (folder / name).stat().st_mtime - age
        os.utime(folder / name, (stamp, stamp))
    open_dataset("digits")
    assert [path.name for path in folder.glob("*.part")] == ["new.part"]
