"""What a lesson's notes come to: rows of figures, and the goals they are held against."""

from __future__ import annotations

from collections import Counter
from typing import Final

from benchmarks.classroom_lesson import Lesson
from benchmarks.classroom_notes import Notes, Window, gathered, percentile
from benchmarks.report import Report

# By the size of a class: seconds from a click to what it changes, 95 % of them.
CLICK: Final = {1: 1.0, 10: 1.0, 30: 1.0, 100: 3.0}
FAIR: Final = 0.8  # of a fair share, at least
UPDATES: Final = 2.0  # a second, of each view, with up to so many students:
UPDATES_UP_TO: Final = 30
JOIN: Final = 5.0  # seconds to a drawn page, 95 % of them
MEMORY: Final = 800.0  # MiB, web server and workers together
LEFT_OVER: Final = 30.0  # MiB more than before the first came
DROPPED_AFTER: Final = 960.0  # seconds: 15 minutes and the reaper's round
IDLE: Final = 0.2  # of one core, once nobody is there

_CONTINUOUS: Final = 0.6  # of the window: less, and a student was away or paused


def report_on(report: Report, lesson: Lesson, after: float) -> None:
    """Print and keep the figures of one lesson, and its goals."""
    n, window = lesson.n_students, lesson.window
    report.heading(f"{n} students, {window.seconds:.0f} s")
    rates = _rates(lesson.notes, window) or [1e-9]  # nobody got on
    examples = sum(gathered(lesson.notes, "examples", window))
    report.row(f"{n}: examples in all", [examples / window.seconds], "/s")
    shares = [rate / (sum(rates) / len(rates)) for rate in rates]
    report.row(f"{n}: share of a fair share", shares)
    report.row(f"{n}: slowest over fastest", [min(rates) / max(rates)])
    updates = _updates(lesson.notes, window) or [0.0]
    report.row(f"{n}: updates of a live view", updates, "/s")
    click = _times(report, lesson, "click", "click to visible change")
    _times(report, lesson, "rerun", "the page's script")
    _times(report, lesson, "poll", "a question of the live view")
    _times(report, lesson, "ink", "a drawing read")
    join = _times(report, lesson, "join", "join to a drawn page", whole=True)
    health = [1e3 * seconds for seconds in lesson.health]
    report.row(f"{n}: the server's sign of life, p99", [percentile(health, 99)], "ms")
    _report_browsers(report, lesson)
    _report_resources(report, lesson)
    report.row(f"{n}: errors", [len(lesson.errors)])
    for text, count in Counter(lesson.errors).most_common(5):
        print(f"    {count} x {text}")
    report.goal_at_least(f"{n} students: smallest share", min(shares), FAIR)
    if n <= UPDATES_UP_TO:
        report.goal_at_least(f"{n} students: updates a second, the slowest", min(updates), UPDATES)
    bound = next((CLICK[size] for size in sorted(CLICK) if size >= n), CLICK[max(CLICK)])
    report.goal_at_most(f"{n} students: click to change, p95, s", click, bound)
    report.goal_at_most(f"{n} students: join, p95, s", join, JOIN)
    report.goal_at_most(f"{n} students: errors", len(lesson.errors), 0)
    _memory_goals(report, lesson, after)


def _rates(notes: list[Notes], window: Window) -> list[float]:
    """Return examples a second of those who trained nearly all the time."""
    return [
        sum(own.values("examples", window)) / running for own, running in _continuous(notes, window)
    ]


def _updates(notes: list[Notes], window: Window) -> list[float]:
    """Return updates a second of each view while its run was going and its network held."""
    return [
        len(own.values("update", window)) / running
        for own, running in _continuous(notes, window)
        if not own.values("lost", window)
    ]


def _continuous(notes: list[Notes], window: Window) -> list[tuple[Notes, float]]:
    """Return who trained nearly all the time on one and the same run, and for how long.

    A run that has just begun is evaluated ten times in its first steps, which is paid out of
    its own share.
    """
    found = [(own, sum(own.values("running", window))) for own in notes]
    return [
        (own, running)
        for own, running in found
        if running >= _CONTINUOUS * window.seconds and not own.values("join", window)
    ]


def _times(report: Report, lesson: Lesson, name: str, title: str, *, whole: bool = False) -> float:
    """Print median and 95th percentile of all students' times, in ms; return the latter in s."""
    window = None if whole else lesson.window
    values = gathered(lesson.notes, name, window)
    if not values:
        return 0.0
    milliseconds = [1e3 * value for value in values]
    report.row(f"{lesson.n_students}: {title}", milliseconds, "ms")
    late = percentile(milliseconds, 95)
    report.row(f"{lesson.n_students}: {title}, p95", [late], "ms")
    return late / 1e3


def _report_browsers(report: Report, lesson: Lesson) -> None:
    """Print what real pages saw; their own work is part of it, on the same cores."""
    n, window = lesson.n_students, lesson.window
    rows = ("updates", "updates", "/s", 1.0), ("click", "click to change", "ms", 1e3)
    for name, title, unit, factor in (*rows, ("join", "first visit", "ms", 1e3)):
        values = gathered(lesson.browsers, name, None if name == "join" else window)
        if values:
            report.row(f"{n}: in Chromium, {title}", [factor * v for v in values], unit)


def _report_resources(report: Report, lesson: Lesson) -> None:
    n = lesson.n_students
    for name, share in lesson.shares.items():
        report.row(f"{n}: processor, {name}", [share], "cores")
    moments = ("before", lesson.at_rest), ("with all", lesson.with_class), ("left", lesson.left)
    for when, memory in moments:
        report.row(f"{n}: memory, {when}, shared pages once", [memory.pss], "MiB")
        report.row(f"{n}: memory, {when}, resident", [memory.rss], "MiB")
    report.row(f"{n}: processor once all have left", [lesson.idle_share], "cores")
    report.row(f"{n}: workers then", [lesson.workers_left])


def _memory_goals(report: Report, lesson: Lesson, after: float) -> None:
    n = lesson.n_students
    report.goal_at_most(f"{n} students: MiB in all", lesson.with_class.pss, MEMORY)
    report.goal_at_most(f"{n} students: cores once all have left", lesson.idle_share, IDLE)
    if after >= DROPPED_AFTER:
        more = lesson.left.pss - lesson.at_rest.pss
        report.goal_at_most(f"{n} students: MiB left over", more, LEFT_OVER)
