"""One process at a time prepares a data set, and nobody waits for one that died."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from softmax_core.data.turn import my_turn

PROJECT = Path(__file__).resolve().parents[2]
HOLD = """
import sys
from pathlib import Path
from softmax_core.data.turn import my_turn
with my_turn(Path(sys.argv[1])):
    print("mine", flush=True)
    input()
"""


def holder(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "mine\n"
    return process


@pytest.mark.skipif(sys.platform == "win32", reason="there, everybody goes on at once")
def test_it_is_waited_for_and_given_back_when_its_holder_is_killed(tmp_path: Path) -> None:
    process = holder(tmp_path / "digits")
    began = time.monotonic()
    with my_turn(tmp_path / "digits", patience=0.3):
        waited = time.monotonic() - began
    assert waited >= 0.3  # held by the other, and no longer than we have patience
    process.kill()
    process.communicate()
    with my_turn(tmp_path / "digits", patience=3_600):  # would hang, if it were still held
        pass
    assert not (tmp_path / "digits").exists()


def test_where_nothing_can_be_written_nobody_waits(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with my_turn(tmp_path / "file" / "digits"):
        pass


def test_what_goes_wrong_inside_gives_it_back(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="disk"), my_turn(tmp_path / "digits"):
        raise OSError("disk")
    with my_turn(tmp_path / "digits", patience=3_600):
        pass
