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
    step: int  # the one at which it had to stop, if it had to
    train_loss: float  # nan before the first measurement, and once it has stopped
    test_accuracy: float  # nan there, too, and where it would flatter
    stopped: bool


def standing_of(lane: LaneView, name: str) -> Standing:
    """Return where a lane is, by its newest evaluation."""
    if lane.state.stop is not None:
        return Standing(name, lane.state.stop.step, math.nan, math.nan, stopped=True)
    newest = last_evaluation(lane)
    seen = has_seen_test_set(lane.config)
    return Standing(
        name,
        lane.state.step,
        math.nan if newest is None else newest.train_loss,
        math.nan if newest is None or seen else newest.test_accuracy,
        stopped=False,
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
    stopped = [
        _("{lane} had to stop at step {step}").format(lane=each.name, step=count(each.step))
        for each in standings
        if each.stopped
    ]
    sentences = [_figures_told(view, standings), "; ".join(stopped) + "." if stopped else ""]
    return " ".join(sentence for sentence in sentences if sentence)


def _figures_told(view: RaceView, standings: Sequence[Standing]) -> str:
    """Say what was measured; "" where nothing was."""
    parts = [f"{each.name} {percent(each.test_accuracy)}" for each in ranked(standings)]
    what = _("right on the test set")
    if not parts:
        measured = [each for each in standings if math.isfinite(each.train_loss)]
        parts = [f"{each.name} {loss_text(each.train_loss)}" for each in measured]
        what = _("training loss")
    if not parts:
        return ""
    return _("After {examples} examples, {what}: {list}.").format(
        examples=count(view.examples_seen), what=what, list=", ".join(parts)
    )
