"""A student by hand has what a page has: one run that goes on when the socket was lost."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from softmax_core.limits import INK_SIDE
from tests.serve import App
from tests.server.student import Student

Students = Callable[[Coroutine[Any, Any, None]], None]


def test_a_student_trains_draws_and_comes_back(app: App, students: Students) -> None:
    async def lesson() -> None:
        async with Student(app.url, query="lr=0.3") as student:
            await student.press("step")
            await student.rerun({"setting_learning_rate": "0.5"})
            answer = await student.post("lab/ink", bytes([255]) * INK_SIDE**2)
            assert answer.status == 200
            token = student.token
            await student.disconnect(politely=False)
            await student.connect(again=True)
            await student.rerun()
            assert student.token == token
            await student.wait_for(step=1, learning_rate=0.5, has_drawing=True)
            assert not student.seen.exceptions

    students(lesson())


def test_the_learning_rate_alone_is_drawn_again_and_the_address_follows(
    app: App, students: Students
) -> None:
    heard: list[ForwardMsg] = []

    def addresses() -> list[str]:
        return [m.page_info_changed.query_string for m in heard if m.HasField("page_info_changed")]

    async def lesson() -> None:
        async with Student(app.url, query="lr=0.3") as student:
            student.hear = lambda data: heard.append(ForwardMsg.FromString(data))
            await student.press("step")
            whole_page = len(heard)
            heard.clear()
            await student.rerun({"setting_learning_rate": "0.5"})
            assert len(heard) < whole_page / 4
            assert addresses() == ["lr=0.5"]
            student.hear = None
            await student.wait_for(step=1, learning_rate=0.5)
            # Whatever else runs the page finds the run as it is.
            await student.press("step")
            await student.wait_for(step=2, learning_rate=0.5)

    students(lesson())


def test_a_page_that_was_cut_off_midway_is_answered_when_it_is_back(
    app: App, students: Students
) -> None:
    """Streamlit alone sends some of the answers to where the page was before."""

    async def one(seed: int) -> None:
        rng = random.Random(seed)
        async with Student(app.url) as student:
            for _ in range(5):
                await student.rerun(wait=False)
                await asyncio.sleep(rng.random() / 20)  # anywhere within a run
                await student.disconnect(politely=rng.random() < 0.5)
                await student.connect(again=True)
                async with asyncio.timeout(30):
                    await student.rerun()
            assert student.session_id not in app.log()

    async def lesson() -> None:
        await asyncio.gather(*(one(seed) for seed in range(6)))

    students(lesson())
