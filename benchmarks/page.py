"""What the page costs: training speed with server and browser, and without.

``python -m benchmarks.page [--json FILE] [--rounds N]``

The page part is one real Chromium on the Lab with MNIST at full speed; the headless part is
the same engine with its workers in a process of its own. They train in turn, each from a
fresh start, on the same machine: server, browser and worker share its cores, as they do on
a laptop. Both evaluate four times a second, since the engine does. The times below, from
clicks and pen strokes to what they show, are taken inside the page.
"""

from __future__ import annotations

import math
import time
from typing import Final

import numpy as np
from playwright.sync_api import expect

from benchmarks.headless import CONFIG, PERIOD, WARM_UP, Headless, headless
from benchmarks.lab import open_lab
from benchmarks.mnist import mnist
from benchmarks.report import Report, parse_arguments
from benchmarks.timing import in_turn, ratios
from benchmarks.watch import Watch
from tests.browser.lab import Lab

GOAL: Final = 0.9
PEN_GOAL: Final = 300.0  # ms
ROUNDS: Final = 7
SECONDS: Final = 4.0
TRIES: Final = 12

STROKE: Final = ((75, 65), (205, 65), (150, 150))
STROKE_END: Final = (120, 235)
PEN_SECONDS: Final = 1.5
PEN_UP: Final = "pen up to the prediction"
QUIET: Final = 1_000.0  # ms without a change: nothing more will come
A_FEW_FRAMES: Final = 50.0  # ms


class TrainedPage:
    """The open page, and what is measured on it."""

    def __init__(self, lab: Lab, n_samples: int) -> None:
        self.lab = lab
        # On average: the last batch of an epoch is short.
        self._samples_per_step = n_samples / math.ceil(n_samples / CONFIG.batch_size)
        self._rng = np.random.default_rng(0)
        self.updates_per_second: list[float] = []  # one value for each measured speed

    def choose_full_speed(self) -> None:
        """Set the pace of the run."""
        self.lab.page.get_by_text("More settings").click()
        self.lab.choose("Speed", "Full speed")
        self.lab.page.get_by_text("More settings").click()

    def samples_per_second(self, seconds: float) -> float:
        """Train from a fresh start and return the speed after the first moments."""
        self._reset()
        self.lab.press("Train")
        self.lab.wait_for_step(1)
        self.lab.page.wait_for_timeout(1e3 * WARM_UP)  # the first steps are evaluated more often
        watch = Watch(self.lab.page, "live", "data-step")
        self.lab.page.wait_for_timeout(1e3 * seconds)  # the time that is measured
        changes = watch.changes()
        self._pause()
        first, last = changes[0], changes[-1]
        took = (last.milliseconds - first.milliseconds) / 1e3
        self.updates_per_second.append((len(changes) - 1) / took)
        return (int(last.text) - int(first.text)) * self._samples_per_step / took

    def train_to_curve(self) -> float:
        """Return the ms from a click on Train to the first new point of the curve."""
        self._reset()
        self._any_moment()
        watch = Watch(self.lab.page, "live", "data-step")
        self.lab.press("Train")
        self.lab.wait_for_step(1)
        changes = watch.after_event(A_FEW_FRAMES)
        self._pause()
        return next(change.milliseconds for change in changes if int(change.text) > 0)

    def pause_to_rest(self) -> float:
        """Return the ms from a click on Pause to the last step that the page shows."""
        self.lab.press("Train")
        self.lab.wait_for_step(int(self.lab.number("step")) + 1)
        self._any_moment()
        watch = Watch(self.lab.page, "live", "data-step")
        self.lab.press("Pause")
        changes = watch.after_event(QUIET)
        self.lab.wait_until("idle")
        return changes[-1].milliseconds if changes else 0.0

    def pen_up_to_prediction(self) -> float:
        """Return the ms from the end of a stroke to the prediction for the finished drawing.

        The pen rests before the last piece of the stroke, so that nothing older is on its way,
        and is lifted at once after it.
        """
        self._clear()
        self.lab.draw(STROKE, lift=False)
        self.lab.page.wait_for_timeout(300)  # the rest of the pen
        watch = Watch(self.lab.page, "prediction", "data-confidence", "pointerup")
        self.lab.page.mouse.move(*self._at(STROKE_END))
        self.lab.page.mouse.up()
        changes = watch.after_event(QUIET)
        return changes[-1].milliseconds if changes else 0.0

    def predictions_per_second(self) -> float:
        """Return how often the prediction changes while the pen moves in a circle."""
        self._clear()
        self.lab.draw(STROKE[:1], lift=False)
        centre = self._at((140, 140))
        watch = Watch(self.lab.page, "prediction", "data-confidence")
        began = time.perf_counter()
        while (elapsed := time.perf_counter() - began) < PEN_SECONDS:
            turn = 2 * math.pi * elapsed / PEN_SECONDS
            self.lab.page.mouse.move(
                centre[0] + 70 * math.cos(turn), centre[1] + 90 * math.sin(turn)
            )
        changes = watch.changes()
        self.lab.page.mouse.up()
        took = (changes[-1].milliseconds - changes[0].milliseconds) / 1e3
        return (len(changes) - 1) / took

    def _reset(self) -> None:
        self.lab.press("Reset")
        expect(self.lab.live).to_have_attribute("data-step", "0")
        self.lab.wait_until("idle")

    def _pause(self) -> None:
        self.lab.press("Pause")
        self.lab.wait_until("idle")

    def _clear(self) -> None:
        self.lab.press("Clear")
        expect(self.lab.prediction).to_have_attribute("data-prediction", "")
        self.lab.wait_for_ink(0)

    def _any_moment(self) -> None:
        """Wait a little, so that the page is asked at any moment of its rhythm."""
        self.lab.page.wait_for_timeout(1e3 * self._rng.uniform(0, PERIOD))

    def _at(self, point: tuple[float, float]) -> tuple[float, float]:
        """Return where a point of the canvas is in the window."""
        box = self.lab.canvas.bounding_box()
        assert box is not None  # the Lab has waited for it
        return box["x"] + point[0], box["y"] + point[1]


def main() -> int:
    """Measure, print, and return the exit status."""
    arguments = parse_arguments(__doc__, ROUNDS)
    query = f"?data=mnist&epochs={CONFIG.epochs}"
    with mnist() as dataset, headless() as engine, open_lab(query) as lab:
        report = Report("Training MNIST on the page against the same engine alone")
        report.note(
            "Chromium", lab.page.context.browser.version if lab.page.context.browser else "?"
        )
        page = TrainedPage(lab, len(dataset.train_labels))
        page.choose_full_speed()
        ratio = _compare_speeds(report, page, engine, arguments.rounds)
        pen_up = _measure_times(report, page)
        report.goal_at_least("speed on the page / speed alone", ratio, GOAL)
        report.goal_at_most("pen up to prediction, ms", pen_up, PEN_GOAL)
    return report.finish(arguments.json)


def _compare_speeds(report: Report, page: TrainedPage, engine: Headless, rounds: int) -> float:
    on_page, alone = "on the page", "engine and workers alone"
    measured = in_turn(
        {
            on_page: lambda: page.samples_per_second(SECONDS),
            alone: lambda: engine.samples_per_second(SECONDS),
        },
        rounds,
    )
    report.heading(f"training speed ({rounds} rounds of {SECONDS:g} s each)")
    for name, values in measured.items():
        report.row(name, values, "samples/s")
    report.row("live updates of the page", page.updates_per_second[1:], "per second")
    return report.row("on the page / alone", ratios(measured[on_page], measured[alone])).median


def _measure_times(report: Report, page: TrainedPage) -> float:
    """Print how long it takes to see what was done; return the ms from pen up to prediction."""
    report.heading(f"from doing to seeing ({TRIES} tries)")
    measures = {
        "click on Train to the first new curve point": (page.train_to_curve, "ms"),
        "click on Pause to the last step": (page.pause_to_rest, "ms"),
        PEN_UP: (page.pen_up_to_prediction, "ms"),
        "predictions while the pen moves": (page.predictions_per_second, "per second"),
    }
    medians = {
        name: report.row(name, [measure() for _ in range(TRIES)], unit).median
        for name, (measure, unit) in measures.items()
    }
    return medians[PEN_UP]


if __name__ == "__main__":
    raise SystemExit(main())
