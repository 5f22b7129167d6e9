"""A bar for an epoch that takes long: on standard error, only in a terminal, gone when done."""

from __future__ import annotations

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)


class ShownBar:
    """Shows how far something is, from the first call of ``show`` until ``clear``.

    Parameters
    ----------
    columns : rich.progress.ProgressColumn
        What stands between the bar and the time that is left.
    console : rich.console.Console, optional
        Standard error without it.
    """

    def __init__(self, *columns: ProgressColumn, console: Console | None = None) -> None:
        self._columns = columns
        self._console = console or Console(stderr=True)
        self._progress: Progress | None = None

    def show(self, title: str, done: float, total: float) -> None:
        """Draw the bar, or move it on."""
        if not self._console.is_terminal:
            return
        if self._progress is None:
            self._progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                *self._columns,
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


def epoch_bar(console: Console | None = None) -> ShownBar:
    """Return a bar that counts the samples of an epoch."""
    return ShownBar(MofNCompleteColumn(), TextColumn("samples"), console=console)


def share_bar() -> ShownBar:
    """Return a bar that tells the share done of several runs."""
    return ShownBar(TaskProgressColumn())
