"""A socket that is lost ends in order: what was still to be sent goes nowhere, and nothing fails.

Streamlit writes all that waits for a page in one turn of the event loop. A connection that breaks
at the first message is written to again for each of the others, and asyncio notes each in the log.
And where sending has failed, Streamlit takes what it receives next for a message in text, closes
the socket once more, and that fails with a traceback.
"""

from __future__ import annotations

import asyncio

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
            else:
                await asyncio.sleep(0)  # the turn in which the server learns that it broke

        await self._app(scope, receive, send_until_lost)
