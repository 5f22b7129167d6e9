"""How the lanes of a race stand, in one sentence: under the chart, and for a screen reader."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from softmax_core.figures.wording import count, loss_text, percent
from softmax_core.service import LaneView, RaceView
from softmax_core.training import Evaluation
from softmax_core.training.shipped import has_seen_test_set
from ui.words import _


class Standing(NamedTuple):
    """Where one lane is."""

    name: str
    step: int
    train_loss: float  # nan before the first measurement
    test_accuracy: float  # nan where there is none, or where it would flatter
    stopped: bool


def standing_of(lane: LaneView, name: str) -> Standing:
    """Return where a lane is, by its newest evaluation."""
    newest = last_evaluation(lane)
    seen = has_seen_test_set(lane.config)
    return Standing(
        name,
        lane.state.step,
        math.nan if newest is None else newest.train_loss,
        math.nan if newest is None or seen else newest.test_accuracy,
        bool(lane.stop_text),
    )


def last_evaluation(lane: LaneView) -> Evaluation | None:
    """Return the newest measurement of a lane, None before the first."""
    return lane.evaluations[-1] if lane.evaluations else None


def standings_of(view: RaceView, names: Sequence[str]) -> list[Standing]:
    """Return where all lanes are, in their order."""
    return [standing_of(lane, name) for lane, name in zip(view.lanes, names, strict=True)]


def ranked(standings: Sequence[Standing]) -> list[Standing]:
    """Return the lanes whose test accuracy is known, the best first."""
    known = [each for each in standings if math.isfinite(each.test_accuracy)]
    return sorted(known, key=lambda each: each.test_accuracy, reverse=True)


def race_sentence(view: RaceView, names: Sequence[str]) -> str:
    """Say how the lanes stand."""
    standings = standings_of(view, names)
    if not any(each.step for each in standings):
        return _("No step has been made yet: all lanes stand at the start.")
    parts = [f"{each.name} {percent(each.test_accuracy)}" for each in ranked(standings)]
    what = _("right on the test set")
    if not parts:
        parts = [f"{each.name} {loss_text(each.train_loss)}" for each in standings]
        what = _("training loss")
    text = _("After {examples} examples, {what}: {list}.").format(
        examples=count(view.examples_seen), what=what, list=", ".join(parts)
    )
    stopped = [
        _("{lane} stopped after step {step}").format(lane=each.name, step=count(each.step))
        for each in standings
        if each.stopped
    ]
    return f"{text} {'; '.join(stopped)}." if stopped else text
