"""Training on our page against the same view as most Streamlit apps would build it.

``python -m benchmarks.plain_page [--json FILE] [--rounds N]``

The other one is ``benchmarks/apps/plain.py``: its loop runs in the page's script and redraws with
``st.line_chart`` and ``st.pyplot`` four times a second, as our live view changes. Both train MNIST
in batches of 128, each with its server and one real Chromium, in turn.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, expect

from benchmarks.headless import CONFIG
from benchmarks.lab import open_page
from benchmarks.mnist import mnist
from benchmarks.page import SECONDS, TrainedPage
from benchmarks.report import Report, parse_arguments
from benchmarks.timing import in_turn, ratios
from tests.browser.lab import Lab
from tests.serve import App

ROUNDS: Final = 5
GOAL: Final = 5.0
PATIENCE: Final = 60_000  # ms; a redraw of the other page may take a second
_SAID: Final = re.compile(r"trained ([\d.]+) examples/s, ([\d.]+) updates/s")


def main() -> int:
    """Measure, print, and return the exit status."""
    arguments = parse_arguments(__doc__, ROUNDS)
    report = Report("Training MNIST on the page, ours and a plain Streamlit app's")
    ours, plain = "Softmax Lab", "plain Streamlit app"
    with mnist() as dataset, tempfile.TemporaryDirectory(prefix="softmax-lab-log-") as folder:
        apps = [
            App(Path(folder) / "ours.txt"),
            App(Path(folder) / "plain.txt", script="benchmarks/apps/plain.py"),
        ]
        try:
            for app in apps:
                app.wait_until_healthy()
            with open_page() as page:
                assert page.context.browser is not None  # it was opened by one
                other = page.context.browser.new_page()
                page.goto(f"{apps[0].url}/?data=mnist&epochs={CONFIG.epochs}&speed=full")
                other.goto(apps[1].url)
                lab = TrainedPage(Lab(page), len(dataset.train_labels))
                plain_updates: list[float] = []

                def train_ours() -> float:
                    page.bring_to_front()
                    return lab.samples_per_second(SECONDS)

                def train_plain() -> float:
                    other.bring_to_front()
                    speed, updates = _train(other)
                    plain_updates.append(updates)
                    return speed

                found = in_turn({ours: train_ours, plain: train_plain}, arguments.rounds)
        finally:
            for app in apps:
                app.stop()
    report.heading(f"training speed ({arguments.rounds} rounds of {SECONDS:g} s each)")
    for name, values in found.items():
        report.row(name, values, "examples/s")
    report.row(f"{ours}: updates", lab.updates_per_second[1:], "per second")
    report.row(f"{plain}: updates", plain_updates[1:], "per second")
    ratio = report.row("ours / plain", ratios(found[ours], found[plain])).median
    report.goal_at_least("speed on our page / on a plain Streamlit page", ratio, GOAL)
    return report.finish(arguments.json)


def _train(page: Page) -> tuple[float, float]:
    """Press the plain page's button and read what it did: examples and redraws a second."""
    said = page.get_by_text(_SAID)
    page.get_by_role("button", name="Train").click()
    expect(said).to_have_count(0, timeout=PATIENCE)  # that of the press before
    expect(said).to_be_visible(timeout=PATIENCE)
    found = _SAID.search(said.inner_text())
    assert found is not None  # it was waited for
    return float(found[1]), float(found[2])


if __name__ == "__main__":
    raise SystemExit(main())
