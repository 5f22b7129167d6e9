"""What Streamlit tells each page of the server, and no page needs."""

from __future__ import annotations

from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

_FOLDER = bytes(Path(__file__).resolve().parents[1])  # where the pages' scripts are
_MACHINE = ("installation_id", "installation_id_v3", "installation_id_v4")


class Outgoing:
    """Takes the script's place on the server's disk and the machine's number out of messages."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a socket on, and its messages back without them."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return

        async def send_without(message: Message) -> None:
            data = message.get("bytes") if message["type"] == "websocket.send" else None
            if data is not None and _FOLDER in data:
                message = {**message, "bytes": without_machine(data)}
            await send(message)

        await self._app(scope, receive, send_without)


def without_machine(data: bytes) -> bytes:
    """Return a message without what tells of the server's disk and machine."""
    message = ForwardMsg.FromString(data)
    if message.WhichOneof("type") != "new_session":
        return data
    message.new_session.main_script_path = message.new_session.name
    about = message.new_session.initialize.user_info
    for name in _MACHINE:
        setattr(about, name, "")
    return bytes(message.SerializeToString())
