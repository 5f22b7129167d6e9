"""What a server loads before it answers: no more than it needs."""

from __future__ import annotations

import subprocess
import sys

from tests.source_tree import PROJECT

LOADED = """
import sys
import ui.guard, ui.live.routes, ui.server
print(*sorted(name for name in sys.modules if "." not in name))
"""


def test_matplotlib_and_the_pages_wait_until_the_server_answers() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    loaded = done.stdout.split()
    assert "streamlit" in loaded
    assert not {"matplotlib", "pandas", "sklearn", "mlxtend", "scipy"} & set(loaded)
