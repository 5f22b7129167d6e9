"""deploy/nginx.conf before two real servers: sockets, TLS, and students who stay where they are."""

from __future__ import annotations

import http.client
from contextlib import AsyncExitStack

import pytest

from tests.coroutines import run
from tests.deployment.conftest import Servers
from tests.server.student import Student

pytestmark = pytest.mark.long

COOKIE = "softmax_server"


def student(servers: Servers, query: str = "") -> Student:
    return Student(servers.nginx.url, query=query, headers={"Origin": servers.nginx.url})


def server_of(student: Student) -> str:
    return student._http.cookies[COOKIE]


async def arrive(who: Student) -> None:
    """Load the page first, as a browser does: its answer brings the cookie."""
    assert (await who._http.ask("GET", "/")).status == 200
    await who.connect()
    await who.rerun()


def test_what_is_foreign_is_refused_and_plain_http_is_sent_to_tls(servers: Servers) -> None:
    plain = http.client.HTTPConnection("127.0.0.1", servers.nginx.plain_port, timeout=20)
    plain.request("GET", "/x?y=1")
    answer = plain.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, "https://127.0.0.1/x?y=1")
    plain.close()

    async def foreign() -> None:
        who = Student(servers.nginx.url, headers={"Origin": "https://elsewhere.example"})
        with pytest.raises(Exception, match="403"):
            await who.connect()
        await who._http.close()

    run(foreign())


def test_students_stay_at_their_server_over_requests_and_reconnects(servers: Servers) -> None:
    before = len(servers.nginx.answered_by("/_stcore/stream"))

    async def lesson() -> None:
        async with AsyncExitStack() as stack:
            seen = set()
            for number in range(12):
                who = student(servers, f"seed={number}")
                stack.push_async_callback(who._http.close)
                await arrive(who)
                name = server_of(who)
                seen.add(name)
                for _ in range(20):
                    assert (await who.get("lab/frame", n=number)).status == 200
                for _ in range(3):
                    await who.disconnect(politely=False)
                    await who.connect(again=True)
                await who.disconnect()
                assert server_of(who) == name
                frames = servers.nginx.answered_by("/lab/frame")[-20:]
                assert set(frames) == {servers.apps[name].port}
            assert seen == {"a", "b"}

    run(lesson())
    streams = servers.nginx.answered_by("/_stcore/stream")
    assert len(streams) == before + 12 * 4


def test_who_lost_his_server_goes_on_at_the_other_and_stays_there(servers: Servers) -> None:
    async def lesson() -> None:
        who = student(servers, "lr=0.3&seed=7")
        await arrive(who)
        await who.press("step")
        await who.wait_for(step=1)
        before = server_of(who)
        app = servers.apps[before]
        app.process.kill()
        await who.disconnect()
        await arrive(who)
        after = server_of(who)
        assert after != before
        await who.press("step")
        await who.wait_for(step=1, learning_rate=0.3)
        assert set(servers.nginx.answered_by("/lab/frame")[-1:]) == {servers.apps[after].port}
        await who.disconnect()
        await who._http.close()

    run(lesson())
