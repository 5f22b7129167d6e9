"""A socket that is lost ends in order: what was still to be sent goes nowhere, and nothing fails.

Where sending has failed, Streamlit takes what it receives next for a message in text, closes the
socket once more, and that fails with a traceback.

Streamlit also writes all that waits for a page in one turn of the event loop. A connection that
breaks at the first message is written to again for each of the others, which does nothing, and
asyncio notes each in the log. To let the loop turn after each message would end that as well, but
clicks of a class of a hundred then took four times as long.
"""

from __future__ import annotations

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class LostSockets:
    """ASGI middleware that keeps it to itself when a websocket takes nothing more.

    The app hears of it by what it receives, as of every socket's end.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or a socket until it is lost."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        lost = False

        async def send_until_lost(message: Message) -> None:
            nonlocal lost
            if lost:
                return
            try:
                await send(message)
            except (OSError, RuntimeError):  # the peer is gone; the server has closed it
                lost = True

        await self._app(scope, receive, send_until_lost)


def keep_lost_sockets_out_of_log() -> None:
    """Leave out of the log what asyncio notes of each write to a connection that has broken."""
    logging.getLogger("asyncio").addFilter(_is_no_late_write)


def _is_no_late_write(record: logging.LogRecord) -> bool:
    return record.getMessage() != "socket.send() raised exception."
