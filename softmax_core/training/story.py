"""What the narrator may look at: a run's records, and measures of its newest stretch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.training.config import TrainingConfig
from softmax_core.training.dead import DeadClass
from softmax_core.training.evaluate import Evaluation
from softmax_core.training.history import Curve, Mark
from softmax_core.training.state import Stop

WINDOW: Final = 60  # points of the curve
# In float32 the loss of a model at rest still moves by some 1e-7 of itself.
_REAL_RISE: Final = 1e-5
_SMOOTHED: Final = 9  # points over which the chance of being right is averaged

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Story:
    """A run as its history has it.

    Attributes
    ----------
    config : TrainingConfig
        Of the last step.
    curve : Curve
        From the run's first step on.
    n_samples, n_classes : int
    evaluations, marks, dead
        As in ``History`` and ``dead_classes``.
    stop : Stop or None
    kept_step : int
        Step of the weights there are now: earlier than the last one where a run was stopped.
    edge, first_edge : float or None
        The edge of stability now and at the start; None where it was not measured.
    class_names : tuple of str
        Without them classes are called by their numbers.
    has_test : bool
        Whether the test set was really held out. Nothing is said about it otherwise.
    """

    config: TrainingConfig
    curve: Curve
    n_samples: int
    n_classes: int
    evaluations: tuple[Evaluation, ...] = ()
    marks: tuple[Mark, ...] = ()
    dead: tuple[DeadClass, ...] = ()
    stop: Stop | None = None
    kept_step: int = 0
    edge: float | None = None
    first_edge: float | None = None
    class_names: tuple[str, ...] = ()
    has_test: bool = True

    @property
    def n_steps(self) -> int:
        """Updates made."""
        return int(self.curve.step[-1]) if len(self.curve.step) else 0

    @property
    def newest(self) -> Evaluation | None:
        """The last evaluation of a run that has begun."""
        return self.evaluations[-1] if self.evaluations and self.n_steps else None

    @property
    def first_loss(self) -> float:
        """Loss of the first batch, or of the first few where the curve has been thinned."""
        return float(self.curve.mean[0]) if len(self.curve.mean) else math.nan

    @property
    def highest_loss(self) -> float:
        """Highest loss of a batch so far."""
        return float(self.curve.high.max()) if len(self.curve.high) else math.nan

    @property
    def is_full_batch(self) -> bool:
        """Tell whether every update sees the whole training set."""
        return self.config.batch_size >= self.n_samples

    @property
    def since(self) -> int:
        """Index of the first point after the newest change of settings."""
        last_mark = self.marks[-1].step if self.marks else 0
        rates = self.curve.learning_rate
        other = np.flatnonzero(rates != rates[-1]) if len(rates) else rates
        after_rate = int(other[-1]) + 1 if len(other) else 0
        # A point that holds steps from before the mark belongs to neither side.
        first = np.append(0, self.curve.step[:-1])
        return max(after_rate, int(np.searchsorted(first, last_mark)))

    @property
    def recent(self) -> slice:
        """The newest points that were made with the present settings, ``WINDOW`` at most."""
        return slice(max(self.since, len(self.curve.step) - WINDOW), len(self.curve.step))


class Jumps(NamedTuple):
    """How the newest stretch of a curve goes up and down.

    Attributes
    ----------
    rises, n : int
        In how many of n steps (or stretches of ``width`` steps) the loss rose.
    width : int
        Steps to a point of the curve.
    found, by_chance : float
        Standard deviation of a batch's accuracy around its trend, and the one that chance alone
        gives it: ``sqrt(p (1 - p) / batch size)``, 0 for a batch that is the whole set.
    climbed : float
        The accuracy at the end of the stretch minus that at its beginning.
    """

    rises: int
    n: int
    width: int
    found: float
    by_chance: float
    climbed: float

    @property
    def times_chance(self) -> float:
        """How many times as far the accuracy jumps as chance would make it."""
        if self.by_chance:
            return self.found / self.by_chance
        return math.inf if self.found else 0.0  # 0: right on every example, all the time


def jumps(story: Story) -> Jumps | None:
    """Measure the newest stretch; None while it has fewer than eight points.

    Of each accuracy the mean of its two neighbours is subtracted, so a trend cancels; what is
    left has 1.5 times the variance of one. A point of ``width`` steps is the mean of as many
    batches, whose variance is that much smaller.
    """
    part = story.recent
    loss = story.curve.mean[part].astype(np.float64)
    accuracy = story.curve.accuracy[part].astype(np.float64)
    if len(loss) < 8 or not np.all(np.isfinite(loss)):
        return None
    change = np.diff(loss)
    steps = np.diff(story.curve.step[part])
    width = int(np.median(steps))
    p = smoothed(accuracy, _SMOOTHED)[1:]
    by_chance = 0.0
    if not story.is_full_batch:
        used = np.diff(story.curve.samples_seen[part]) / steps  # of a batch, on average
        by_chance = math.sqrt(float(np.mean(p * (1 - p) / used)))
    alone = accuracy[1:-1] - (accuracy[:-2] + accuracy[2:]) / 2
    found = math.sqrt(float(np.mean(np.square(alone) * steps[:-1])) / 1.5)
    fifth = max(3, len(accuracy) // 5)
    climbed = float(accuracy[-fifth:].mean() - accuracy[:fifth].mean())
    rises = int(np.count_nonzero(change > _REAL_RISE * np.abs(loss[:-1])))
    return Jumps(rises, len(change), width, found, by_chance, climbed)


class Fall(NamedTuple):
    """The mean loss of two stretches of ``steps`` steps each, one right after the other."""

    before: float
    after: float
    steps: int
    uncertainty: float  # standard error of the difference, from how neighbours differ

    @property
    def share(self) -> float:
        """What was lost, as a share of what there was."""
        return (self.before - self.after) / self.before if self.before else 0.0


def fall(story: Story, n_points: int) -> Fall | None:
    """Compare the last ``n_points`` of the curve with as many before, all of one setting."""
    loss = story.curve.mean[story.since :].astype(np.float64)[-2 * n_points :]
    if n_points < 1 or len(loss) < 2 * n_points or not np.all(np.isfinite(loss)):
        return None
    step = story.curve.step
    steps = int(step[-1] - (step[-1 - n_points] if len(step) > n_points else 0))
    noise = float(np.mean(np.square(np.diff(loss)))) / 2
    return Fall(
        float(loss[:n_points].mean()),
        float(loss[n_points:].mean()),
        steps,
        math.sqrt(2 * noise / n_points),
    )


def smoothed(values: NDArray[Any], n: int) -> Floats:
    """Return the mean of the up to n values around each."""
    sums = np.convolve(values, np.ones(n), "same")
    counts = np.convolve(np.ones(len(values)), np.ones(n), "same")
    means: Floats = sums[: len(values)] / counts[: len(values)]
    return means
