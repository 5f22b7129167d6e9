"""One lesson of a simulated class: students join, train and do as they like, and leave."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Final

import psutil

from benchmarks.classroom_browser import BrowserPupil
from benchmarks.classroom_memory import Memory, Server
from benchmarks.classroom_notes import Notes, Window
from benchmarks.classroom_student import Pupil
from softmax_core.limits import MAX_EPOCHS
from softmax_core.service.pacing import PAUSE_AFTER_LEAVING
from tests.server.http import Http

JOINING: Final = 10.0  # seconds in which a class comes in, however large
VISIT: Final = 4.0  # seconds of the visitor who comes before the class
SETTLED: Final = 600  # steps after which a run is evaluated no more often than others
SETTLES: Final = 40.0  # seconds until all have made them, at the most
LOOK: Final = 1.0  # seconds between two looks at the memory
HEALTH: Final = 0.25  # seconds between two questions whether the server is well

_NO_TIME: Final = Window(0.0, 0.0)
_NOTHING: Final = Memory(0.0, 0.0)


@dataclass
class Lesson:
    """What a lesson came to.

    Attributes
    ----------
    notes : list of Notes
        Of each student over raw sockets.
    browsers : list of Notes
        Of each in a real browser.
    window : Window
        When all were there.
    shares : dict of str to float
        Of one core, how much web server, workers and the students' own process took then.
    at_rest, with_class, left : Memory
        Before the first came, the most while they were there, and after they had left.
    """

    n_students: int
    notes: list[Notes] = field(default_factory=list)
    browsers: list[Notes] = field(default_factory=list)
    window: Window = field(default=_NO_TIME)
    shares: dict[str, float] = field(default_factory=dict)
    at_rest: Memory = field(default=_NOTHING)
    with_class: Memory = field(default=_NOTHING)
    left: Memory = field(default=_NOTHING)
    workers_left: int = 0
    idle_share: float = 0.0
    health: list[float] = field(default_factory=list)

    @property
    def errors(self) -> list[str]:
        """What went wrong for anybody."""
        return [error for notes in (*self.notes, *self.browsers) for error in notes.errors]


@dataclass(frozen=True)
class Plan:
    """How a lesson is to go.

    Attributes
    ----------
    n_students, n_browsers : int
        The latter are among the former.
    seconds : float
        How long all are there.
    after : float
        How long after the last has left the memory is looked at.
    """

    url: str
    dataset: str
    n_students: int
    n_browsers: int
    seconds: float
    after: float

    @property
    def query(self) -> str:
        """The settings in the address."""
        return f"data={self.dataset}&epochs={MAX_EPOCHS}&speed=full"


async def give_lesson(plan: Plan, server: Server) -> Lesson:
    """Have the class come, train and leave."""
    await _warm_up(plan)
    lesson = Lesson(plan.n_students, at_rest=server.memory())
    n_raw = plan.n_students - plan.n_browsers
    pupils = [Pupil(plan.url, plan.query, number) for number in range(n_raw)]
    browsers = [BrowserPupil(f"{plan.url}/?{plan.query}") for _ in range(plan.n_browsers)]
    lesson.notes = [pupil.notes for pupil in pupils]
    lesson.browsers = [browser.notes for browser in browsers]
    for browser in browsers:
        browser.start()
    for browser in browsers:
        await asyncio.to_thread(browser.trains.wait)
    await _come_in(pupils)
    await _settle(pupils)
    await _work(lesson, pupils, plan, server)
    await asyncio.gather(*(asyncio.to_thread(browser.leave) for browser in browsers))
    await asyncio.gather(*(_noted(pupil, pupil.leave()) for pupil in pupils))
    await _afterwards(lesson, plan.after, server)
    return lesson


async def _warm_up(plan: Plan) -> None:
    """Have one visitor see the page: what is read and imported once counts to no class."""
    first = Pupil(plan.url, plan.query, 0)
    await first.join()
    await first.train()
    await asyncio.sleep(VISIT)  # as long as they stay
    await first.leave()
    await asyncio.sleep(PAUSE_AFTER_LEAVING + LOOK)  # until the engine has let them rest


async def _come_in(pupils: list[Pupil]) -> None:
    async def come(pupil: Pupil, place: int) -> None:
        await asyncio.sleep(JOINING * place / len(pupils))  # one after another
        await pupil.join()
        await pupil.train()

    await asyncio.gather(*(_noted(p, come(p, place)) for place, p in enumerate(pupils)))


async def _settle(pupils: list[Pupil]) -> None:
    """Wait until the first steps are over: a run is evaluated ten times in them."""
    until = time.perf_counter() + SETTLES
    while time.perf_counter() < until and min(pupil.step for pupil in pupils) < SETTLED:
        await asyncio.sleep(LOOK)  # asked again: nobody tells


async def _work(lesson: Lesson, pupils: list[Pupil], plan: Plan, server: Server) -> None:
    """Let everybody do as they like, and measure."""
    ends = asyncio.Event()
    used = [asyncio.create_task(_noted(pupil, pupil.use(ends))) for pupil in pupils]
    looks = asyncio.create_task(_look_at(lesson, server, ends))
    health = asyncio.create_task(_ask_health(lesson, plan.url, ends))
    began, before = time.perf_counter(), _seconds(server)
    await asyncio.sleep(plan.seconds)  # the time that is measured
    lesson.window = Window(began, time.perf_counter())
    after = _seconds(server)
    lesson.shares = {name: (after[name] - before[name]) / lesson.window.seconds for name in after}
    ends.set()
    await asyncio.gather(*used, looks, health)


async def _look_at(lesson: Lesson, server: Server, ends: asyncio.Event) -> None:
    while not ends.is_set():
        seen = await asyncio.to_thread(server.memory)
        kept = lesson.with_class
        lesson.with_class = Memory(max(kept.rss, seen.rss), max(kept.pss, seen.pss))
        await asyncio.sleep(LOOK)  # asked again: nobody tells


async def _ask_health(lesson: Lesson, url: str, ends: asyncio.Event) -> None:
    """Ask for what Streamlit answers at once: whoever answers late is late for all."""
    async with AsyncExitStack() as stack:
        http = Http(url, {}, lambda _data: None)
        stack.push_async_callback(http.close)
        while not ends.is_set():
            began = time.perf_counter()
            await http.ask("GET", "/_stcore/health")
            lesson.health.append(time.perf_counter() - began)
            await asyncio.sleep(HEALTH)  # a sign of life now and then


async def _afterwards(lesson: Lesson, seconds: float, server: Server) -> None:
    """Wait until nobody's run is left, and see what the server still holds and does."""
    await asyncio.sleep(max(seconds - LOOK * 5, 0.0))  # nobody is there
    before = server.seconds()
    await asyncio.sleep(LOOK * 5)  # over which the processor is counted
    after = server.seconds()
    lesson.idle_share = (sum(after.values()) - sum(before.values())) / (LOOK * 5)
    lesson.left, lesson.workers_left = server.memory(), server.n_workers()


async def _noted(pupil: Pupil, doing: Coroutine[Any, Any, None]) -> None:
    """Do it; note what went wrong."""
    try:
        await doing
    except Exception as error:  # whatever it was: nothing may fail for a student
        pupil.notes.errors.append(f"{pupil.role}: {type(error).__name__}: {error}")


def _seconds(server: Server) -> dict[str, float]:
    own = psutil.Process().cpu_times()
    return {**server.seconds(), "students": own.user + own.system}
