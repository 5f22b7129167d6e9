"""Which settings each stretch of a run was trained with, so that its steps can be made again."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import Final, NamedTuple

from softmax_core.training import TrainingConfig

MAX_STRETCHES: Final = 64  # as many as there are marks of changes on a curve


class Stretch(NamedTuple):
    """Settings that hold from the step after ``step`` on."""

    step: int
    config: TrainingConfig


class Leg(NamedTuple):
    """A part of the way to a step: train with these settings until ``until_step``."""

    config: TrainingConfig
    until_step: int


class Stretches:
    """The settings a run was trained with, stretch by stretch, and where weights were replaced.

    At most ``MAX_STRETCHES`` are kept; of what came before them nothing is known any more.
    """

    def __init__(self) -> None:
        self._kept: list[Stretch] = []
        self._replaced: list[int] = []

    def begin(self, step: int, config: TrainingConfig) -> None:
        """Note the settings of the steps after this one; what was noted of them before goes."""
        self._kept = [kept for kept in self._kept if kept.step < step]
        if not self._kept or self._kept[-1].config != config:
            self._kept = [*self._kept, Stretch(step, config)][-MAX_STRETCHES:]

    def replace_at(self, step: int) -> None:
        """Note that the weights of this step are not those that training gave it."""
        self._replaced = [*self._replaced, step][-MAX_STRETCHES:]

    def restore_at(self, step: int) -> None:
        """Take the newest note that weights of this step were replaced back."""
        for i in range(len(self._replaced) - 1, -1, -1):
            if self._replaced[i] == step:
                del self._replaced[i]
                return

    def forget_after(self, step: int) -> None:
        """Drop what is known of the steps after this one."""
        self._kept = [kept for kept in self._kept if kept.step < step]
        self._replaced = [replaced for replaced in self._replaced if replaced <= step]

    def replaced_between(self, first: int, last: int) -> int | None:
        """Return the latest step after ``first``, up to ``last``, whose weights were replaced."""
        return max((step for step in self._replaced if first < step <= last), default=None)

    def legs(self, first: int, last: int) -> tuple[Leg, ...] | None:
        """Return how to train from ``first`` on to ``last``; None where that is not known."""
        begins = [kept.step for kept in self._kept]
        at = bisect_right(begins, first) - 1
        if at < 0:
            return None
        ends = [*begins[at + 1 :], last]
        bounds = [first, *(min(end, last) for end in ends)]
        return tuple(
            Leg(stretch.config, end)
            for stretch, (begin, end) in zip(self._kept[at:], pairwise(bounds), strict=True)
            if begin < end
        )
