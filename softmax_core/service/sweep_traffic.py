"""The slices' way of a sweep to the workers and back: one party among all others, as a race."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial

from softmax_core.errors import UserError
from softmax_core.service.session import Status
from softmax_core.service.sweep import Sweep
from softmax_core.service.sweep_slices import SweepOrder, SweepResult, run_sweep_slice
from softmax_core.service.traffic import MAX_FAILURES, Traffic
from softmax_core.service.wording import SWEEP_FAILED


class SweepTraffic:
    """Sends the slices of sweeps, takes their results, and keeps every sweep moving.

    Its methods are called with the engine's lock held, except ``returned``, which takes it.

    Parameters
    ----------
    traffic : Traffic
        Of the sessions, with whom sweeps share the workers.
    lock : threading.RLock
        The engine's.
    clock : callable
        Monotonic seconds.
    """

    def __init__(self, traffic: Traffic, lock: threading.RLock, clock: Callable[[], float]) -> None:
        self._traffic, self._lock, self._clock = traffic, lock, clock

    def queue(self, sweep: Sweep) -> None:
        """Send the next slice now, or when fairness allows it."""
        if sweep.in_flight or self._traffic.is_closed or sweep.status is not Status.RUNNING:
            return
        now = self._clock()
        if now >= sweep.not_before:
            self._send(sweep, now)
        elif not sweep.waiting:
            sweep.waiting = True
            self._traffic.call_at(sweep.not_before, sweep.token)

    def _send(self, sweep: Sweep, now: float) -> None:
        seconds = self._traffic.slice_seconds()
        due = now + seconds - sweep.last_measured >= self._traffic.glimpse_seconds()
        order = SweepOrder(sweep.configs, sweep.states, seconds, measure=due)
        future = self._traffic.send(run_sweep_slice, order)
        sweep.in_flight = True
        future.add_done_callback(partial(self.returned, sweep, order))

    def returned(self, sweep: Sweep, order: SweepOrder, future: Future[SweepResult]) -> None:
        """Take what a worker sends back and send the sweep's next slice."""
        with self._lock:
            sweep.in_flight = False
            if self._traffic.is_closed or future.cancelled() or sweep.status is not Status.RUNNING:
                return
            error = future.exception()
            if error is not None:
                self._fail(sweep, error)
            else:
                self._take(sweep, order, future.result())
            self.queue(sweep)

    def _take(self, sweep: Sweep, order: SweepOrder, result: SweepResult) -> None:
        now = self._clock()
        sweep.failures, sweep.states = 0, result.states
        sweep.not_before = now + self._traffic.time_out(result.seconds, order.seconds)
        if result.found is not None:
            sweep.note(result.found, final=result.is_done)
            sweep.last_measured = now
        if result.is_done:
            sweep.next_group()
        sweep.changed()

    def _fail(self, sweep: Sweep, error: BaseException) -> None:
        """Count a failed slice; the states are untouched, so it can simply be tried again."""
        sweep.failures += 1
        if isinstance(error, UserError):
            sweep.settle(Status.STOPPED, error.text)
        elif sweep.failures >= MAX_FAILURES:
            sweep.settle(Status.STOPPED, SWEEP_FAILED)
