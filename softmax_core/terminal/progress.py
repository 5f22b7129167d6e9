"""A bar for an epoch that takes long: on standard error, only in a terminal, gone when done."""

from __future__ import annotations

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)


class EpochBar:
    """Shows how far an epoch is, from the first call of ``show`` until ``clear``.

    Parameters
    ----------
    console : rich.console.Console, optional
        Standard error without it.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._progress: Progress | None = None

    def show(self, title: str, done: int, total: int) -> None:
        """Draw the bar, or move it on."""
        if not self._console.is_terminal:
            return
        if self._progress is None:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
            self._progress = Progress(
                *columns,
                TextColumn("samples"),
                TimeRemainingColumn(),
                console=self._console,
                transient=True,
                # Or else rich would send what we print on standard output to standard error.
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._progress.add_task(title)
            self._progress.start()
        self._progress.update(self._progress.task_ids[0], completed=done, total=total)

    def clear(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


class ShareBar:
    """Shows how much of several runs is done, from the first call of ``show`` until ``clear``.

    Parameters
    ----------
    console : rich.console.Console, optional
        Standard error without it.
    """

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._progress: Progress | None = None

    def show(self, title: str, done: float, total: float) -> None:
        """Draw the bar, or move it on."""
        if not self._console.is_terminal:
            return
        if self._progress is None:
            columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
            self._progress = Progress(
                *columns,
                TimeRemainingColumn(),
                console=self._console,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._progress.add_task(title, total=total)
            self._progress.start()
        self._progress.update(self._progress.task_ids[0], completed=done, total=total)

    def clear(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
