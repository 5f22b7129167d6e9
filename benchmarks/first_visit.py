"""From nothing to a page that can be used, against the smallest Streamlit app.

``python -m benchmarks.first_visit [--json FILE] [--rounds N]``

Each try starts a server of its own and a Chromium with nothing cached, and ends when the page can
be used: ours when its Train button is there, the curve's axes are drawn, the first accuracy is on
the chart and the canvas can be drawn on; the other's when its button is there. Bytes are those
that came over the wire. MNIST is not needed: a newcomer's page shows the embedded digits.

What is left beyond hello world is processor time, not waiting: 165 requests against 66, the
canvas's 413 kB of script, some twenty widgets in place of one, and two workers that take half a
second each to start, on cores that the browser shares. Other orders of the same work changed
nothing.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, expect

from benchmarks.lab import open_page
from benchmarks.report import Report, parse_arguments
from benchmarks.timing import in_turn, ratios
from tests.browser.lab import ANY_NUMBER
from tests.serve import App

ROUNDS: Final = 7
GOAL: Final = 1.5
OURS: Final = "Softmax Lab"
HELLO: Final = "hello world"
SCRIPTS: Final = {OURS: "app.py", HELLO: "benchmarks/apps/hello.py"}


def main() -> int:
    """Measure, print, and return the exit status."""
    arguments = parse_arguments(__doc__, ROUNDS)
    report = Report("From nothing to a page that can be used")
    sizes: dict[str, list[float]] = {name: [] for name in SCRIPTS}
    loads: dict[str, list[float]] = {name: [] for name in SCRIPTS}

    def visit(name: str) -> Callable[[], float]:
        def measure() -> float:
            total, load, size = _visit(SCRIPTS[name], _USABLE[name])
            sizes[name].append(size / 1e6)
            loads[name].append(load)
            return total

        return measure

    found = in_turn({name: visit(name) for name in SCRIPTS}, arguments.rounds)
    report.heading(f"seconds from the start of the server ({arguments.rounds} rounds)")
    for name, values in found.items():
        report.row(name, values, "s")
    report.heading("seconds from the address to the page that can be used")
    for name, values in loads.items():
        report.row(f"{name}, page alone", values[1:], "s")
    report.heading("megabytes over the wire, nothing cached")
    for name, values in sizes.items():
        report.row(f"{name}, first load", values[1:], "MB")
    ratio = report.row("Softmax Lab / hello world", ratios(found[OURS], found[HELLO])).median
    report.row("page alone, ours / hello world", ratios(loads[OURS][1:], loads[HELLO][1:]))
    report.goal_at_most("cold start, ours / hello world", ratio, GOAL)
    return report.finish(arguments.json)


def _visit(script: str, usable: Callable[[Page], None]) -> tuple[float, float, int]:
    """Start a server, open its page; return seconds in all, of the page alone, and the bytes."""
    sizes: list[int] = []
    with tempfile.TemporaryDirectory(prefix="softmax-lab-log-") as folder, open_page() as page:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: sizes.append(_bytes(event)))
        began = time.perf_counter()
        app = App(Path(folder) / "server.txt", {"SOFTMAX_CACHE": f"{folder}/cache"}, script=script)
        try:
            app.wait_until_healthy()
            asked = time.perf_counter()
            page.goto(app.url)
            usable(page)
            ended = time.perf_counter()
        finally:
            app.stop()
    return ended - began, ended - asked, sum(sizes)


def _bytes(event: dict[str, Any]) -> int:
    return int(event["encodedDataLength"])


def _lab_is_usable(page: Page) -> None:
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()
    expect(page.get_by_test_id("live")).to_have_attribute("data-test-accuracy", ANY_NUMBER)
    expect(page.locator("canvas.upper-canvas")).to_be_visible()


def _hello_is_usable(page: Page) -> None:
    expect(page.get_by_role("button", name="Press")).to_be_enabled()


_USABLE: Final = {OURS: _lab_is_usable, HELLO: _hello_is_usable}


if __name__ == "__main__":
    raise SystemExit(main())
