"""What a page is told goes over the connection it has now, not over the one it had.

Streamlit hands all pages what there is for them in rounds, and takes the list of pages and their
connections when a round begins. A full class makes a round last for seconds. A page that lost its
connection and came back meanwhile was still looked for at the old one: all it should have been
told was taken from its queue, and thrown away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from streamlit.runtime.session_manager import ActiveSessionInfo
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager


class _Present(list[ActiveSessionInfo]):
    """Pages, each looked up when its turn comes; one that has gone by then is passed over."""

    def __init__(
        self,
        pages: Iterable[ActiveSessionInfo],
        find: Callable[[str], ActiveSessionInfo | None],
    ) -> None:
        super().__init__(pages)
        self._find = find

    def __iter__(self) -> Iterator[ActiveSessionInfo]:
        for page in super().__iter__():
            present = self._find(page.session.id)
            if present is not None:
                yield present


def send_to_present_clients() -> None:
    """Have Streamlit look for each page's connection when it has something to send."""
    manager: Any = WebsocketSessionManager
    listed = manager.list_active_sessions

    def list_present(self: WebsocketSessionManager) -> list[ActiveSessionInfo]:
        return _Present(listed(self), self.get_active_session_info)

    manager.list_active_sessions = list_present
