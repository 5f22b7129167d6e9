"""What a page may send over its socket, and how fast."""

from __future__ import annotations

import asyncio

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.runtime_util import get_max_widget_state_size_bytes

from softmax_core.limits import MAX_FILES_ANNOUNCED, MESSAGE_BURST, MESSAGES_A_SECOND
from ui.guard.pace import Pace

_TEXT, _NO_MESSAGE, _TOO_BIG = 1003, 1002, 1009  # codes that a socket is closed with
# Left out: whatever touches other sessions or the server (clear_cache empties everybody's), and
# all that a later Streamlit may add.
_KINDS = frozenset({"rerun_script", "stop_script", "file_urls_request", "app_heartbeat"})
_OPERATIONS = frozenset({"deferred_file"})  # a download that is made when asked for


class Messages:
    """Drops messages that no page of ours sends, and lets those that come too fast wait.

    None of a page's own messages is ever dropped for its number: a click would be lost.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a socket on, with what it receives looked through."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        pace = Pace(MESSAGES_A_SECOND, MESSAGE_BURST)
        closed = False

        async def receive_wanted() -> Message:
            nonlocal closed
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                # The server reads nothing more from this socket until we ask for it.
                await asyncio.sleep(pace.wait())
                code = fault(message)
                if code is not None:
                    await send({"type": "websocket.close", "code": code})
                    closed = True
                    return {"type": "websocket.disconnect", "code": code}
                if is_wanted(BackMsg.FromString(message["bytes"])):
                    return message

        async def send_while_open(message: Message) -> None:
            if not closed:
                await send(message)

        await self._app(scope, receive_wanted, send_while_open)


def fault(message: Message) -> int | None:
    """Return the code to close a socket with after what is no message of Streamlit's."""
    data = message.get("bytes")
    if data is None:
        return _TEXT
    if len(data) > get_max_widget_state_size_bytes():
        return _TOO_BIG
    try:
        BackMsg.FromString(data)
    except DecodeError:
        return _NO_MESSAGE
    return None


def is_wanted(message: BackMsg) -> bool:
    """Tell whether a page of ours sends such a message."""
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        return message.backend_operation_request.WhichOneof("payload") in _OPERATIONS
    if kind == "file_urls_request":
        return len(message.file_urls_request.file_names) <= MAX_FILES_ANNOUNCED
    return kind in _KINDS
