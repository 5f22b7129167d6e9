"""What a worker does for a race: open the data, train all lanes a slice, evaluate them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from softmax_core.data.dataset import Dataset
from softmax_core.data.store import open_dataset
from softmax_core.service.slices import train_set_of
from softmax_core.training import (
    Budget,
    Evaluation,
    Samples,
    StepRecords,
    TrainingConfig,
    TrainingState,
)
from softmax_core.training.advance import real_batch_size
from softmax_core.training.evaluate_race import evaluate_race
from softmax_core.training.race import advance_race_timed
from softmax_core.training.state import join_records, step_records
from softmax_core.training.taught import TrainSet
from softmax_core.training.train_part import n_base_samples


@dataclass(frozen=True)
class RaceOrder:
    """How far to train all lanes, and whether to evaluate them where the slice ends.

    Attributes
    ----------
    configs, states : tuple
        One for each lane, all on the same data set.
    seconds : float
        Time budget of the slice.
    until_samples : int or None
        No lane takes a step once it has seen so many examples.
    rounds : int or None
        How many rounds at the most; 0 asks for an evaluation alone.
    evaluate_at_end : bool
        Evaluate the last states, besides the places at which a race is always evaluated.
    """

    configs: tuple[TrainingConfig, ...]
    states: tuple[TrainingState, ...]
    seconds: float
    until_samples: int | None = None
    rounds: int | None = None
    evaluate_at_end: bool = False

    @property
    def counts_rounds(self) -> bool:
        """Tell whether it asks for a number of rounds and no more."""
        return self.rounds is not None and self.until_samples is None


@dataclass(frozen=True)
class LaneResult:
    """What a slice did to one lane; ``seconds`` is the time of its steps."""

    state: TrainingState
    records: StepRecords
    evaluations: tuple[Evaluation, ...]
    seconds: float


@dataclass(frozen=True)
class RaceResult:
    """What a slice did.

    ``seconds`` is the worker's time for all of it, ``evaluation_seconds`` that of its last
    evaluation, 0 where there was none.
    """

    lanes: tuple[LaneResult, ...]
    rounds: int
    seconds: float
    evaluation_seconds: float = 0.0


def run_race_slice(order: RaceOrder) -> RaceResult:
    """Train one slice of a race; a pure function but for reading the data set.

    Every race is evaluated when its lanes have seen 1, 2, 4, 8, ... of the largest batches,
    and after each pass over the largest training set, whatever its slices;
    ``evaluate_at_end`` adds points, it moves none.
    """
    began = perf_counter()
    worked = _Worked(order)
    while not worked.is_spent:
        left = began + order.seconds - perf_counter()
        worked.go_on(max(left, 0.0))
        if perf_counter() >= began + order.seconds:
            break
    if order.evaluate_at_end:
        worked.evaluate()
    took = perf_counter() - began
    return RaceResult(worked.results(), worked.rounds, took, worked.evaluation_seconds)


class _Worked:
    """The lanes of a slice as far as they are."""

    def __init__(self, order: RaceOrder) -> None:
        self._order, self._states = order, order.states
        self._dataset = open_dataset(order.configs[0].dataset)
        self._train_sets = _train_sets(order.configs, self._dataset)
        sizes = zip(order.configs, self._train_sets, strict=True)
        self._batch_sizes = [real_batch_size(config, own) for config, own in sizes]
        self._parts: list[tuple[StepRecords, ...]] = []
        self._evaluations: list[list[Evaluation]] = [[] for _ in order.states]
        self._seconds = [0.0 for _ in order.states]
        self._evaluated: tuple[TrainingState, ...] | None = None
        self.rounds, self.evaluation_seconds = 0, 0.0

    @property
    def is_spent(self) -> bool:
        """Tell whether there is nothing left to do but to evaluate."""
        seen, order = self._seen(), self._order
        return (
            seen is None
            or (order.rounds is not None and self.rounds >= order.rounds)
            or (order.until_samples is not None and seen >= order.until_samples)
        )

    def go_on(self, seconds: float) -> None:
        """Train to the next place where the race is evaluated, or as far as the bounds allow."""
        order, seen = self._order, self._seen()
        assert seen is not None  # else it is spent
        place = self._next_place(seen)
        budget = Budget(
            steps=None if order.rounds is None else order.rounds - self.rounds,
            until_samples=min(place, order.until_samples or place),
            seconds=seconds,
        )
        going = self._going()
        done = advance_race_timed(self._states, order.configs, self._train_sets, budget)
        self._states = done.states
        self._parts.append(done.records)
        pairs = zip(self._seconds, done.seconds, strict=True)
        self._seconds = [before + more for before, more in pairs]
        self.rounds += self._rounds_of(done.records, going)
        now = self._seen()
        if now is not None and now >= place:
            self.evaluate()

    def evaluate(self) -> None:
        """Evaluate the lanes that go on, unless that is done."""
        lanes = self._going()
        if not lanes or self._evaluated is self._states:
            return
        began = perf_counter()
        parts = _train_sets(self._order.configs, self._dataset, part=True)
        states = [self._states[lane] for lane in lanes]
        found = evaluate_race(
            states,
            [self._order.configs[lane] for lane in lanes],
            [parts[lane] for lane in lanes],
            Samples(self._dataset.test_images, self._dataset.test_labels),
            [self._epochs(lane) for lane in lanes],
        )
        self.evaluation_seconds = perf_counter() - began
        self._evaluated = self._states
        for lane, evaluation in zip(lanes, found, strict=True):
            self._evaluations[lane].append(evaluation)

    def results(self) -> tuple[LaneResult, ...]:
        """Return what became of each lane."""
        nothing = tuple(step_records([]) for _ in self._states)
        records = [join_records(list(own)) for own in zip(*(self._parts or [nothing]), strict=True)]
        columns = zip(self._states, records, self._evaluations, self._seconds, strict=True)
        return tuple(
            LaneResult(state, own, tuple(evaluations), seconds)
            for state, own, evaluations, seconds in columns
        )

    def _going(self) -> list[int]:
        return [lane for lane, state in enumerate(self._states) if state.stop is None]

    def _seen(self) -> int | None:
        """Return how many examples all lanes that go on have seen; None if none does."""
        return min((self._states[lane].samples_seen for lane in self._going()), default=None)

    def _epochs(self, lane: int) -> float:
        state = self._states[lane]
        return state.epoch + state.position / self._train_sets[lane].n_samples

    def _next_place(self, seen: int) -> int:
        size = max(train_set.n_samples for train_set in self._train_sets)
        end, place = (seen // size + 1) * size, max(self._batch_sizes)
        while place <= seen:
            place *= 2
        return min(place, end)

    def _rounds_of(self, records: Sequence[StepRecords], going: Sequence[int]) -> int:
        """Count the rounds: in each, those with the largest batch took a step.

        One counts, too, in which all of them stopped.
        """
        largest = max(self._batch_sizes[lane] for lane in going)
        leaders = [lane for lane in going if self._batch_sizes[lane] == largest]
        return max(1, *(len(records[lane].step) for lane in leaders))


def _train_sets(
    configs: Sequence[TrainingConfig], dataset: Dataset, *, part: bool = False
) -> list[TrainSet]:
    """Return what each lane learns from: the very same object where that is the same."""
    n_available = len(dataset.train_labels)
    keys = [(n_base_samples(config, n_available), config.taught) for config in configs]
    made = dict(zip(keys, configs, strict=True))
    sets = {key: train_set_of(config, dataset, part=part) for key, config in made.items()}
    return [sets[key] for key in keys]
