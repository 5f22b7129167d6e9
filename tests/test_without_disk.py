"""Without a disk the app works from memory and says so: full, read-only, missing, no home."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pooch
import pytest
import requests
import sklearn.datasets
import sklearn.model_selection

from softmax_core.data import store
from softmax_core.data.download import download
from softmax_core.data.places import cache_folder, fetched_folder
from softmax_core.data.store import open_dataset, store_notice
from softmax_core.errors import UserError
from softmax_core.service import Engine
from softmax_core.service.run_files import RunFiles
from softmax_core.training import TrainingConfig
from tests.data import local_mirror, small_mnist
from tests.failing_disk import in_a_child
from tests.service.by_hand import ManualExecutor, work_off

# Imported here once: each child would else do so by itself, and one without rights cannot.
IMPORTED = (pooch, requests, sklearn.datasets, sklearn.model_selection)
_NEW_USERS_AND_MOUNTS = 0x10000000 | 0x00020000  # of unshare(2)
BROWSER = 64 * "a"
_LARGE: Any = {"network": "mlp", "init": "scaled", "hidden_units": 256}  # more than 4 KB


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve the small data set, to a store as in a new process."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("SOFTMAX_DATA", raising=False)
    monkeypatch.setattr(store, "_SHARED", store._Shared())
    small_mnist.publish(monkeypatch)
    with local_mirror.serve() as running:
        yield running.offers(small_mnist.packed())


def lesson(mirror: str) -> dict[str, Any]:
    """Open data, train, store the run, and download; say what came of it."""
    dataset = open_dataset("blobs")
    executor, files = ManualExecutor(), RunFiles(cache_folder() / "runs")
    engine = Engine(lambda: executor, 1, files=files)
    session = engine.open(TrainingConfig(dataset="blobs", **_LARGE))
    session.browser = BROWSER
    engine.steps(session, 5)
    work_off(executor)
    engine.wind_down()
    fetched = "all"
    try:
        download("mnist", fetched_folder("mnist"), mirrors=(mirror,))
    except UserError as refusal:
        fetched = refusal.text
    engine.close()
    return {
        "trained": (len(dataset.train_labels) > 100, session.state.step) == (True, 5),
        "data_notice": store_notice(),
        "run_notice": engine.store_notice(),
        "run_is_stored": files.find(BROWSER) is not None,
        "fetched": fetched,
    }


def lesson_in_a_child(
    mirror: str, cache: Path | None, begin: Callable[[], object] = lambda: None
) -> dict[str, Any]:
    """Hold a lesson in a process of its own, which ``begin`` may spoil as it likes."""
    out, into = os.pipe()

    def work() -> None:
        os.environ.pop("SOFTMAX_CACHE")
        if cache is not None:
            os.environ["SOFTMAX_CACHE"] = str(cache)
        begin()
        os.write(into, json.dumps(lesson(mirror)).encode())

    code = in_a_child(work)
    os.close(into)
    text = os.read(out, 65_536)
    os.close(out)
    assert code == 0, "its traceback is on the error channel"
    said: dict[str, Any] = json.loads(text)
    assert said["trained"]
    return said


def check_from_memory(said: dict[str, Any], why: str, place: Path) -> None:
    assert not said["run_is_stored"]
    for sentence in (said["data_notice"], said["run_notice"], said["fetched"]):
        assert why in sentence
        assert str(place) not in sentence
    assert "It works now" in said["data_notice"]
    assert "Training works" in said["run_notice"]
    assert "The embedded set mnist-5k works without" in said["fetched"]


def mount(options: str, folder: Path) -> None:
    """Give this process alone a disk of its own on a folder; exit 99 where that is not allowed."""
    user, group = os.geteuid(), os.getegid()
    if ctypes.CDLL(None).unshare(_NEW_USERS_AND_MOUNTS):
        os._exit(99)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        os._exit(99)


def test_with_a_disk_everything_is_kept(tmp_path: Path, mirror: str) -> None:
    said = lesson_in_a_child(mirror, tmp_path / "new" / "cache")
    assert (said["data_notice"], said["run_notice"], said["fetched"]) == (None, None, "all")
    assert said["run_is_stored"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks")
@pytest.mark.parametrize(
    ("options", "why"),
    [
        ("size=4k", "the disk is full"),
        ("size=1m,nr_inodes=2", "the disk is full"),
        ("size=1m,ro", "Read-only file system"),
    ],
)
def test_a_full_or_read_only_disk(tmp_path: Path, mirror: str, options: str, why: str) -> None:
    if in_a_child(lambda: mount(options, tmp_path)) == 99:
        pytest.skip("this system lets nobody mount a small disk for a test")
    said = lesson_in_a_child(mirror, tmp_path, lambda: mount(options, tmp_path))
    check_from_memory(said, why, tmp_path)


def test_a_limit_on_the_size_of_files(tmp_path: Path, mirror: str) -> None:
    def begin() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40, 40))

    said = lesson_in_a_child(mirror, tmp_path, begin)
    check_from_memory(said, "the disk is full", tmp_path)
    # The file by which processes wait for each other is empty, and so fits any limit.
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size]


@pytest.mark.parametrize("place", ["file", "file/below", "/dev/full", "/dev/null/below"])
def test_a_cache_folder_that_is_no_folder(tmp_path: Path, mirror: str, place: str) -> None:
    (tmp_path / "file").touch()
    check_from_memory(lesson_in_a_child(mirror, tmp_path / place), os.strerror(20), tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can")
def test_a_user_without_a_home_leaves_nothing_where_the_server_was_started(mirror: str) -> None:
    def begin() -> None:
        for name in ("HOME", "XDG_CACHE_HOME", "USER", "LOGNAME"):
            os.environ.pop(name, None)
        os.setgid(54_321)
        os.setuid(54_321)
        os.chdir(started_in)

    with tempfile.TemporaryDirectory() as started_in:
        Path(started_in).chmod(0o777)
        said = lesson_in_a_child(mirror, None, begin)
        check_from_memory(said, os.strerror(20), Path(started_in))
        assert not list(Path(started_in).iterdir())
