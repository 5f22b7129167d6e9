"""What watching the edge of stability costs: workers' time, training speed, updates a second.

``python -m benchmarks.edge_watch [--json FILE]``

Runs train at full speed on MNIST over a pool of workers, and each is polled as its page polls
it, four times a second: the edge is watched, a frame with the narrator's sentences is made. The
same runs are polled without the edge for comparison, in turn with it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from benchmarks.mnist import mnist
from benchmarks.report import Report, parse_arguments
from softmax_core.service import Engine, Session, WorkerPool
from softmax_core.training import TrainingConfig
from ui.live.frame import encode_frame
from ui.live.story import tell

SECONDS: Final = 10.0
ROUNDS: Final = 3
POLL: Final = 0.25
MOST: Final = 10.0  # per cent of the workers' time
CROWD: Final = 30
_CONFIGS: Final = {
    "softmax": TrainingConfig(dataset="mnist", learning_rate=0.1, epochs=1_000),
    "mlp": TrainingConfig(
        dataset="mnist", network="mlp", init="scaled", learning_rate=0.1, epochs=1_000
    ),
}


class Found(NamedTuple):
    """One stretch of watching."""

    share: float  # per cent of the workers' time that edges took
    edges: float  # measurements a second, of one run
    examples: float  # trained a second, all runs'
    frame: float  # milliseconds to make a frame, on average


def main() -> int:
    """Measure, print, and return the exit status."""
    arguments = parse_arguments(__doc__, ROUNDS)
    report = Report("The cost of watching the edge, polled four times a second")
    worst = 0.0
    with mnist():
        for network, n_sessions in (("softmax", 1), ("mlp", 1), ("softmax", CROWD), ("mlp", CROWD)):
            report.heading(f"{network}, {n_sessions} at once")
            pairs = [_pair(network, n_sessions) for _ in range(arguments.rounds)]
            worst = max(worst, report.row("edge, % of workers", [p.share for _, p in pairs]).high)
            report.row("edges a second, each run", [p.edges for _, p in pairs])
            report.row("examples/s without", [p.examples for p, _ in pairs])
            report.row("examples/s with", [p.examples for _, p in pairs])
            report.row("with / without", [b.examples / a.examples for a, b in pairs])
            report.row("a frame, ms", [p.frame for _, p in pairs])
    report.goal_at_most("share of the workers' time, %", worst, MOST)
    return report.finish(arguments.json)


def _pair(network: str, n_sessions: int) -> tuple[Found, Found]:
    """Return what was found without the edge, and right after that with it."""
    without = _watched(network, n_sessions, edge=False)
    return without, _watched(network, n_sessions, edge=True)


def _watched(network: str, n_sessions: int, *, edge: bool) -> Found:
    n_workers = os.cpu_count() or 1
    with _engine(n_workers) as engine:
        sessions = [engine.open(_CONFIGS[network]) for _ in range(n_sessions)]
        for session in sessions:
            engine.start(session)
        _warm_up(engine, sessions, edge=edge)
        before = sum(session.state.samples_seen for session in sessions)
        began = time.perf_counter()
        seconds, measured, frame = _poll(engine, sessions, SECONDS, edge=edge)
        wall = time.perf_counter() - began
        examples = sum(session.state.samples_seen for session in sessions) - before
    return Found(
        100 * seconds / (wall * n_workers),
        measured / wall / n_sessions,
        examples / wall,
        1000 * frame,
    )


def _warm_up(engine: Engine, sessions: list[Session], *, edge: bool) -> None:
    """Wait until the workers have opened the data set, and each run has begun."""
    while not all(
        session.state.step and (session.edge.seconds or not edge) for session in sessions
    ):
        _poll(engine, sessions, 1.0, edge=edge)


def _poll(
    engine: Engine, sessions: list[Session], seconds: float, *, edge: bool
) -> tuple[float, int, float]:
    """Return the seconds cores worked for edges, how many there were, and the time of a frame."""
    deadline = time.perf_counter() + seconds
    ended = {session.token: session.edge.ended for session in sessions}
    spent, measured, frames, making = 0.0, 0, 0, 0.0
    while time.perf_counter() < deadline:
        tick = time.perf_counter()
        for session in sessions:
            if edge:
                engine.watch_edge(session)
            watch = session.edge
            if ended[session.token] != watch.ended:
                ended[session.token] = watch.ended
                spent, measured = spent + watch.seconds, measured + 1
        view = engine.view(sessions[0])
        began = time.perf_counter()
        encode_frame(view, tell(view))
        making, frames = making + time.perf_counter() - began, frames + 1
        # The pages ask at this pace and rest in between.
        time.sleep(max(POLL - (time.perf_counter() - tick), 0.0))
    return spent, measured, making / frames


@contextmanager
def _engine(n_workers: int) -> Iterator[Engine]:
    engine = Engine(lambda: WorkerPool(n_workers), n_workers)
    try:
        yield engine
    finally:
        engine.close()


if __name__ == "__main__":
    raise SystemExit(main())
