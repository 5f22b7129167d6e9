"""An evaluation of a race's lanes that takes several slices, while the lanes go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from softmax_core.training import Evaluation, TrainingConfig, TrainingState
from softmax_core.training.evaluate_lanes import reads_in_one_pass


@dataclass(frozen=True)
class Measuring:
    """The lanes at one moment, and what is known of them so far.

    To evaluate six networks takes many slices' time. States do not change, so the lanes can
    train on meanwhile; the race takes the figures of all lanes together, when all are known.

    Attributes
    ----------
    lanes : tuple of int
        Those that went on at that moment.
    states : tuple of TrainingState
        Where each of them was.
    found : tuple of (Evaluation or None)
        None where that is still to be done.
    seconds : float
        A worker's time for what is done.
    """

    lanes: tuple[int, ...]
    states: tuple[TrainingState, ...]
    found: tuple[Evaluation | None, ...]
    seconds: float = 0.0

    @property
    def is_done(self) -> bool:
        """Tell whether all is known."""
        return None not in self.found

    def next_places(self, configs: Sequence[TrainingConfig]) -> list[int]:
        """Return which to evaluate next, as places in ``lanes``: what takes one pass.

        Parameters
        ----------
        configs : sequence of TrainingConfig
            Of all lanes of the race.
        """
        left = [place for place, known in enumerate(self.found) if known is None]
        together = [place for place in left if reads_in_one_pass(configs[self.lanes[place]])]
        return together or left[:1]

    def with_found(
        self, places: Sequence[int], evaluations: Sequence[Evaluation], seconds: float
    ) -> Measuring:
        """Return it with what was found at these places, in so many seconds."""
        known = dict(zip(places, evaluations, strict=True))
        found = tuple(known.get(place, old) for place, old in enumerate(self.found))
        return replace(self, found=found, seconds=self.seconds + seconds)

    def tell(self, take: Callable[[int, Evaluation], object]) -> None:
        """Hand on every lane's figures; all are known."""
        for lane, evaluation in zip(self.lanes, self.found, strict=True):
            assert evaluation is not None  # all are known
            take(lane, evaluation)


def begin_measuring(states: Sequence[TrainingState]) -> Measuring:
    """Hold the states of all lanes that go on."""
    lanes = tuple(lane for lane, state in enumerate(states) if state.stop is None)
    return Measuring(lanes, tuple(states[lane] for lane in lanes), (None,) * len(lanes))
