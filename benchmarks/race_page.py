"""How often the page Race moves: six lanes on MNIST, while one user watches.

``python -m benchmarks.race_page [--json FILE] [--rounds N]``

One real Chromium on the page; an update is a new place of the lanes on screen, counted inside
the page between the first and the last of a time in which the race goes on. Browser, server
and worker share the machine's cores, as they do on a laptop.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from playwright.sync_api import expect

from benchmarks.lab import open_at
from benchmarks.mnist import mnist
from benchmarks.report import Report, parse_arguments
from tests.browser.race import RacePage

GOAL: Final = 4.0  # updates a second
ROUNDS: Final = 5
SECONDS: Final = 6.0
RATES: Final = "0.001,0.01,0.1,0.5,1,5"
SPEEDS: Final = ("Slow", "To watch", "Full")
NETWORKS: Final = {"softmax regression": "softmax", "one hidden layer": "mlp"}


def main() -> int:
    """Measure, print, and return the exit status."""
    arguments = parse_arguments(__doc__, ROUNDS)
    report = Report("The page Race: six lanes on MNIST while one user watches")
    slowest = []
    with mnist():
        for title, network in NETWORKS.items():
            report.heading(f"{title}: updates of the page ({SECONDS:g} s each)")
            address = f"race?data=mnist&network={network}&race=lr:{RATES}"
            with open_at(address) as page:
                race = RacePage(page)
                race.set_epochs(100)
                for speed in SPEEDS:
                    found = [_updates(race, speed) for _ in range(arguments.rounds)]
                    row = report.row(speed, [rate for rate, _gap in found], "per second")
                    report.row(f"{speed}: longest wait", [gap for _rate, gap in found], "ms")
                    slowest.append(row.median)
    report.goal_at_least("updates a second, the slowest of these", min(slowest), GOAL)
    return report.finish(arguments.json)


def _updates(race: RacePage, speed: str) -> tuple[float, float]:
    """Race from a fresh start; return the updates a second and the longest wait for one, in ms."""
    race.choose("Speed", speed)
    race.press("Reset")
    expect(race.root).to_have_attribute("data-examples", "0")
    race.press("Start")
    race.wait_for_examples(2_048)  # the first steps are measured more often than later ones
    race.watch()
    race.page.wait_for_timeout(1e3 * SECONDS)  # the time that is measured
    _moves, times = race.watched()
    race.press("Pause")
    race.wait_until("idle")
    return 1e3 * (len(times) - 1) / (times[-1] - times[0]), float(np.diff(times).max())


if __name__ == "__main__":
    raise SystemExit(main())
