"""What a worker does for a race: open the data, train all lanes a slice, evaluate them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from softmax_core.data.dataset import Dataset
from softmax_core.data.store import open_dataset
from softmax_core.service.measuring import Measuring, begin_measuring
from softmax_core.service.slices import train_set_of
from softmax_core.service.worker_time import worker_clock
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

_TRAINS_AT_LEAST: Final = 0.5  # of its time, however long an evaluation takes


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
    measuring : tuple of Measuring
        Evaluations that earlier slices began, the oldest first.
    """

    configs: tuple[TrainingConfig, ...]
    states: tuple[TrainingState, ...]
    seconds: float
    until_samples: int | None = None
    rounds: int | None = None
    evaluate_at_end: bool = False
    measuring: tuple[Measuring, ...] = ()

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

    ``seconds`` is the worker's time for all of it, ``evaluation_seconds`` that of the last
    evaluation that was finished, 0 where none was; ``measuring`` are those that were not.
    """

    lanes: tuple[LaneResult, ...]
    rounds: int
    seconds: float
    evaluation_seconds: float = 0.0
    measuring: tuple[Measuring, ...] = ()


def run_race_slice(order: RaceOrder) -> RaceResult:
    """Train one slice of a race; a pure function but for reading the data set.

    Every race is evaluated when its lanes have seen 1, 2, 4, 8, ... of the largest batches,
    and after each pass over the largest training set, whatever its slices;
    ``evaluate_at_end`` adds points, it moves none. A slice evaluates what one pass over the
    pictures can and trains for at least half of its time; what is left of an evaluation is
    the next slices'. Only when two are waiting do the lanes wait too.
    """
    clock = worker_clock()
    began = clock()
    end = began + order.seconds
    worked = _Worked(order, clock)
    if worked.measuring:
        worked.measure()
        end = max(end, clock() + _TRAINS_AT_LEAST * order.seconds)
    asked = order.evaluate_at_end
    while True:
        if worked.measuring and (worked.is_spent or len(worked.measuring) > 1):
            worked.measure()
        elif not worked.is_spent:
            worked.go_on(max(end - clock(), 0.0))
        elif asked:
            asked = False
            worked.begin_measuring()
            continue
        else:
            break
        if clock() >= end:
            break
    if asked and not worked.measuring:
        worked.begin_measuring()
    return worked.result(clock() - began)


class _Worked:
    """The lanes of a slice as far as they are."""

    def __init__(self, order: RaceOrder, clock: Callable[[], float]) -> None:
        self._order, self._states, self._clock = order, order.states, clock
        self._dataset = open_dataset(order.configs[0].dataset)
        self._train_sets = _train_sets(order.configs, self._dataset)
        sizes = zip(order.configs, self._train_sets, strict=True)
        self._batch_sizes = [real_batch_size(config, own) for config, own in sizes]
        self._parts: list[tuple[StepRecords, ...]] = []
        self._evaluations: list[list[Evaluation]] = [[] for _ in order.states]
        self._seconds = [0.0 for _ in order.states]
        self._measured: tuple[TrainingState, ...] | None = None
        self._evaluation_seconds = 0.0
        self.rounds, self.measuring = 0, list(order.measuring)

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
            clock=self._clock,
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
            self.begin_measuring()

    def begin_measuring(self) -> None:
        """Have the lanes that go on evaluated where they are, unless that is under way."""
        if self._going() and self._measured is not self._states:
            self._measured = self._states
            self.measuring.append(begin_measuring(self._states))

    def measure(self) -> None:
        """Do what takes one pass of the oldest evaluation."""
        began, oldest = self._clock(), self.measuring[0]
        places = oldest.next_places(self._order.configs)
        lanes = [oldest.lanes[place] for place in places]
        states = [oldest.states[place] for place in places]
        parts = _train_sets(self._order.configs, self._dataset, part=True)
        found = evaluate_race(
            states,
            [self._order.configs[lane] for lane in lanes],
            [parts[lane] for lane in lanes],
            Samples(self._dataset.test_images, self._dataset.test_labels),
            [self._epochs(lane, state) for lane, state in zip(lanes, states, strict=True)],
        )
        done = oldest.with_found(places, found, self._clock() - began)
        if not done.is_done:
            self.measuring[0] = done
            return
        self.measuring.pop(0)
        self._evaluation_seconds = done.seconds
        done.tell(lambda lane, evaluation: self._evaluations[lane].append(evaluation))

    def result(self, seconds: float) -> RaceResult:
        """Return what became of each lane in so many seconds."""
        nothing = tuple(step_records([]) for _ in self._states)
        records = [join_records(list(own)) for own in zip(*(self._parts or [nothing]), strict=True)]
        columns = zip(self._states, records, self._evaluations, self._seconds, strict=True)
        lanes = tuple(
            LaneResult(state, own, tuple(evaluations), taken)
            for state, own, evaluations, taken in columns
        )
        return RaceResult(
            lanes, self.rounds, seconds, self._evaluation_seconds, tuple(self.measuring)
        )

    def _going(self) -> list[int]:
        return [lane for lane, state in enumerate(self._states) if state.stop is None]

    def _seen(self) -> int | None:
        """Return how many examples all lanes that go on have seen; None if none does."""
        return min((self._states[lane].samples_seen for lane in self._going()), default=None)

    def _epochs(self, lane: int, state: TrainingState) -> float:
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
