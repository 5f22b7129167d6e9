"""The page Race as a browser test sees it: by accessible names and data attributes."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import SEVEN, Points
from tests.packed import unpacked

_WATCH = """() => {
  const seen = [];
  const look = () => {
    const rows = [...document.querySelectorAll('[data-testid=lanes] tr[data-lane]')];
    const now = rows.map((row) => Number(row.dataset.seen));
    if (String(now) !== String(seen.at(-1)?.now)) seen.push({ now, at: performance.now() });
  };
  look();
  const observer = new MutationObserver(() => requestAnimationFrame(look));
  const options = { subtree: true, attributes: true, attributeFilter: ["data-seen"] };
  observer.observe(document.body, options);
  window.raceWatched = { seen, stop: () => observer.disconnect() };
}"""


class RacePage:
    """One open page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.get_by_test_id("race")
        self.lanes = page.get_by_test_id("lanes").locator("tr[data-lane]")
        self.chart = page.get_by_test_id("race-chart")
        self.summary = page.get_by_test_id("race-summary")
        self.result = page.get_by_test_id("race-result")
        self.says = page.get_by_test_id("lanes-say")
        expect(self.root).to_have_attribute("data-examples", "0", timeout=60_000)
        expect(self.lanes.first).to_have_attribute("data-train-loss", re.compile(r"\d"))

    def press(self, name: str) -> None:
        """Press a button by its name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a select box."""
        self.page.get_by_role("combobox", name=label).click()
        self.page.get_by_role("option", name=option).click()

    def set_epochs(self, epochs: int) -> None:
        """Type for how many epochs the lanes train."""
        box = self.page.get_by_role("spinbutton", name="Epochs")
        box.fill(str(epochs))
        box.press("Enter")

    def wait_until(self, status: str) -> None:
        """Wait for a status such as ``idle`` or ``finished``."""
        expect(self.root).to_have_attribute("data-status", status, timeout=60_000)

    def wait_for_examples(self, at_least: int) -> None:
        """Wait until every lane that goes on has seen so many examples."""
        self.page.wait_for_function(
            "n => Number(document.querySelector('[data-testid=race]').dataset.examples) >= n",
            arg=at_least,
            timeout=60_000,
        )

    def told(self, name: str) -> list[str]:
        """Return what each lane's row tells of itself."""
        return [row.get_attribute(f"data-{name}") or "" for row in self.lanes.all()]

    def watch(self) -> None:
        """Note from now on how many examples each lane has seen, whenever that changes."""
        self.page.evaluate(_WATCH)

    def watched(self) -> tuple[list[list[int]], list[float]]:
        """Return what was noted, for all lanes at a time, and when, in ms."""
        noted = self.page.evaluate("window.raceWatched.seen")
        return [each["now"] for each in noted], [each["at"] for each in noted]

    def picture(self) -> str:
        """Return the chart as it is on screen."""
        shown: str = self.chart.evaluate("canvas => canvas.toDataURL()")
        return shown

    def draw(self, points: Points = SEVEN) -> None:
        """Draw a stroke with the mouse."""
        box = self.canvas.bounding_box()
        assert box is not None
        (x, y), *rest = points
        self.page.mouse.move(box["x"] + x, box["y"] + y)
        self.page.mouse.down()
        for x, y in rest:
            self.page.mouse.move(box["x"] + x, box["y"] + y, steps=25)
        self.page.mouse.up()

    @property
    def canvas(self) -> Locator:
        """The canvas that is drawn on."""
        return self.page.locator("canvas.upper-canvas")

    def curves(self) -> dict[str, Any]:
        """Return all arrays of a whole frame, as the server gives it now."""
        address = self.page.evaluate(
            "performance.getEntriesByType('resource').map(entry => entry.name)"
            ".filter(name => name.includes('/lab/race?')).pop()"
        )
        base, query = address.split("?")
        token = next(part for part in query.split("&") if part.startswith("t="))
        body = self.page.request.get(f"{base}?{token}").body()
        return unpacked(body).arrays
