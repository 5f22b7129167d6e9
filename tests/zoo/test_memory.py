"""What swells when it is unpacked is refused before it does: little memory, in a process alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.source_tree import PROJECT

MOST = 80 * 2**20  # bytes above what the process has after reading a sound input

# Each reads a sound input first, so that what is imported and set up is not counted.
SCRIPT = """
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from softmax_core.data.idx import read_images
from softmax_core.data.pictures import decode_canvas_png, read_picture
from softmax_core.errors import UserError
from softmax_core.persist import read_run
from softmax_core.weights_npy import read_weights
from tests.persist_zoo import ZOO, run_file
from tests.zoo.canvas import canvas_png
from tests.zoo.idx import AS_IMAGES, IMAGES
from tests.zoo.pictures import PICTURES, saved
from tests.zoo.weights import AS_W, GOOD_B, GOOD_W

warnings.simplefilter("ignore")  # Pillow's of a bomb: it only warns, ours must refuse

def read_idx(data):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "images"
        path.write_bytes(data)
        return read_images(path)

CASES = {
    "idx": (read_idx, IMAGES, [AS_IMAGES[n].data for n in (
        "a bomb", "a bomb of the largest size", "400 MB", "2^32 - 1 pictures")]),
    "picture": (read_picture, saved("PNG"), [c.data for n, c in PICTURES.items() if (
        "bomb" in n or "100 MB" in n or "million" in n or "too " in n)]),
    "canvas": (decode_canvas_png, canvas_png(), [c.data for c in PICTURES.values()]),
    "run": (read_run, run_file(), [data for data, _, _ in ZOO.values()]),
    "weights": (lambda data: read_weights(data, GOOD_B), GOOD_W, [c.data for c in AS_W.values()]),
}
def peak():
    # Of this process itself; what the parent had before is not in it, as in ru_maxrss it is.
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.partition("VmHWM:")[2].split()[0])

for name, (read, sound, bad) in CASES.items():
    assert bad
    read(sound)
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew from what there is now
    before = peak()
    for data in bad:
        try:
            read(data)
        except UserError:
            continue
        if name != "weights":  # one of those is refused by the page, for its data set
            raise SystemExit("it was read")
    print(name, peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells of memory on Linux alone")
def test_bombs_of_all_kinds_take_little_memory() -> None:
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    rises = dict(line.split() for line in result.stdout.splitlines())
    assert rises.keys() == {"idx", "picture", "canvas", "run", "weights"}
    assert all(int(rise) < MOST for rise in rises.values()), rises
