"""The folder of stored runs: bounded, forgetful, and never in the way."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from softmax_core import limits
from softmax_core.service.run_files import RunFiles
from softmax_core.stored_run import write_stored
from softmax_core.training.start import first_state
from tests.service.by_hand import FAST

ONE, OTHER = 64 * "a", 64 * "b"
RUN = write_stored(FAST, first_state(FAST, 64, 10), 0.25)


def grow_old(path: Path, seconds: float) -> None:
    stamp = time.time() - seconds
    os.utime(path, (stamp, stamp))


def test_each_browser_finds_its_own_run_until_it_is_forgotten(tmp_path: Path) -> None:
    files = RunFiles(tmp_path / "runs")
    assert files.find(ONE) is None
    assert files.save(ONE, RUN)
    found = files.find(ONE)
    assert found is not None
    assert found.run.accuracy == 0.25
    assert found.age < 60
    assert files.find(OTHER) is None
    assert [path.name for path in (tmp_path / "runs").iterdir()] == [f"{ONE}.run"]
    files.forget(ONE)
    assert files.find(ONE) is None
    assert not list((tmp_path / "runs").iterdir())
    files.forget(ONE)  # twice is once


def test_only_its_owner_reads_the_folder(tmp_path: Path) -> None:
    RunFiles(tmp_path / "runs").save(ONE, RUN)
    assert (tmp_path / "runs").stat().st_mode & 0o077 == 0


def test_after_fifteen_minutes_a_run_is_not_offered_and_then_deleted(tmp_path: Path) -> None:
    files = RunFiles(tmp_path)
    files.save(ONE, RUN)
    files.save(OTHER, RUN)
    grow_old(tmp_path / f"{ONE}.run", limits.CONTINUE_SECONDS + 5)
    grow_old(tmp_path / f"{OTHER}.run", limits.CONTINUE_SECONDS - 60)
    assert files.find(ONE) is None
    assert files.find(OTHER) is not None
    files.tidy()
    assert [path.name for path in tmp_path.iterdir()] == [f"{OTHER}.run"]
    grow_old(tmp_path / f"{OTHER}.run", limits.CONTINUE_SECONDS - 1)
    files.touch(OTHER)
    found = files.find(OTHER)
    assert found is not None
    assert found.age < 60
    files.touch(ONE)  # which is not there any more
    assert files.find(ONE) is None


def test_a_clock_that_was_set_back_makes_no_run_unreadable(tmp_path: Path) -> None:
    files = RunFiles(tmp_path)
    files.save(ONE, RUN)
    grow_old(tmp_path / f"{ONE}.run", -3_000)
    found = files.find(ONE)
    assert found is not None
    assert found.age == 0


def test_of_too_many_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("softmax_core.service.run_files.MAX_STORED_RUNS", 3)
    files = RunFiles(tmp_path)
    for i in range(5):
        files.save(64 * f"{i}", RUN)
        grow_old(tmp_path / f"{64 * str(i)}.run", 10 * i)
    files.tidy()
    assert sorted(path.name[0] for path in tmp_path.iterdir()) == ["0", "1", "2"]


@pytest.mark.parametrize("name", ["", "../x", "a" * 63, "A" * 64, "a" * 64 + "\n", "é" * 64])
def test_nothing_but_a_hash_names_a_file(tmp_path: Path, name: str) -> None:
    files = RunFiles(tmp_path)
    with pytest.raises(ValueError, match="hash"):
        files.save(name, RUN)


@pytest.mark.parametrize("content", [b"", RUN[:-1], RUN + b"x", b"x" * 3_000_000])
def test_a_damaged_or_swollen_file_is_no_run(tmp_path: Path, content: bytes) -> None:
    (tmp_path / f"{ONE}.run").write_bytes(content)
    assert RunFiles(tmp_path).find(ONE) is None


def test_a_folder_that_is_a_file_makes_a_notice_and_no_error(tmp_path: Path) -> None:
    (tmp_path / "runs").touch()
    files = RunFiles(tmp_path / "runs")
    assert not files.save(ONE, RUN)
    assert files.notice is not None
    assert "cannot be stored on this computer" in files.notice
    assert str(tmp_path) not in files.notice
    assert files.find(ONE) is None
    files.forget(ONE)
    files.touch(ONE)
    files.tidy()
    (tmp_path / "runs").unlink()
    assert files.save(ONE, RUN)
    assert files.notice is None
