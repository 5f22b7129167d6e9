"""Memory that is free again goes back to the system, where its allocator can be asked to.

Runs are many small arrays among others' things: what they leave is holes, which glibc keeps for
the process unless it is told.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress


def give_memory_back() -> None:
    """Have the allocator return what it does not need; takes milliseconds."""
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):  # another C library knows no such thing
            ctypes.CDLL(None).malloc_trim(0)
