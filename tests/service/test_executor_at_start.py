"""A server whose workers cannot be had says so in one sentence, and ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ("tractor", "SOFTMAX_EXECUTOR is 'tractor': leave it out"),
        ("dask://127.0.0.1:1", "No Dask scheduler answers at 127.0.0.1:1: start it there"),
    ],
)
def test_it_ends_with_one_sentence_and_no_traceback(wish: str, sentence: str) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"),
            *("--server.port", "0", "--server.address", "127.0.0.1"),
        ],
        cwd=PROJECT,
        env={**os.environ, "SOFTMAX_EXECUTOR": wish},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(sentence)
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stdout + done.stderr
