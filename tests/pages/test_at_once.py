"""TCP holds no answer back on connections to the app."""

from __future__ import annotations

import socket
import sys

import pytest

from ui.at_once import send_at_once


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not name a process's sockets")
def test_connections_to_a_socket_that_listens_already_send_at_once() -> None:
    with socket.socket(socket.AF_INET) as listener:  # as Streamlit's, without a protocol number
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        assert send_at_once() >= 1
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        # What was found was a copy: the socket itself is still there.
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as another:
            assert another.fileno() > 0
