"""Answers leave at once: TCP is told not to hold small packets back.

An answer's body is written after its head, and a second small packet waits until the browser has
acknowledged the first, which browsers put off for 40 ms. asyncio switches that off for sockets
whose protocol number says TCP; Streamlit's listening socket leaves the number out, so every
answer came 40 ms late. What a connection is told is taken over from the socket that listens.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

_OPEN_FILES: Final = Path("/dev/fd")  # of this process, by number; nothing on Windows


def send_at_once() -> int:
    """Have all connections to come send at once; return to how many listening sockets they come."""
    changed = 0
    for listener in _listeners():
        with listener:
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            changed += 1
    return changed


def _listeners() -> Iterator[socket.socket]:
    """Find the TCP sockets of this process that listen, each as a copy to be closed."""
    for path in list(_OPEN_FILES.iterdir()) if _OPEN_FILES.is_dir() else []:
        with suppress(OSError):  # no socket, or closed meanwhile
            found = socket.socket(fileno=os.dup(int(path.name)))
            if found.family in (socket.AF_INET, socket.AF_INET6) and found.getsockopt(
                socket.SOL_SOCKET, socket.SO_ACCEPTCONN
            ):
                yield found
            else:
                found.close()
