"""A socket that is lost while it is written to ends as any other does."""

from __future__ import annotations

import logging

import pytest
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.coroutines import run
from tests.guard.asked import socket
from ui.lost_sockets import LostSockets, keep_lost_sockets_out_of_log


@pytest.mark.parametrize(
    "fault",
    [
        BrokenPipeError("the peer is gone"),
        RuntimeError("Unexpected ASGI message 'websocket.send', after sending 'websocket.close'."),
    ],
)
def test_the_app_hears_of_the_end_by_what_it_receives_and_nothing_more_is_sent(
    fault: Exception,
) -> None:
    arriving: list[Message] = [
        {"type": "websocket.connect"},
        {"type": "websocket.receive", "bytes": b"a click on its way"},
        {"type": "websocket.disconnect", "code": 1006},
    ]
    tried: list[Message] = []
    ends: list[int] = []

    async def receive() -> Message:
        return arriving.pop(0)

    async def send(message: Message) -> None:
        tried.append(message)
        if message.get("bytes") == b"2":
            raise fault

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        # As Streamlit's: it goes on reading from a socket that could not be written to.
        page = WebSocket(scope, receive, send)
        await page.accept()
        for data in (b"1", b"2", b"3", b"4"):
            await page.send_bytes(data)
        assert await page.receive_bytes() == b"a click on its way"
        try:
            await page.receive_bytes()
        except WebSocketDisconnect as end:
            ends.append(end.code)

    run(LostSockets(app)(socket(), receive, send))
    assert [message.get("bytes") for message in tried] == [None, b"1", b"2"]
    assert ends == [1006]


def test_a_request_is_passed_on_as_it_is() -> None:
    seen: list[object] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.extend((receive, send))

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        seen.append(message)

    run(LostSockets(app)({"type": "http"}, receive, send))
    assert seen == [receive, send]


def test_only_late_writes_are_left_out_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("asyncio")
    before = list(log.filters)
    keep_lost_sockets_out_of_log()
    try:
        log.warning("socket.send() raised exception.")
        log.warning("Executing a handle took %.3f seconds", 0.5)
    finally:
        log.filters[:] = before
    assert caplog.messages == ["Executing a handle took 0.500 seconds"]
