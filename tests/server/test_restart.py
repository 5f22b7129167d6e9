"""A server that is stopped, or killed, and started again: runs go on from what was stored."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from softmax_core.service.run_files import RunFiles
from softmax_core.stored_run import StoredRun
from softmax_core.training import Budget, TrainingConfig
from tests.serve import App
from tests.server.student import Student
from tests.service.by_hand import same_bits, trained_inline
from tests.waiting import wait_for
from ui.visitor import COOKIE, browser_of

Students = Callable[[Coroutine[Any, Any, None]], None]
KEY = "5f" * 16
COOKIES = {"Cookie": f"{COOKIE}={KEY}"}
CONFIG = TrainingConfig(learning_rate=0.25, momentum=0.5)
QUERY = "lr=0.25&momentum=0.5&speed=brisk"
LONGEST_END = 15.0  # seconds: the server promises 5, on a machine with nothing else to do


class Servers:
    """Starts the app again and again on one cache folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[App] = []
        self.files = RunFiles(folder / "cache" / "runs")

    def start(self) -> App:
        log = self._folder / f"log{len(self._started)}.txt"
        app = App(log, {"SOFTMAX_CACHE": str(self._folder / "cache")})
        self._started.append(app)
        app.wait_until_healthy()
        return app

    def stored(self) -> StoredRun | None:
        found = self.files.find(browser_of({COOKIE: KEY}))
        return None if found is None else found.run

    def end(self) -> None:
        for app in self._started:
            if app.process.poll() is None:
                app.process.kill()
            app.process.wait()
            app._log.close()

    def logs(self) -> str:
        return "".join(app.log() for app in self._started)


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    started = Servers(tmp_path)
    yield started
    started.end()


def check(run: StoredRun | None) -> int:
    """Return a stored run's step, once its weights are those that so many steps give."""
    assert run is not None
    state = run.saved.state
    assert run.saved.config == CONFIG
    assert same_bits(state, trained_inline(CONFIG, Budget(steps=state.step)))
    return state.step


async def train(student: Student, until: int) -> None:
    await student.press("train")
    async with asyncio.timeout(60):
        while (await student.wait_for())["step"] < until:
            await asyncio.sleep(0.05)  # as often as a page asks, and more


def mute_sockets(app: App) -> list[socket.socket]:
    """Open a connection that asks for nothing, and a websocket that answers to nothing."""
    mutes = [socket.create_connection(("127.0.0.1", app.port)) for _ in range(2)]
    mutes[1].sendall(
        b"GET /_stcore/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
    )
    assert b"101" in mutes[1].recv(64)
    return mutes


def test_a_killed_and_a_stopped_server_lose_no_more_than_was_said(
    servers: Servers, students: Students
) -> None:
    tokens: list[str] = []

    async def first_lesson(app: App) -> None:
        async with Student(app.url, query=QUERY, headers=COOKIES) as student:
            tokens.append(student.token)
            await train(student, 20)
            await asyncio.to_thread(wait_for, lambda: servers.stored() is not None)
            app.process.kill()

    app = servers.start()
    students(first_lesson(app))
    app.process.wait()
    killed_at = check(servers.stored())

    async def second_lesson(app: App) -> None:
        async with Student(app.url, query=QUERY, headers=COOKIES) as student:
            tokens.append(student.token)
            assert (await student.wait_for())["step"] == 0  # nothing is done unasked
            await student.press("continue_run")
            await student.wait_for(step=killed_at, learning_rate=0.25)
            await train(student, killed_at + 20)
            mutes = mute_sockets(app)
            began = time.monotonic()
            app.process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(app.process.wait, LONGEST_END)
            assert time.monotonic() - began < LONGEST_END
            for mute in mutes:
                mute.close()

    app = servers.start()
    students(second_lesson(app))
    stopped_at = check(servers.stored())
    assert stopped_at >= killed_at + 20  # not one step that had been shown was lost

    async def third_lesson(app: App) -> None:
        async with Student(app.url, query=QUERY, headers=COOKIES) as student:
            await student.press("continue_run")
            await student.wait_for(step=stopped_at)
            await student.press("step")
            await student.wait_for(step=stopped_at + 1, status="idle")
        async with Student(app.url, headers=COOKIES) as another_tab:
            await another_tab.press("start_fresh")
            assert servers.stored() is None
        async with Student(app.url, headers=COOKIES) as after:
            with pytest.raises(LookupError):
                after.seen.find("continue_run")

    students(third_lesson(servers.start()))
    logs = servers.logs()
    assert "Traceback" not in logs, logs
    for secret in (KEY, browser_of({COOKIE: KEY}), *tokens):
        assert secret not in logs
