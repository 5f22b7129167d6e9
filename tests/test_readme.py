"""The README's own commands, run as they stand."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

PROJECT = Path(__file__).resolve().parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^python -m softmax_core .*$", README, re.MULTILINE)


def run(command: str, folder: Path) -> str:
    """Run a command of the README in ``folder`` and return what it printed."""
    words = [sys.executable, *shlex.split(command)[1:]]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def draw_a_seven(path: Path) -> None:
    picture = Image.new("RGB", (200, 200), "white")
    pen = ImageDraw.Draw(picture)
    pen.line([(50, 45), (150, 45), (95, 165)], fill="black", width=16, joint="curve")
    picture.save(path)


def test_the_terminal_commands_work_in_the_order_they_stand(tmp_path: Path) -> None:
    draw_a_seven(tmp_path / "seven.png")
    assert len(COMMANDS) == 7
    printed = {
        " ".join(command.split()[3:5]): run(command, tmp_path)
        for command in COMMANDS
        if command.split()[3] != "fetch"
    }
    assert "mnist-5k" in printed["datasets"]
    assert printed["train --dataset"].count("epoch") == 5
    assert printed["train --recipe"].count("epoch") == 20
    assert "6 of 6 published figures agree" in printed["receipts --recipe"]
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert len(json.loads((tmp_path / "report.json").read_text())["epochs"]) == 5
    assert "accuracy" in printed["evaluate run.npz"]
    assert str(json.loads(printed["predict run.npz"])["prediction"]) == "7"


def test_fetching_what_is_already_here_needs_no_network(tmp_path: Path, real_data: Path) -> None:
    command = next(command for command in COMMANDS if " fetch " in command)
    assert (real_data / "mnist").is_dir()
    assert "ready" in run(command, tmp_path)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_every_file_the_readme_points_at_is_there(link: str) -> None:
    assert (PROJECT / link).exists()


def test_the_two_commands_are_those_of_continuous_integration() -> None:
    run, test = re.findall(r"^pip install (.*)$", README, re.MULTILINE)
    assert run == "-r requirements.txt && streamlit run app.py"
    assert test == "-r requirements-dev.txt && python -m pytest -n 2"
    assert test in (PROJECT / ".ci" / "run").read_text()
