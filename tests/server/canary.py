"""A student whose every trace bears a mark, and the ledger that finds marks in wrong hands."""

from __future__ import annotations

import base64
import io
import random
import re
from collections import Counter
from collections.abc import Callable, Coroutine

import numpy as np
from PIL import Image

from softmax_core.limits import CANVAS_SIDE, INK_SIDE
from tests.server.student import Student
from tests.server.widgets import Press

# The kinds of mark: in the address, the name of a file, a drawing, a kept run's name, weights.
KINDS = {"a": "address", "f": "file", "d": "drawing", "k": "kept", "w": "weights"}
_MARK = re.compile(rb"canary([a-z])([0-9a-f]{8})")
_KEY = re.compile(rb"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DIGIT = re.compile(rb'"digit":"([^"]+)"')  # what the model sees of a drawing
_FEATURES, _CLASSES = 784, 10


class Ledger:
    """All marks there are, and what was heard.

    Attributes
    ----------
    own : Counter
        Marks that came back to their owner, by kind: proof that a foreign one would be seen.
    foreign : list of str
        Marks, keys and session ids that came to somebody else.
    """

    def __init__(self) -> None:
        self.own: Counter[str] = Counter()
        self.foreign: list[str] = []
        self.n_messages = 0
        self.n_bytes = 0
        self.n_given_up = 0
        self._keys: dict[bytes, int] = {}
        self._digits: dict[bytes, int] = {}

    def belongs(self, key: str, owner: int) -> None:
        """Note whose a run's key or a session's id is."""
        self._keys[key.encode()] = owner

    def hear(self, owner: int, data: bytes) -> None:
        """Look through one message or body that came to a student."""
        self.n_messages += 1
        self.n_bytes += len(data)
        for kind, number in _MARK.findall(_as_shown(data)):
            if int(number, 16) == owner:
                self.own[KINDS[kind.decode()]] += 1
            else:
                self.foreign.append(f"{KINDS[kind.decode()]} of {number.decode()} to {owner:08x}")
        for key in _KEY.findall(data):
            if self._keys.get(key, owner) != owner:
                self.foreign.append(f"the key {key.decode()} to {owner:08x}")
        for digit in _DIGIT.findall(data):
            if self._digits.setdefault(digit, owner) != owner:
                self.foreign.append(f"a drawn digit to {owner:08x}")


class Canary:
    """One student who trains, draws, names, uploads, loses the connection and reloads."""

    def __init__(self, url: str, number: int, ledger: Ledger, rng: random.Random) -> None:
        self._url, self._number, self._ledger, self._rng = url, number, ledger, rng
        self._student = self._new()

    async def begin(self) -> None:
        """Open the page and leave a mark of every kind."""
        await self._student.connect()
        await self._student.rerun()
        self._note()
        await self._plant()

    async def act(self) -> None:
        """Do one thing that students do."""
        acts: list[Callable[[], Coroutine[None, None, None]]] = [
            *(self._ask, self._ask, self._draw, self._train, self._rename),
            *(self._walk, self._kill_midway, self._lose_connection, self._download, self._reload),
        ]
        try:
            await self._rng.choice(acts)()
        except (TimeoutError, ConnectionError):
            # With a hundred clients in one process some read too late, and Streamlit gives up a
            # client that 500 messages wait for. A student would reload the page.
            self._ledger.n_given_up += 1
            await self._reload()
        self._note()

    async def end(self) -> None:
        """Leave."""
        await self._student.__aexit__(None, None, None)

    def mark(self, kind: str) -> str:
        """Return this student's mark."""
        return f"canary{kind}{self._number:08x}"

    def _new(self) -> Student:
        # A tiny rate: trained on, the weights still spell the mark.
        query = f"lr=0.001&seed={self._number}&network={self.mark('a')}"
        return Student(self._url, query=query, hear=lambda d: self._ledger.hear(self._number, d))

    def _note(self) -> None:
        for key in (self._student.session_id, *self._student.seen.tokens.values()):
            self._ledger.belongs(key, self._number)

    async def _plant(self) -> None:
        student, rows = self._student, marked_weights(self.mark("w"))
        # The first letter of a name tells the two files apart.
        names = (f"W{self.mark('f')}.npy", f"b{self.mark('f')}.npy")
        await student.upload_all("upload", list(zip(names, rows, strict=True)))
        await student.press("step")
        drawing = marked_drawing(self.mark("d"), self._number)
        await student.rerun({"canvas": drawing, "live": {"keep": True}})
        await self._rename(undo=Press())
        await self._ask()

    async def _rename(self, **others: object) -> None:
        if not others:
            await self._student.rerun(page="")
        names = [name for name in self._student.seen.widgets if name.startswith("kept_name_")]
        await self._student.rerun({name: self.mark("k") for name in names[-1:]} | others)

    async def _ask(self) -> None:
        for path in ("lab/frame", "lab/kept", "lab/why", "lab/judged"):
            await self._student.get(path)

    async def _draw(self) -> None:
        ink = np.random.default_rng(self._number).integers(0, 255, INK_SIDE**2, dtype=np.uint8)
        await self._student.post("lab/ink", ink.tobytes())
        await self._student.get("lab/frame")

    async def _train(self) -> None:
        await self._student.rerun(page="")
        await self._student.press("step")
        await self._student.get("lab/frame")

    async def _walk(self) -> None:
        await self._student.rerun(page=self._rng.choice(["race", "why", "mistakes", "data", ""]))

    async def _kill_midway(self) -> None:
        for _ in range(5):
            await self._student.rerun(wait=False)
        await self._student.rerun()

    async def _lose_connection(self) -> None:
        await self._student.rerun(wait=False)
        await self._student.disconnect(politely=self._rng.random() < 0.5)
        await self._student.connect(again=True)
        await self._student.rerun()

    async def _download(self) -> None:
        await self._student.rerun(page="")
        if "save_W.npy" in self._student.seen.widgets:
            await self._student.download("save_W.npy")
            await self._student.download("save_b.npy")

    async def _reload(self) -> None:
        await self.end()
        self._student = self._new()
        await self.begin()


def marked_weights(mark: str) -> list[bytes]:
    """Return W.npy and b.npy: shown as small integers, the weights spell the mark."""
    letters = np.frombuffer(mark.encode(), np.int8)
    shown = np.resize(letters, (_CLASSES, _FEATURES)).astype(np.float32)
    shown[0, 0] = 127  # the scale: the largest weight is shown as 127
    files = (io.BytesIO(), io.BytesIO())
    for file, array in zip(files, (shown.T / 127, np.zeros((1, _CLASSES))), strict=True):
        np.save(file, np.ascontiguousarray(array, np.float32), allow_pickle=False)
    return [file.getvalue() for file in files]


def marked_drawing(mark: str, seed: int) -> dict[str, object]:
    """Return what the canvas sends: two strokes that bear the mark, and some ink."""
    ink = np.full((CANVAS_SIDE, CANVAS_SIDE), 255, np.uint8)
    x, y = np.random.default_rng(seed).integers(40, 200, 2)
    ink[y : y + 60, x : x + 20] = 0
    data = io.BytesIO()
    Image.fromarray(ink).convert("RGBA").save(data, format="PNG")
    strokes = [{"type": "path", "label": mark, "path": []}] * 2
    png = base64.b64encode(data.getvalue()).decode()
    raw = {"version": "5", "objects": strokes}
    return {"drawing": {"raw": raw, "data": f"data:image/png;base64,{png}"}}


def _as_shown(data: bytes) -> bytes:
    """Return the weights of a W.npy as the page shows them; all else as it is."""
    if not data.startswith(b"\x93NUMPY"):
        return data
    W = np.load(io.BytesIO(data), allow_pickle=False)
    return bytes(np.round(127 * W.T / max(np.abs(W).max(), 1e-9)).astype(np.int8).tobytes())
