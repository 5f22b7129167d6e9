"""Files are absent, old or new, and whole: at whichever call the disk fails or the power goes."""

from __future__ import annotations

import errno
import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from softmax_core.atomic import STALE_SECONDS, remove_stale, write_atomically
from softmax_core.data.places import find_source
from softmax_core.data.prepared import open_prepared, write_prepared
from softmax_core.data.store import Dataset
from softmax_core.service.run_files import RunFiles
from softmax_core.stored_run import write_stored
from softmax_core.training.start import first_state
from tests.data.idx_zoo import make_folder
from tests.failing_disk import FailingDisk, failing, kill_at_each_call
from tests.service.by_hand import FAST

BROWSER = 64 * "a"
FAULTS = (errno.EIO, errno.ENOSPC)
START = first_state(FAST, 64, 10)
OLD, NEW = (write_stored(FAST, START, accuracy) for accuracy in (0.25, 0.75))
KILLS = 500


def accuracy_in(folder: Path) -> float | None:
    """Return which run is there; a file that is not whole fails the test."""
    found = RunFiles(folder).find(BROWSER)
    assert (found is not None) == (folder / f"{BROWSER}.run").exists()
    return None if found is None else found.run.accuracy


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("old", [None, OLD])
def test_a_run_is_old_or_new_whichever_call_fails(
    tmp_path: Path, fault: int, old: bytes | None
) -> None:
    for at in range(1, 1_000):
        folder = tmp_path / str(at) / "runs"
        if old is not None:
            RunFiles(folder).save(BROWSER, old)
        files, disk = RunFiles(folder), FailingDisk(at, fault)
        with failing(disk):
            done = files.save(BROWSER, NEW)
        assert accuracy_in(folder) == (0.75 if done else (old and 0.25))
        assert done == (files.notice is None)
        assert not list(folder.glob("*.part"))
        if not disk.struck:
            break
    assert at > 6


@pytest.mark.parametrize("old", [None, OLD])
def test_a_run_is_absent_or_whole_wherever_the_process_is_killed(
    tmp_path: Path, old: bytes | None
) -> None:
    folder = tmp_path / "runs"

    def check() -> None:
        assert accuracy_in(folder) in (0.75, old and 0.25)
        if accuracy_in(folder) == 0.75:  # for the next call
            (folder / f"{BROWSER}.run").unlink()
        if old is not None:
            RunFiles(folder).save(BROWSER, old)

    if old is not None:
        RunFiles(folder).save(BROWSER, old)
    assert kill_at_each_call(lambda: RunFiles(folder).save(BROWSER, NEW), check) > 5
    for part in folder.glob("*.part"):
        os.utime(part, (0, 0))
    RunFiles(folder).tidy()
    assert not list(folder.glob("*.part"))


@pytest.fixture
def versions(tmp_path: Path) -> list[Dataset]:
    sources = [
        find_source(f"folder:{make_folder(tmp_path / f'own{seed}', n_train=30 + seed, seed=seed)}")
        for seed in (1, 2)
    ]
    return [source.read() for source in sources if source is not None]


def which(folder: Path, versions: list[Dataset]) -> int | None:
    """Return which version is there, whole; None for none."""
    opened = open_prepared(folder, None)
    if opened is None:
        return None
    (found,) = [i for i, v in enumerate(versions) if v.info.n_train == opened.info.n_train]
    for name, array in opened.arrays.items():
        np.testing.assert_array_equal(array, versions[found].arrays[name])
    return found


@pytest.mark.parametrize("fault", FAULTS)
def test_a_prepared_set_is_old_or_new_whichever_call_fails(
    tmp_path: Path, versions: list[Dataset], fault: int
) -> None:
    for at in range(1, 1_000):
        folder = tmp_path / str(at)
        write_prepared(folder, versions[0], "0")
        disk = FailingDisk(at, fault)
        with suppress(OSError), failing(disk):
            write_prepared(folder, versions[1], "1")
            assert which(folder, versions) == 1
        _expect(which(folder, versions), 0, 1)
        assert not list(folder.glob("*.part"))
        write_prepared(folder, versions[1], "1")
        assert which(folder, versions) == 1
        if not disk.struck:
            break
    assert at > 20


def test_a_prepared_set_is_absent_old_or_new_wherever_the_process_is_killed(
    tmp_path: Path, versions: list[Dataset]
) -> None:
    fresh, replaced = tmp_path / "fresh", tmp_path / "replaced"
    kill_at_each_call(
        lambda: write_prepared(fresh, versions[1], "1"),
        lambda: _expect(which(fresh, versions), None, 1),
    )
    assert which(fresh, versions) == 1

    def check() -> None:
        _expect(which(replaced, versions), 0, 1)
        write_prepared(replaced, versions[0], "0")

    write_prepared(replaced, versions[0], "0")
    assert kill_at_each_call(lambda: write_prepared(replaced, versions[1], "1"), check) > 20


def _expect(found: int | None, *allowed: int | None) -> None:
    assert found in allowed


def test_what_was_left_goes_after_an_hour_and_not_before(tmp_path: Path) -> None:
    now = time.time()
    for name, age in (("old.part", STALE_SECONDS + 60), ("new.part", 0), ("old.txt", 9e6)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (now - age, now - age))
    remove_stale(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.part", "old.txt"]
    remove_stale(tmp_path / "nowhere")


def test_an_interruption_by_hand_leaves_nothing(tmp_path: Path) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "file", interrupted)
    assert not list(tmp_path.iterdir())


@pytest.mark.long
def test_five_hundred_kills_at_random_moments_leave_no_broken_run(tmp_path: Path) -> None:
    folder, rng = tmp_path / "runs", random.Random(0)
    seen: dict[float | None, int] = {}
    for _ in range(KILLS):
        child = os.fork()
        if child == 0:
            files = RunFiles(folder)
            while True:
                files.save(BROWSER, NEW)
                files.save(BROWSER, OLD)
        time.sleep(rng.uniform(0.0, 0.02))  # the moment is what is tested
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        there = accuracy_in(folder)
        seen[there] = seen.get(there, 0) + 1
    assert seen.get(0.25, 0) > KILLS / 10
    assert seen.get(0.75, 0) > KILLS / 10
    assert len(list(folder.glob("*.part"))) > KILLS / 10  # they were killed in the middle
