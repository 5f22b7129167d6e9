"""The guard in the running app, from a socket and a connection of our own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import InvalidStatus

from softmax_core.limits import MAX_RECENT_UPLOADS, MAX_ROUTE_BODY_BYTES
from tests.serve import App
from tests.server.http import Http
from tests.server.student import Student

Students = Callable[[Coroutine[Any, Any, None]], None]
FOREIGN = {"Origin": "http://evil.example"}


def test_another_servers_page_gets_no_socket_and_changes_nothing(
    app: App, students: Students
) -> None:
    async def lesson() -> None:
        with pytest.raises(InvalidStatus, match="403"):
            await Student(app.url, headers=FOREIGN).connect()
        async with Student(app.url) as student:
            foreign = Http(app.url, FOREIGN)
            target = f"/lab/picture?t={student.token}&i=5"
            assert (await foreign.ask("POST", target)).status == 403
            assert (await student.post("lab/picture", i=5)).status == 204
            await foreign.close()

    students(lesson())
    # Streamlit's own check would have asked a host on the internet, and said so.
    assert "checkip" not in app.log()


def test_nobody_empties_everyones_caches_or_sees_the_servers_numbers(
    app: App, students: Students
) -> None:
    async def lesson() -> None:
        async with Student(app.url, query="lr=0.3") as one, Student(app.url) as other:
            await one.press("step")
            for kind in ("clear_cache", "set_run_on_save", "load_git_info"):
                message = BackMsg()
                setattr(message, kind, True)
                await other.send(message)
            await other.rerun()
            await one.rerun()
            await one.wait_for(step=1, learning_rate=0.3)
            for path in ("_stcore/metrics", "_stcore/agent/openapi.json"):
                assert (await other.get(path)).status == 404

    students(lesson())


@pytest.mark.parametrize(("data", "code"), [(b"\xff\xff", 1002), (b"\x5a\xff" * 3_000_000, 1009)])
def test_what_is_no_message_ends_one_socket_and_no_other(
    app: App, students: Students, data: bytes, code: int
) -> None:
    async def lesson() -> None:
        async with Student(app.url) as one, Student(app.url) as other:
            await other.send(data)
            with pytest.raises(ConnectionError):
                await other.rerun()
            assert other.closed is not None
            assert other.closed.rcvd is not None
            assert other.closed.rcvd.code == code
            await one.rerun()

    students(lesson())


def test_a_body_over_the_limit_is_refused_in_a_sentence(app: App, students: Students) -> None:
    async def lesson() -> None:
        async with Student(app.url) as student:
            answer = await student.post("lab/ink", bytes(MAX_ROUTE_BODY_BYTES + 1))
            assert answer.status == 413
            assert b"Nothing was changed" in answer.body
            assert "default-src 'none'" in answer.headers["content-security-policy"]

    students(lesson())


def test_a_page_that_uploads_without_end_is_told_to_wait(app: App, students: Students) -> None:
    async def lesson() -> None:
        async with Student(app.url) as one, Student(app.url) as other:
            statuses = [
                (await one.upload("upload", "run.npz", b"PK")).status
                for _ in range(MAX_RECENT_UPLOADS + 1)
            ]
            assert statuses == [204] * MAX_RECENT_UPLOADS + [429]
            assert (await other.upload("upload", "run.npz", b"PK")).status == 204

    students(lesson())


def test_a_click_at_the_end_of_a_flood_is_not_lost(app: App, students: Students) -> None:
    async def lesson() -> None:
        async with Student(app.url) as student:
            await asyncio.gather(*(student.rerun(wait=False) for _ in range(80)))
            await student.press("step", wait=False)
            await student.wait_for(step=1)

    students(lesson())
