"""The Lab page as a test sees it: by accessible names and data attributes."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from softmax_core.limits import CANVAS_SIDE

ANY_NUMBER = re.compile(r"\d")
SEVEN = ((75, 65), (205, 65), (150, 150), (120, 235))
ONE = ((145, 40), (140, 240))
BAR = ((60, 140), (220, 140))
Points = Iterable[tuple[int, int]]

_MOVES = 25  # of mouse or finger between two points of a stroke
_ALL_PIXELS = CANVAS_SIDE**2

# The finished strokes: the page's own canvas, not the one the moving pen draws on.
_COUNT_INK = """canvas => {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  let inked = 0;
  for (let i = 0; i < data.length; i += 4) inked += data[i + 3] > 0 && data[i] < 128;
  return inked;
}"""
_FIND_CANVAS = """function find(root) {
  for (const element of root.querySelectorAll("*")) {
    if (element.matches("canvas.dc-canvas.lower-canvas")) return element;
    const inner = element.shadowRoot && find(element.shadowRoot);
    if (inner) return inner;
  }
  return null;
}"""


class Lab:
    """One open page."""

    def __init__(self, page: Page, *, shows_test: bool = True) -> None:
        self.page = page
        self.live = page.get_by_test_id("live")
        self.prediction = page.get_by_test_id("prediction")
        expect(self.live).to_have_attribute("data-step", "0", timeout=20_000)  # a first visit
        measured = "data-test-accuracy" if shows_test else "data-train-loss"
        expect(self.live).to_have_attribute(measured, ANY_NUMBER)
        expect(self.canvas).to_be_visible()

    @property
    def canvas(self) -> Locator:
        """The canvas that is drawn on."""
        return self.page.locator("canvas.upper-canvas")

    def press(self, name: str) -> None:
        """Press a button by its name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def number(self, attribute: str) -> float:
        """Return a number of the live view."""
        return float(self.live.get_attribute(f"data-{attribute}") or "nan")

    def wait_for_step(self, at_least: int) -> None:
        """Wait until the live view shows this step or a later one."""
        self.page.wait_for_function(
            "step => Number(document.querySelector('[data-testid=live]').dataset.step) >= step",
            arg=at_least,
            timeout=60_000,
        )

    def wait_until(self, status: str) -> None:
        """Wait for a status such as ``idle`` or ``finished``."""
        expect(self.live).to_have_attribute("data-status", status, timeout=60_000)

    def slide(self, label: str, presses: int) -> None:
        """Move a slider by the keyboard."""
        slider = self.page.get_by_role("slider", name=label)
        for _ in range(abs(presses)):
            slider.press("ArrowRight" if presses > 0 else "ArrowLeft")

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a select box."""
        self.page.get_by_role("combobox", name=label).click()
        self.page.get_by_role("option", name=option).click()

    def draw(
        self, points: Points = SEVEN, *, lift: bool = True, moves: int = _MOVES, down: bool = True
    ) -> None:
        """Draw a stroke with the mouse, or go on with one whose button is down."""
        box = self.canvas.bounding_box()
        assert box is not None
        mouse = self.page.mouse
        (x, y), *rest = points
        if down:
            mouse.move(box["x"] + x, box["y"] + y)
            mouse.down()
        for x, y in rest:
            mouse.move(box["x"] + x, box["y"] + y, steps=moves)
        if lift:
            mouse.up()

    def ink(self) -> int:
        """Return how many pixels of the canvas are inked."""
        count: int = self.page.locator("canvas.dc-canvas.lower-canvas").evaluate(_COUNT_INK)
        return count

    def wait_for_ink(self, pixels: int) -> None:
        """Wait until exactly so many pixels of the canvas are inked."""
        self._wait_for_ink(pixels, pixels)

    def wait_for_more_ink(self, than: int = 0) -> int:
        """Wait until a finished stroke has been added, and return how many pixels are inked."""
        return self._wait_for_ink(than + 1, _ALL_PIXELS)

    def touch(self, points: Points, *, moves: int = _MOVES) -> None:
        """Draw a stroke with a finger: the browser's own touch events, one after the other."""
        box = self.canvas.bounding_box()
        assert box is not None
        finger = self.page.context.new_cdp_session(self.page)

        def send(kind: str, *places: tuple[float, float]) -> None:
            touched = [{"x": box["x"] + x, "y": box["y"] + y} for x, y in places]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})

        (x, y), *rest = points
        send("touchStart", (x, y))
        for to_x, to_y in rest:
            for part in range(1, moves + 1):
                share = part / moves
                send("touchMove", (x + share * (to_x - x), y + share * (to_y - y)))
            x, y = to_x, to_y
        send("touchEnd")

    def frame(self) -> dict[str, Any]:
        """Return the header of a whole frame as the server gives it now."""
        address = self.page.evaluate(
            "performance.getEntriesByType('resource').map(entry => entry.name)"
            ".filter(name => name.includes('/lab/frame')).pop()"
        )
        base, query = address.split("?")
        token = next(part for part in query.split("&") if part.startswith("t="))
        body = self.page.request.get(f"{base}?{token}").body()
        (length,) = struct.unpack_from("<I", body)
        header: dict[str, Any] = json.loads(body[4 : 4 + length])
        return header

    def step_at_rest(self) -> int:
        """Return the step of a run that was paused, once nothing of it is on its way any more."""
        before, now = -1, int(self.frame()["step"])
        while now != before:
            self.page.wait_for_timeout(500)  # longer than a slice and its way
            before, now = now, int(self.frame()["step"])
        return now

    def _wait_for_ink(self, least: int, most: int) -> int:
        counted = self.page.wait_for_function(
            f"""([least, most]) => {{
              const canvas = ({_FIND_CANVAS})(document);
              const inked = canvas ? ({_COUNT_INK})(canvas) : -1;
              return inked >= least && inked <= most ? {{ inked }} : null;
            }}""",
            arg=[least, most],
        )
        return int(counted.json_value()["inked"])
