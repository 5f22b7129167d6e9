"""An executor and a clock that move when a test says so, and what runs are compared with."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any, NamedTuple

import numpy as np

from softmax_core.data.store import open_dataset
from softmax_core.service import Engine, Session, Status
from softmax_core.training import Budget, Samples, TrainingConfig, TrainingState, advance
from softmax_core.training.start import first_state

FAST = TrainingConfig(dataset="digits", batch_size=32, epochs=6)


class ManualExecutor(Executor):
    """Holds calls until the test lets one run; can be told to fail."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Callable[[], Any]]] = []
        self.error: Exception | None = None
        self.broken = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self.broken:
            raise BrokenExecutor
        future: Future[Any] = Future()
        self.waiting.append((future, lambda: fn(*args, **kwargs)))
        return future

    def run(self, calls: int = 1) -> None:
        for _ in range(calls):
            future, call = self.waiting.pop(0)
            if self.error is not None:
                future.set_exception(self.error)
            else:
                future.set_result(call())


class FakeClock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Manual(NamedTuple):
    """An engine with one worker, which works when it is told to."""

    engine: Engine
    executor: ManualExecutor
    clock: FakeClock


def at_rest(session: Session) -> bool:
    return session.status is not Status.RUNNING and not session.in_flight


def has_reached(session: Session, step: int) -> bool:
    return session.state.step >= step


def work_off(executor: ManualExecutor) -> None:
    """Let the worker do all there is to do, and what comes of it."""
    while executor.waiting:
        executor.run()


def trained_inline(config: TrainingConfig, budget: Budget) -> TrainingState:
    dataset = open_dataset(config.dataset)
    samples = Samples(dataset.train_images, dataset.train_labels)
    state = first_state(config, samples.images.shape[1], dataset.info.n_classes)
    return advance(state, config, samples, budget)[0]


def same_bits(one: TrainingState, other: TrainingState) -> bool:
    return one.step == other.step and all(
        np.array_equal(array, other.params[name]) for name, array in one.params.items()
    )
