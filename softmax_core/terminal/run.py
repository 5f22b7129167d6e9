"""One run in the terminal: trained in short slices, so that progress shows and ctrl-C is heard."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from softmax_core.data.dataset import Dataset
from softmax_core.terminal.progress import ShownBar
from softmax_core.training import (
    Budget,
    Evaluation,
    History,
    Samples,
    TrainingConfig,
    TrainingState,
    advance,
    first_state,
)
from softmax_core.training.dead import DeadClass, dead_classes
from softmax_core.training.evaluate import evaluate_both
from softmax_core.training.train_part import base_samples, n_base_samples

_SLICE_SECONDS: Final = 0.2  # until ctrl-C is heard, and between two looks at the bar


class EpochRow(NamedTuple):
    """One epoch, and how good the weights are after it."""

    number: int
    evaluation: Evaluation
    seconds: float  # of its steps alone, without the evaluation


@dataclass
class TerminalRun:
    """What a run has done so far; its state is always one to go on from."""

    config: TrainingConfig
    dataset: Dataset
    state: TrainingState
    history: History
    rows: list[EpochRow] = field(default_factory=list)
    seconds: float = 0.0  # of all steps

    @property
    def train_set(self) -> Samples:
        """What it learns from."""
        return base_samples(self.config, self.dataset)

    @property
    def dead(self) -> tuple[DeadClass, ...]:
        """Classes that ReLU before the softmax has silenced."""
        return dead_classes(self.state, self.train_set.n_samples)

    @property
    def test_set(self) -> Samples:
        """What was held out."""
        return Samples(self.dataset.test_images, self.dataset.test_labels)


def new_run(config: TrainingConfig, dataset: Dataset) -> TerminalRun:
    """Return a run before its first step."""
    info = dataset.info
    return TerminalRun(
        config,
        dataset,
        first_state(config, info.n_features, info.n_classes),
        History(n_base_samples(config, len(dataset.train_labels))),
    )


def train_epochs(run: TerminalRun, wish: threading.Event, bar: ShownBar) -> Iterator[EpochRow]:
    """Train, and yield after each whole epoch and after the step that stopped the run.

    However it is cut into slices, the weights are the same bits (see ``advance``).

    Parameters
    ----------
    run : TerminalRun
        Is brought up to date after every slice.
    wish : threading.Event
        Set it to end after the slice at work.
    bar : ShownBar
    """
    while run.state.epoch < run.config.epochs and run.state.stop is None and not wish.is_set():
        goal, before = run.state.epoch + 1, run.seconds
        _train_until(goal, run, wish, bar)
        if run.state.epoch >= goal or run.state.stop is not None:
            row = EpochRow(len(run.rows) + 1, _evaluation(run), run.seconds - before)
            run.history.add_evaluation(row.evaluation)
            run.rows.append(row)
            yield row


def _train_until(goal: int, run: TerminalRun, wish: threading.Event, bar: ShownBar) -> None:
    train_set, budget = run.train_set, Budget(until_epoch=goal, seconds=_SLICE_SECONDS)
    title = f"epoch {goal} of {run.config.epochs}"
    try:
        while run.state.epoch < goal and run.state.stop is None and not wish.is_set():
            began = time.perf_counter()
            run.state, records = advance(run.state, run.config, train_set, budget)
            run.seconds += time.perf_counter() - began
            run.history.add(records)
            if run.state.epoch < goal:
                bar.show(title, run.state.position, len(train_set.labels))
    finally:
        bar.clear()


def _evaluation(run: TerminalRun) -> Evaluation:
    state = run.state
    epoch = state.epoch + state.position / run.train_set.n_samples
    return evaluate_both(run.config, state, run.train_set, run.test_set, epoch)
