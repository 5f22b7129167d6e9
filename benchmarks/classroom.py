"""A class on one server: how fast, how fair, how quick and how large, with up to 100 students.

``python -m benchmarks.classroom [--students N ...] [--seconds S] [--after S] [--json FILE]
[--page FILE]``

Starts the real app for each class and has students use it over raw sockets, unevenly: they train
all the time at full speed, and watch, drag a slider, draw, pause, reload, or lose the connection.
One or two of them are real pages in Chromium. All share this machine's cores with the server, so
the figures are worse than those of a server with students elsewhere. The last step of each class
is that all leave: half a minute later their runs are paused. With ``--after 1000`` the last class
is looked at when its runs were dropped as well, and nothing may be left of them.
``--page docs/load.md`` writes the page.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.classroom_figures import DROPPED_AFTER, report_on
from benchmarks.classroom_lesson import Lesson, Plan, give_lesson
from benchmarks.classroom_memory import Server
from benchmarks.classroom_page import write_page
from benchmarks.mnist import mnist
from benchmarks.report import Report
from tests.serve import App

CLASSES: Final = (1, 10, 30, 100)
SECONDS: Final = 30.0
AFTER: Final = 30.0
# Of the students; a Chromium takes half a core, and a lesson on two has no more to give.
BROWSERS: Final = {1: 0, 10: 1, 30: 1, 100: 2}


def main() -> int:
    """Measure, print, and return the exit status."""
    arguments = _arguments()
    report = Report("A class on one server")
    report.note("students", "MNIST, softmax regression, batches of 128, full speed")
    with mnist():
        for n_students in arguments.students:
            last = n_students == arguments.students[-1]
            after = arguments.after if last else min(arguments.after, AFTER)
            report_on(report, _lesson(n_students, arguments, after), after)
    if arguments.page is not None:
        write_page(arguments.page, report.kept)
    return report.finish(arguments.json)


def _lesson(n_students: int, arguments: argparse.Namespace, after: float) -> Lesson:
    """Start a server of its own, have one class use it, and end it."""
    with tempfile.TemporaryDirectory(prefix="softmax-lab-log-") as folder:
        app = App(Path(folder) / "server.txt")
        try:
            app.wait_until_healthy()
            n_browsers = BROWSERS.get(n_students, min(2, n_students // 10))
            if arguments.no_browser:
                n_browsers = 0
            plan = Plan(app.url, "mnist", n_students, n_browsers, arguments.seconds, after)
            lesson = asyncio.run(give_lesson(plan, Server(app.process.pid)))
            if "Traceback" in app.log():
                lesson.notes[0].errors.append(f"server: {app.log()[-2000:]}")
            return lesson
        finally:
            app.stop()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--students", type=int, nargs="+", metavar="N", default=CLASSES, help="sizes of the classes"
    )
    parser.add_argument("--seconds", type=float, default=SECONDS, help="that all are there")
    parser.add_argument(
        "--after",
        type=float,
        default=AFTER,
        help=f"seconds after the last class left; from {DROPPED_AFTER:g} on the memory has a goal",
    )
    parser.add_argument("--no-browser", action="store_true", help="raw sockets alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers there too")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write a page of the docs")
    return parser.parse_args()


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    raise SystemExit(main())
