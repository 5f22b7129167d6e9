"""What passes between a page and Streamlit: waiting until a drawing has been taken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, WebSocket
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


class Wire:
    """The connection of one page."""

    def __init__(self) -> None:
        self._sent = False
        self._sockets: list[WebSocket] = []

    def listen(self, page: Page) -> None:
        """Listen to a page that is about to be loaded."""
        page.on("websocket", self._meet)

    @contextmanager
    def takes_a_drawing(self) -> Iterator[None]:
        """Wait at the end until the server's script has run with the canvas's new content."""
        self._sent = False
        with self._sockets[-1].expect_event("framereceived", self._has_taken):
            yield

    def _meet(self, socket: WebSocket) -> None:
        if "/_stcore/stream" in socket.url:
            socket.on("framesent", self._note)
            self._sockets.append(socket)

    def _note(self, payload: str | bytes) -> None:
        self._sent = self._sent or (isinstance(payload, bytes) and b"image/png" in payload)

    def _has_taken(self, payload: str | bytes) -> bool:
        if not self._sent or not isinstance(payload, bytes):
            return False
        return bool(ForwardMsg.FromString(payload).WhichOneof("type") == "script_finished")
