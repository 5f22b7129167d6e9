"""Where the real data lie; a test that needs them is skipped with a sentence elsewhere.

They are downloads of 40 MB and belong to others, so a fresh clone has none of them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def real_folder(*parts: str) -> Path:
    """Return the folder named by SOFTMAX_DATA, or skip the test unless all parts are in it."""
    named = os.environ.get("SOFTMAX_DATA")
    folder = Path(named or "")
    if not named or not all((folder / part).exists() for part in parts):
        listed = ", ".join(parts) or "the real data"
        pytest.skip(f"needs a folder named by SOFTMAX_DATA that holds {listed}")
    return folder
