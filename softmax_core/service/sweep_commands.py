"""What can be done with a sweep: start it, look at it, cancel it; one for each browser."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from softmax_core import limits
from softmax_core.errors import UserError
from softmax_core.service import pacing
from softmax_core.service.beginning import beginning_of
from softmax_core.service.race_commands import RaceCommands
from softmax_core.service.session import Session, Status
from softmax_core.service.sweep import Configs, Sweep, SweepView
from softmax_core.service.sweep_traffic import SweepTraffic
from softmax_core.service.traffic import Traffic
from softmax_core.service.wording import SWEEP_CANCELLED, SWEEP_UNWATCHED


class SweepCommands(RaceCommands):
    """Commands to sweeps, beside those to sessions and races."""

    def __init__(self, traffic: Traffic, lock: threading.RLock, clock: Callable[[], float]) -> None:
        super().__init__(traffic, lock, clock)
        self._sweeps = traffic.sweeps
        self._sweep_traffic = SweepTraffic(traffic, lock, clock)

    def start_sweep(self, session: Session, rows: Sequence[Configs]) -> Sweep:
        """Train all runs of a sweep from their start; the session's last sweep is forgotten.

        Parameters
        ----------
        session : Session
            Of the same browser; its own run is not touched.
        rows : sequence of tuples of TrainingConfig
            For each batch size, one for each rate, as many in every row; together 1 to
            ``limits.MAX_SWEPT``.

        Raises
        ------
        UserError
            ``sweep-runs``, or when the data set cannot be had; the last sweep is kept.
        """
        _check(rows)
        sweep = Sweep(secrets.token_hex(16), session, rows, beginning_of(rows[0][0]))
        with self._lock:
            self._forget_sweep(session)
            self._sweeps[sweep.token] = sweep
            self._sweep_traffic.queue(sweep)
        return sweep

    def sweep_of(self, session: Session) -> Sweep | None:
        """Return the last sweep of a session."""
        with self._lock:
            return next((s for s in self._sweeps.values() if s.session is session), None)

    def find_sweep(self, token: str) -> Sweep | None:
        """Return the sweep of this token and note that somebody watches."""
        with self._lock:
            sweep = self._sweeps.get(token)
            if sweep is not None:
                sweep.session.last_seen, sweep.session.left_at = self._clock(), None
            return sweep

    def sweep_view(self, sweep: Sweep) -> SweepView:
        """Return one consistent picture of a sweep."""
        with self._lock:
            return sweep.view()

    def cancel_sweep(self, sweep: Sweep) -> None:
        """Stop a sweep; the figures that are whole stay."""
        with self._lock:
            if sweep.status is Status.RUNNING:
                sweep.settle(Status.STOPPED, SWEEP_CANCELLED)

    def _forget_sweep(self, session: Session) -> None:
        sweep = self.sweep_of(session)
        if sweep is not None:
            self._sweeps.pop(sweep.token)
            sweep.settle(Status.STOPPED)  # what is in flight is thrown away when it returns

    def _go_on_sweep(self, token: str) -> None:
        """Send the slice of a sweep that was held back until now."""
        sweep = self._sweeps.get(token)
        if sweep is not None:
            sweep.waiting = False
            self._sweep_traffic.queue(sweep)

    def _reap_sweeps(self) -> None:
        """End a sweep nobody is there for; forget it with its session."""
        with self._lock:
            for sweep in list(self._sweeps.values()):
                now, session = self._clock(), sweep.session
                if now - session.last_seen > pacing.DROP_AFTER:
                    self._forget_sweep(session)
                elif sweep.status is Status.RUNNING and pacing.is_unwatched(session, now):
                    sweep.settle(Status.STOPPED, SWEEP_UNWATCHED)


def _check(rows: Sequence[Configs]) -> None:
    """Refuse what is no sweep."""
    n_runs = sum(map(len, rows))
    if not 1 <= n_runs <= limits.MAX_SWEPT:
        raise UserError(
            "sweep-runs",
            f"A sweep has 1 to {limits.MAX_SWEPT} runs; these are {n_runs}. Choose fewer; the "
            "last sweep is kept.",
        )
    first = rows[0][0]
    alike = all(
        replace(config, learning_rate=first.learning_rate)
        == replace(first, batch_size=row[0].batch_size)
        for row in rows
        for config in row
    )
    if not alike or len({len(row) for row in rows}) != 1:
        raise UserError(
            "sweep-runs",
            "The runs of a sweep differ in learning rate and, row by row, in batch size alone. "
            "Choose again; the last sweep is kept.",
        )
