"""How often the pictures of the Lab and of the sweep change while one user watches.

``python -m benchmarks.views [--json FILE] [--rounds N]``

One real Chromium, MNIST, full speed. An update is a drawing of a chart that differs from the
one before, told by its pixels inside the page. Browser, server and worker share the machine's
cores, as they do on a laptop. The race has a benchmark of its own, ``benchmarks.race_page``.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from playwright.sync_api import Page, expect

from benchmarks.lab import open_at
from benchmarks.mnist import mnist
from benchmarks.report import Report, parse_arguments
from tests.browser.lab import Lab

GOAL: Final = 4.0  # updates a second
ROUNDS: Final = 3
SECONDS: Final = 6.0
NETWORKS: Final = {"softmax regression": "softmax", "one hidden layer": "mlp"}

# Every chart clears its canvas before it draws; what it drew is looked at in the next frame.
_WATCH: Final = """(selector) => {
  const seen = [];
  let last = "", asked = false;
  const look = () => {
    asked = false;
    const canvas = document.querySelector(selector);
    const now = canvas ? canvas.toDataURL() : "";
    if (now !== last) seen.push(performance.now());
    last = now;
  };
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    clear.apply(this, box);
    if (asked || !this.canvas.matches(selector)) return;
    asked = true;
    requestAnimationFrame(look);
  };
  window.drawn = seen;
}"""


def main() -> int:
    """Measure, print, and return the exit status."""
    arguments = parse_arguments(__doc__, ROUNDS)
    report = Report("The Lab and the sweep on MNIST while one user watches")
    slowest = []
    with mnist():
        for title, network in NETWORKS.items():
            report.heading(f"{title}: updates of the page ({SECONDS:g} s each)")
            for view in (_Curves(network), _Strips(network), _Sweep(network)):
                found = [_round(view) for _ in range(arguments.rounds)]
                row = report.row(view.name, [rate for rate, _gap in found], "per second")
                report.row(f"{view.name}: longest wait", [gap for _rate, gap in found], "ms")
                slowest.append(row.median)
    report.goal_at_least("updates a second, the slowest of these", min(slowest), GOAL)
    return report.finish(arguments.json)


def _round(view: _Curves | _Sweep) -> tuple[float, float]:
    """Return what one page of a fresh server shows."""
    with open_at(view.address) as page:
        return view.updates(page)


class _Curves:
    """The Lab as it opens."""

    name = "Lab"
    chart = "canvas[data-chart=loss]"

    def __init__(self, network: str) -> None:
        self.address = f"?data=mnist&network={network}&init=scaled&epochs=1000&speed=full"

    def updates(self, page: Page) -> tuple[float, float]:
        """Train; return updates a second and the longest wait, in ms."""
        lab = Lab(page)
        self.open(page)
        lab.press("Train")
        expect(page.get_by_test_id("live")).to_have_attribute("data-epoch", re.compile("[1-9]"))
        return _watched(page, self.chart)

    def open(self, page: Page) -> None:
        """Nothing more is to be opened."""


class _Strips(_Curves):
    """The Lab with edge, gradient and update-to-weight ratio under the curves."""

    name = "Lab with More on the chart"
    chart = "[data-testid=strips] canvas"

    def open(self, page: Page) -> None:
        """Open the strips."""
        more = page.get_by_role("button", name=re.compile("More on the chart"))
        if more.get_attribute("aria-expanded") != "true":
            more.click()


class _Sweep:
    """32 learning rates at once, for ten epochs, so that there is something to watch."""

    name = "Sweep"
    chart = "[data-testid=sweep-chart]"

    def __init__(self, network: str) -> None:
        self.address = f"race?data=mnist&network={network}&init=scaled"

    def updates(self, page: Page) -> tuple[float, float]:
        """Sweep; return updates a second and the longest wait, in ms."""
        page.get_by_text("Sweep", exact=True).first.click()
        epochs = page.get_by_role("spinbutton", name="Epochs")
        epochs.fill("10")
        epochs.press("Enter")
        page.get_by_role("button", name="Start the sweep").click()
        sweep = page.get_by_test_id("sweep")
        expect(sweep).to_have_attribute("data-status", "running")
        expect(sweep).to_have_attribute("data-measured", re.compile("[1-9]"))
        return _watched(page, self.chart)


def _watched(page: Page, chart: str) -> tuple[float, float]:
    page.evaluate(_WATCH, chart)
    page.wait_for_timeout(1e3 * SECONDS)  # the time that is measured
    times: list[float] = page.evaluate("window.drawn")
    return 1e3 * (len(times) - 1) / (times[-1] - times[0]), float(np.diff(times).max())


if __name__ == "__main__":
    raise SystemExit(main())
