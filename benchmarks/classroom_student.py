"""One student of a simulated class: a page over raw sockets that is used in its own way."""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import numpy as np

from benchmarks.classroom_notes import Notes
from softmax_core.limits import INK_SIDE
from tests.server.student import Student, header_of
from tests.server.widgets import Press

Header = dict[str, Any]

# How a page asks; see ui/live/static/frames.js.
POLL: Final = 0.23
HURRIED_POLL: Final = 0.08
HURRIED_POLLS: Final = 4

GIVES_UP: Final = 20.0  # seconds
RATES: Final = ("0.05", "0.07", "0.1", "0.15", "0.2", "0.3")
# In a class of ten: most watch or change settings, some draw, one is always away and back.
ROLES: Final = (
    "slide",
    "watch",
    "draw",
    "pause",
    "watch",
    "reload",
    "slide",
    "watch",
    "draw",
    "lose",
)


class Pupil:
    """A student who has a page open, trains all the time, and does one more thing.

    Parameters
    ----------
    url, query : str
        Where the app is, and the settings in its address.
    number : int
        Which student of the class it is: decides what it does, and when.
    """

    def __init__(self, url: str, query: str, number: int) -> None:
        self.role = ROLES[number % len(ROLES)]
        self.notes = Notes()
        self._url, self._query = url, query
        self._rng = random.Random(number)
        self._student: Student | None = None
        self._header: Header = {}
        self._polls: asyncio.Task[None] | None = None
        self._hurried, self._taken = 0, 0.0
        self._awaited: tuple[Callable[[Header], bool], asyncio.Event] | None = None

    @property
    def step(self) -> int:
        """How many updates the run had made when it was last looked at."""
        return int(self._header.get("step", 0))

    async def join(self) -> None:
        """Open the page and wait until there is something to see."""
        began = time.perf_counter()
        self._student = Student(self._url, query=self._query)
        await self._student.__aenter__()
        self._header = header_of(await self._student.get("lab/frame", v=-1))
        self._taken = time.perf_counter()
        self.notes.add("join", self._taken - began)
        self._polls = asyncio.create_task(self._poll())

    async def train(self) -> None:
        """Press Train."""
        await self._click({"train": Press()}, lambda header: header["status"] == "running")

    async def use(self, until: asyncio.Event) -> None:
        """Do what this student does, again and again."""
        act: dict[str, Callable[[], Awaitable[None]]] = {
            "watch": self._watch,
            "slide": self._slide,
            "draw": self._draw,
            "pause": self._pause,
            "reload": self._reload,
            "lose": self._lose_connection,
        }
        while not until.is_set():
            try:
                await asyncio.sleep(self._rng.uniform(2, 8))  # a person looks before acting
                await act[self.role]()
            except Exception as error:  # whatever it was: nothing may fail for a student
                self.notes.errors.append(f"{self.role}: {type(error).__name__}: {error}")

    async def leave(self) -> None:
        """Close the page as a browser does, which says so."""
        student, self._student = self._student, None
        if self._polls is not None:
            await self._polls  # which ends when there is no page
        if student is None:
            return
        await student.post("lab/leave")
        if student.seen.exceptions:
            self.notes.errors.append(f"shown: {student.seen.exceptions[0]}")
        await student.__aexit__(None, None, None)

    async def _watch(self) -> None:
        await asyncio.sleep(2)  # a person looks at what has changed

    async def _slide(self) -> None:
        """Drag the slider of the learning rate: a rerun for every place it passes."""
        shown = [f"{self._header['learning_rate']:g}"]
        *passed, last = self._rng.sample([rate for rate in RATES if rate not in shown], 4)
        for rate in passed:
            await self._page.rerun({"setting_learning_rate": rate}, wait=False)
            await asyncio.sleep(0.12)  # as a hand moves
        chosen = float(last)
        await self._click(
            {"setting_learning_rate": last}, lambda header: header["learning_rate"] == chosen
        )

    async def _pause(self) -> None:
        running = self._header["status"] == "running"
        await self._click(
            {"train": Press()}, lambda header: (header["status"] == "running") != running
        )

    async def _draw(self) -> None:
        """Draw a ring: the page sends the canvas while the pen moves."""
        ink = np.zeros((INK_SIDE, INK_SIDE), np.uint8)
        for place in range(30):
            turn = 2 * math.pi * place / 30
            row, column = round(28 + 16 * math.sin(turn)), round(28 + 11 * math.cos(turn))
            ink[row - 2 : row + 3, column - 2 : column + 3] = 255
            began = time.perf_counter()
            answer = await self._page.post("lab/ink", ink.tobytes())
            self.notes.add("ink", time.perf_counter() - began)
            if answer.status != 200:
                self.notes.errors.append(f"ink: status {answer.status}")
            await asyncio.sleep(0.04)  # a pen's pace

    async def _reload(self) -> None:
        await asyncio.sleep(self._rng.uniform(3, 8))  # nobody does it all the time
        await self.leave()
        await self.join()
        await self.train()

    async def _lose_connection(self) -> None:
        """Walk out of reach and back: the page is the same, its socket is another."""
        page, self._student = self._page, None
        self.notes.add("lost", 1.0)
        if self._polls is not None:
            await self._polls
        await page.disconnect(politely=False)
        await asyncio.sleep(self._rng.uniform(1, 3))  # a network is away so long
        await page.connect(again=True)
        self._student = page
        self._polls = asyncio.create_task(self._poll())
        began = time.perf_counter()
        await page.rerun()
        self.notes.add("rerun", time.perf_counter() - began)

    async def _click(self, widgets: dict[str, Any], shows: Callable[[Header], bool]) -> None:
        """Change widgets; note when the script has run and when a frame shows what came of it."""
        seen = asyncio.Event()
        self._awaited = shows, seen
        began = time.perf_counter()
        await self._page.rerun(widgets)
        self.notes.add("rerun", time.perf_counter() - began)
        self._hurried = HURRIED_POLLS
        async with asyncio.timeout(GIVES_UP):
            await seen.wait()
        self.notes.add("click", time.perf_counter() - began)

    async def _poll(self) -> None:
        """Ask for frames as a page does, until the page is closed."""
        while (page := self._student) is not None:
            asked = time.perf_counter()
            try:
                await self._ask(page)
            except Exception as error:  # as above
                self.notes.errors.append(f"poll: {type(error).__name__}: {error}")
            taken = time.perf_counter() - asked
            self.notes.add("poll", taken)
            rest = self._rest()
            await asyncio.sleep(max(rest / 4, rest - taken))  # as the page waits

    async def _ask(self, page: Student) -> None:
        held = self._header
        answer = await page.get(
            "lab/frame", v=held["version"], g=held["generation"], s=held["step"]
        )
        if answer.status == 200:
            self._take(header_of(answer))
        elif answer.status != 204:
            self.notes.errors.append(f"poll: status {answer.status}")

    def _take(self, header: Header) -> None:
        before, now = self._header, time.perf_counter()
        steps = header["step"] - before["step"]
        if header["status"] == before["status"] == "running":
            self.notes.add("running", now - self._taken)
            if steps > 0:
                self.notes.add("update", 1.0)
                self.notes.add("examples", steps * header["batch_size"])
        self._header, self._taken = header, now
        if self._awaited is not None and self._awaited[0](header):
            self._awaited[1].set()
            self._awaited = None

    def _rest(self) -> float:
        if self._hurried:
            self._hurried -= 1
            return HURRIED_POLL
        return float(self._header.get("poll_ms", 1e3 * POLL)) / 1e3

    @property
    def _page(self) -> Student:
        if self._student is None:
            raise ConnectionError("the page is closed")
        return self._student
