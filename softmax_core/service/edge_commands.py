"""Watching a run's edge of stability, without taking more than a share of the workers' time."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import Final, NamedTuple

from softmax_core.errors import UserError
from softmax_core.service.edge_slices import EdgeOrder, EdgeResult, Params, run_edge
from softmax_core.service.edge_watch import EdgeWatch, MeasuredEdge
from softmax_core.service.past import PastCommands
from softmax_core.service.session import Session, Status
from softmax_core.service.traffic import Traffic
from softmax_core.service.workers import WorkerDiedError
from softmax_core.training.edge import edge_settings, has_edge

_LOG: Final = logging.getLogger(__name__)
SHARE: Final = 0.08  # of the workers' time that edges may take, all runs' together
_SHORTEST_PAUSE: Final = 1.0  # seconds: no eye follows more
_SHORTEST_REST: Final = 0.3  # where nothing else needs the workers
_AFTER_FAILURE: Final = 30.0


class EdgeCommands(PastCommands):
    """The edge of each session, measured as long as somebody watches it.

    One at a time: that of a start takes a worker seconds, and a class starts all at once.
    """

    def __init__(self, traffic: Traffic, lock: threading.RLock, clock: Callable[[], float]) -> None:
        super().__init__(traffic, lock, clock)
        self._edge_asked = False
        self._edges_rest_until = float("-inf")

    def watch_edge(self, session: Session) -> None:
        """Have the edge of what is shown measured, if it is not known and it is time for it."""
        with self._lock:
            watch, order = session.edge, _wanted(session)
            if order is None or self._edge_asked or watch.asked or self._traffic.is_closed:
                return
            now = self._clock()
            if now < max(watch.ended + self._pause(session), self._edges_rest_until):
                return
            watch.asked = self._edge_asked = True
            future = self._traffic.send(run_edge, order)
            of = _Asked(session, session.run_id, watch, order)
            future.add_done_callback(partial(self._take_edge, of))

    def _take_edge(self, of: _Asked, future: Future[EdgeResult]) -> None:
        """Keep what a worker has found, if it is still of this run."""
        with self._lock:
            session, run_id, watch, order = of
            watch.asked, watch.ended = False, self._clock()
            self._edge_asked = False
            result = _answer(future)
            if result is None:
                watch.ended += _AFTER_FAILURE
                return
            watch.seconds = result.seconds
            self._edges_rest_until = watch.ended + self._traffic.aside(result.seconds, SHARE)
            if watch is not session.edge or run_id != session.run_id:
                return
            settings = edge_settings(order.config)
            found = MeasuredEdge(result.rate, order.step, order.params, settings)
            pinned = session.snapshots.pinned
            watch.vector = result.vector
            watch.take(found, _first(session), None if pinned is None else pinned.state.params)
            if not math.isnan(result.rate):
                session.history.edges.add(order.step, result.rate)
            session.changed()

    def _pause(self, session: Session) -> float:
        """Return how long to wait after a measurement."""
        seconds = session.edge.seconds
        if session.status is not Status.RUNNING:
            return max(_SHORTEST_REST, seconds)
        return max(_SHORTEST_PAUSE, seconds * (1 / SHARE - 1)) * self._traffic.crowd()


class _Asked(NamedTuple):
    """What a measurement in flight is of."""

    session: Session
    run_id: int
    watch: EdgeWatch
    order: EdgeOrder


def _wanted(session: Session) -> EdgeOrder | None:
    """Return what is to be measured next: the start first, then what is shown."""
    watch, config = session.edge, session.config
    pinned, state = session.snapshots.pinned, session.state
    if not has_edge(config) or state.stop is not None:
        return None
    first = _first(session)
    if watch.first is None and watch.newest is None and first is not None:
        return EdgeOrder(config, first, 0, watch.vector)
    if pinned is not None and not watch.knows(config, pinned.state.params):
        return EdgeOrder(config, pinned.state.params, pinned.step, watch.vector)
    if watch.newest is None or not watch.newest.is_of(state.params, config):
        return EdgeOrder(config, state.params, state.step, watch.vector)
    return None


def _first(session: Session) -> Params | None:
    """Return the weights of the very start; None where only later ones are known."""
    first = session.snapshots.at(0)
    return first.state.params if first.step == 0 else None


def _answer(future: Future[EdgeResult]) -> EdgeResult | None:
    try:
        return future.result()
    except (CancelledError, UserError, WorkerDiedError):
        return None
    except Exception:
        _LOG.exception("A worker could not measure an edge.")
        return None
