"""The script of continuous integration, with stand-ins for the programs it calls."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
PROGRAMS = ("pip", "python", "ruff", "mypy")

# Stands in for `python3 -m venv FOLDER`; every program of the environment notes that it was called
# and fails if it is the one that shall.
_MAKE_ENVIRONMENT = f"""#!/bin/sh
mkdir "$3/bin"
echo "PATH=$3/bin:$PATH" > "$3/bin/activate"
for name in {" ".join(PROGRAMS)}; do
  printf '#!/bin/sh\\necho %s >> "$CALLED"\\n[ %s != "$FAILING" ]\\n' $name $name > "$3/bin/$name"
  chmod 755 "$3/bin/$name"
done
"""


def run_script(folder: Path, failing: str) -> tuple[int, list[str]]:
    """Run a copy of the script; return its exit code and the programs it called."""
    (folder / ".ci").mkdir()
    shutil.copy(PROJECT / ".ci" / "run", folder / ".ci" / "run")
    (folder / "python3").write_text(_MAKE_ENVIRONMENT)
    (folder / "python3").chmod(0o755)
    called = folder / "called"
    environment = {
        **os.environ,
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "SOFTMAX_DATA": str(folder),
        "CALLED": str(called),
        "FAILING": failing,
    }
    done = subprocess.run(
        ["bash", folder / ".ci" / "run"], env=environment, capture_output=True, check=False
    )
    return done.returncode, called.read_text().split()


def test_it_installs_then_tests_then_checks(tmp_path: Path) -> None:
    assert run_script(tmp_path, "nothing") == (0, ["pip", "python", "ruff", "ruff", "mypy"])


@pytest.mark.parametrize("failing", PROGRAMS)
def test_it_fails_at_the_first_program_that_fails(tmp_path: Path, failing: str) -> None:
    code, called = run_script(tmp_path, failing)
    assert code != 0
    assert list(dict.fromkeys(called)) == list(PROGRAMS[: PROGRAMS.index(failing) + 1])
