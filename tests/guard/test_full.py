"""A class that is full: who gets in, who is asked to wait, and who comes back."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.coroutines import run
from tests.guard.asked import ask, body, http, socket
from ui.guard.full import FullHouse

PAGE = {"accept": "text/html,*/*"}
BACK = ("streamlit", "xsrf", "session")


class House:
    """A full house whose guests stay until they are told to leave."""

    def __init__(self, places: tuple[int, int]) -> None:
        self.leave = asyncio.Event()
        self.layer = FullHouse(self._stay, "", places)

    async def _stay(self, scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self.leave.wait()
        else:
            await send({"type": "http.response.start", "status": 200, "headers": []})

    async def ask(self, scope: Scope) -> list[Message]:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        async def send(message: Message) -> None:
            sent.append(message)

        await self.layer(scope, receive, send)
        return sent


def test_the_page_after_the_last_place_waits_and_then_gets_in() -> None:
    async def lesson() -> None:
        house = House((2, 1))
        inside = [asyncio.create_task(house.ask(socket())) for _ in range(2)]
        await asyncio.sleep(0)  # let both come in
        (start, page) = await house.ask(http(path="/race", **PAGE))
        assert start["status"] == 503
        text = page["body"].decode()
        assert "The class is full (2 connected). This page tries again by itself." in text
        assert '<meta http-equiv="refresh"' in text
        assert "<script" not in text
        headers = dict(start["headers"])
        assert int(headers[b"retry-after"]) > 0
        assert headers[b"cache-control"] == b"no-store"
        for path in ("/static/js/index.js", "/lab/frame", "/_stcore/health", "/media/a.png"):
            assert (await house.ask(http(path=path, **PAGE)))[0]["status"] == 200
        house.leave.set()
        await asyncio.gather(*inside)
        assert (await house.ask(http(**PAGE)))[0]["status"] == 200

    run(lesson())


def test_a_socket_that_comes_too_late_makes_its_page_load_again() -> None:
    accept, reload, close = ask(
        lambda app: FullHouse(app, "", (0, 0)), socket(), [{"type": "x"}]
    ).sent
    assert accept == {"type": "websocket.accept", "subprotocol": "streamlit"}
    assert ForwardMsg.FromString(reload["bytes"]).WhichOneof("type") == "auth_redirect"
    assert close == {"type": "websocket.close", "code": 1013}


def test_whoever_had_lost_the_connection_comes_in_again_within_bounds() -> None:
    async def lesson() -> None:
        house = House((1, 1))
        inside = [asyncio.create_task(house.ask(socket(who))) for who in (("streamlit",), BACK)]
        await asyncio.sleep(0)  # let both come in
        assert (await house.ask(socket(BACK)))[-1]["code"] == 1013
        house.leave.set()
        assert await asyncio.gather(*inside) == [[], []]

    run(lesson())


def test_only_pages_are_asked_to_wait() -> None:
    def layer(app: ASGIApp) -> FullHouse:
        return FullHouse(app, "/class", (0, 0))

    assert ask(layer, http(path="/class/", **PAGE)).status == 503
    assert ask(layer, http(path="/class/lab", **PAGE)).status == 503
    assert ask(layer, http(path="/class/lab/frame", **PAGE), body(b"")).status == 200
    assert ask(layer, http(path="/class/"), body(b"")).status == 200  # no browser's page
    assert ask(layer, http("POST", path="/class/", **PAGE), body(b"")).status == 200
