"""Two processes preparing the same data at once: both end with valid files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from softmax_core.data.prepared import open_prepared
from tests.data.idx_zoo import make_folder

# Prepares the same set in one new folder after the other, and opens it each time.
SCRIPT = """
import sys
from pathlib import Path
from softmax_core.data.idx_folder import find_idx_files, read_own
from softmax_core.data.prepared import open_prepared, write_prepared
from softmax_core.data.store import open_dataset

name, folder = sys.argv[1], Path(sys.argv[2])
dataset = read_own(find_idx_files(Path(name.removeprefix("folder:"))), name)
sys.stdout.write("ready\\n"); sys.stdout.flush(); sys.stdin.readline()
total = int(open_dataset(name).train_images.sum())
for i in range(20):
    write_prepared(folder / str(i), dataset, "same")
    opened = open_prepared(folder / str(i), "same")
    assert opened is not None, "a half-written set was seen"
    assert int(opened.train_images.sum()) == total
sys.stdout.write(f"{total}\\n")
"""


def test_two_processes_at_once_always_see_a_whole_set(tmp_path: Path) -> None:
    name = f"folder:{make_folder(tmp_path / 'own')}"
    folder = tmp_path / "cache" / "raced"
    command = [sys.executable, "-c", SCRIPT, name, str(folder)]
    environment = {**os.environ, "SOFTMAX_CACHE": str(tmp_path / "cache")}
    root = Path(__file__).parents[2]
    racers = [
        subprocess.Popen(
            command,
            cwd=root,
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    totals = {racer.communicate(timeout=60)[0] for racer in racers}
    assert [racer.returncode for racer in racers] == [0, 0]
    assert len(totals) == 1
    assert all(open_prepared(folder / str(i), "same") is not None for i in range(20))
    assert not list((tmp_path / "cache").rglob("*.part"))
