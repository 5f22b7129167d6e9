"""A page whose network fails again and again catches up: no step lost, no point twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from h11 import RemoteProtocolError

from softmax_core.service.run_files import RunFiles
from softmax_core.training import Budget, TrainingConfig
from tests.serve import App
from tests.server.http import Http
from tests.server.proxy import Proxy
from tests.server.student import Student, header_of
from tests.service.by_hand import same_bits, trained_inline
from ui.live.pack import _TYPES
from ui.visitor import COOKIE, browser_of

Students = Callable[[Coroutine[Any, Any, None]], None]
CONFIG = TrainingConfig(learning_rate=0.2, epochs=1_000)
QUERY = "lr=0.2&epochs=1000&speed=brisk"
PATIENCE = 1.0  # seconds a page waits for a frame here, instead of 10


class Curve:
    """What a page holds of the curve: it asks for what is new and joins it, as its script does."""

    def __init__(self) -> None:
        self.step, self.mean = np.empty(0, np.uint32), np.empty(0, np.float32)
        self.header: dict[str, Any] = {"version": -1, "generation": -1}

    def asks(self) -> dict[str, object]:
        last = int(self.step[-1]) if len(self.step) else 0
        return {"v": self.header["version"], "g": self.header["generation"], "s": last}

    def take(self, body: bytes, header: dict[str, Any]) -> None:
        (length,) = np.frombuffer(body[:4], "<u4")
        at, arrays = 4 + -(-int(length) // 4) * 4, {}
        for described in header["arrays"]:
            kind = np.dtype(_TYPES[described["type"]])
            size = int(np.prod(described["shape"], dtype=int)) * kind.itemsize
            arrays[described["name"]] = np.frombuffer(body[at : at + size], kind)
            at += -(-size // 4) * 4
        kept = 0
        if self.header["generation"] == header["generation"]:
            kept = int(np.searchsorted(self.step, header["curve_from"]))
        self.step = np.concatenate([self.step[:kept], arrays["curve_step"]])
        self.mean = np.concatenate([self.mean[:kept], arrays["curve_mean"]])
        self.header = header
        assert (np.diff(self.step.astype(int)) > 0).all(), "a point twice"


async def look(url: str, token: str, curve: Curve) -> bool:
    """Ask for what is new; tell whether there was an answer."""
    http = Http(url, {}, lambda _: None)
    query = "&".join(f"{name}={value}" for name, value in {"t": token, **curve.asks()}.items())
    try:
        async with asyncio.timeout(PATIENCE):
            answer = await http.ask("GET", f"/lab/frame?{query}")
    except (OSError, RemoteProtocolError, TimeoutError):
        return False
    finally:
        await http.close()
    if answer.status == 200:
        curve.take(answer.body, header_of(answer))
    return answer.status in (200, 204)


async def drop(proxy: Proxy, url: str, token: str, curve: Curve, how: str) -> None:
    """Have the network fail once, while the page asks for a frame."""
    if how == "swallowed":
        proxy.swallows = True
        assert not await look(url, token, curve)
        proxy.cut(politely=False)
        proxy.swallows = False
    elif how == "cut in a frame":
        proxy.cut_after = 700
        await look(url, token, curve)
        proxy.cut_after = None
        proxy.cut(politely=True)
    else:
        asked = asyncio.create_task(look(url, token, curve))
        await asyncio.sleep(0.005)  # so that the question may be on its way
        proxy.cut(politely=how == "closed")
        await asked


def stored_step(files: RunFiles, browser: str) -> int:
    found = files.find(browser)
    return -1 if found is None else found.run.saved.state.step


async def stored_at_rest(student: Student, files: RunFiles, browser: str) -> int:
    """Wait until a run rests and is stored; a slice on its way may still bring some steps."""
    async with asyncio.timeout(60):
        while True:
            step = (await student.wait_for(status="idle"))["step"]
            if stored_step(files, browser) == step:
                return int(step)
            await asyncio.sleep(0.1)  # nobody tells when it is written


WAYS = ("reset", "closed", "cut in a frame", "swallowed", "reset")


@pytest.mark.parametrize("n_drops", [5, pytest.param(50, marks=pytest.mark.long)])
def test_training_goes_on_and_the_page_catches_up(
    app: App, students: Students, cache_folder: Path, n_drops: int
) -> None:
    key = f"{n_drops:032x}"
    files, browser = RunFiles(cache_folder / "runs"), browser_of({COOKIE: key})

    async def lesson() -> None:
        async with (
            Proxy(app.port) as proxy,
            Student(proxy.url, query=QUERY, headers={"Cookie": f"{COOKIE}={key}"}) as student,
        ):
            proxy.latency = 0.002
            curve, token = Curve(), student.token
            await student.press("train")
            for at in range(n_drops):
                before = curve.header.get("step", -1)
                await drop(proxy, proxy.url, token, curve, WAYS[at % len(WAYS)])
                await student.disconnect(politely=False)
                await student.connect(again=True)
                await student.rerun()
                assert student.token == token  # the session outlived its socket
                async with asyncio.timeout(30):
                    # It trains meanwhile; on a busy server that, and an answer, may take a while.
                    while not await look(proxy.url, token, curve) or curve.header["step"] <= before:
                        pass
            assert proxy.n_cut >= 2 * n_drops
            await student.press("train")  # which says Pause now
            step = await stored_at_rest(student, files, browser)
            await look(proxy.url, token, curve)
            whole = Curve()
            assert await look(app.url, token, whole)
            np.testing.assert_array_equal(curve.step, whole.step)
            np.testing.assert_array_equal(curve.mean, whole.mean)
            assert curve.step[-1] == step

    students(lesson())
    found = files.find(browser)
    assert found is not None
    state = found.run.saved.state
    assert same_bits(state, trained_inline(CONFIG, Budget(steps=state.step)))
