"""What a page is told goes at once, over the connection it has now.

Streamlit hands all pages what there is for them in rounds: one message, then whatever else the
server has to do, then the next message. A class of a hundred clicks faster than that: rounds last
for seconds, and with them the answer to every click (half of them 5.4 s, 1.6 s so).

It also takes the list of pages and their connections when a round begins. A page that lost its
connection and came back meanwhile was still looked for at the old one: all it should have been
told was taken from its queue, and thrown away (52 of 343 answers; none so).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from streamlit.runtime import Runtime
from streamlit.runtime.session_manager import ActiveSessionInfo, SessionClientDisconnectedError
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager


class _Present(list[ActiveSessionInfo]):
    """Pages, each looked up and told all when its turn comes; one that has gone is passed over."""

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
                _send_all(present)
                yield present


def _send_all(page: ActiveSessionInfo) -> None:
    """Send what waits for a page; Streamlit, whose turn is next, finds its queue empty.

    On the thread of the event loop, as everything that goes through the pages.
    """
    runtime: Any = Runtime.instance()
    try:
        for message in page.session.flush_browser_queue():
            runtime._send_message(page, message)
    except SessionClientDisconnectedError:
        runtime.disconnect_session(page.session.id, client=page.client)


def send_to_present_clients() -> None:
    """Have Streamlit send each page all it has for it, where it is when its turn comes."""
    manager: Any = WebsocketSessionManager
    listed = manager.list_active_sessions

    def list_present(self: WebsocketSessionManager) -> list[ActiveSessionInfo]:
        return _Present(listed(self), self.get_active_session_info)

    manager.list_active_sessions = list_present
