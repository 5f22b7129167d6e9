"""The app without its guard: what the guard keeps away does not lose anybody's run."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.serve import App
from tests.server.student import Student

Students = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def bare_app(cache_folder: Path, tmp_path: Path) -> Iterator[App]:
    server = App(tmp_path / "log.txt", script="tests/server/unguarded.py")
    try:
        server.wait_until_healthy()
        yield server
    finally:
        server.stop()


def test_emptied_caches_and_refused_frames_cost_nobody_a_run(
    bare_app: App, students: Students
) -> None:
    async def lesson() -> None:
        async with Student(bare_app.url, query="lr=0.3") as one, Student(bare_app.url) as other:
            assert (await one.get("_stcore/metrics")).status == 200  # no guard indeed
            await one.press("step")
            await one.wait_for(step=1)
            token = one.token
            for kind in ("clear_cache", "set_run_on_save", "load_git_info"):
                message = BackMsg()
                setattr(message, kind, True)
                await other.send(message)
            await other.rerun()
            await one.rerun()
            await one.wait_for(step=1, learning_rate=0.3)
            assert one.token == token
            answer = await other.post("lab/ink", bytes(100_000))
            assert (answer.status, one.seen.exceptions) == (400, [])

    students(lesson())
