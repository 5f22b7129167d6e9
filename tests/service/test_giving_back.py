"""What runs have left behind is given back to the system."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
_PROGRAM = """
from pathlib import Path
from softmax_core.service.giving_back import give_memory_back
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
kept, left = [], []
for _ in range(2000):
    left.append(bytes(31_000))
    kept.append(bytes(1_000))  # holds on to the place behind it
held = resident()
del left
give_memory_back()
print(held - resident())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux's C library")
def test_holes_between_what_is_kept_go_back_to_the_system() -> None:
    program = [sys.executable, "-c", _PROGRAM]
    given = subprocess.run(program, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert int(given.stdout) > 0.6 * 2000 * 31_000  # whole pages alone
