"""Remarks about how the curve moves: up again and again, falling, still, jagged."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from softmax_core.training.evaluate import Evaluation
from softmax_core.training.remarks.rates import beyond_the_edge
from softmax_core.training.story import Fall, Jumps, Story, fall, jumps
from softmax_core.wording import _, count, loss_text

RISES: Final = 0.25  # of the steps; where batches are drawn by chance, half of all steps rise
BEYOND_CHANCE: Final = 2.0  # times as far as chance alone makes the accuracy jump
BY_CHANCE: Final = 1.5
JAGGED: Final = 0.03  # a batch's accuracy varies by 3 points: an eye sees it
CLIMB: Final = 0.01
FAST: Final = 0.1  # of the loss, within 20 points of the curve
SEEN: Final = 0.05  # nats: a rise that the chart shows
STILL: Final = 0.01
LEARNED: Final = 0.3  # of the first loss: who stands still after that has learned
LONG: Final = 100  # steps: who stands still before has not begun


def bouncing(story: Story) -> str | None:
    """Say that the loss goes up again and again, and not because batches differ."""
    found = jumps(story)
    if found is None or not is_bouncing(story, found):
        return None
    text = _("The loss rose in {rises} of the last {n} steps")
    if found.width > 1:
        text = _("The loss rose in {rises} of the last {n} stretches of {width} steps")
    text = text.format(rises=found.rises, n=found.n, width=found.width)
    if not story.is_full_batch:
        text += _(", and a batch's accuracy jumps {times:.1f} times as far as chance makes it")
        text = text.format(times=found.times_chance)
    beyond = beyond_the_edge(story)
    if beyond:
        text += ": " + beyond
    return text + "; " + _climb(found)


def is_bouncing(story: Story, found: Jumps) -> bool:
    """Tell whether the weights themselves jump about.

    With all examples in every batch nothing is left to chance, and two rises are enough.
    """
    if story.is_full_batch:
        return found.rises >= 2
    return found.rises >= RISES * found.n and found.times_chance >= BEYOND_CHANCE


def overshot(story: Story) -> str | None:
    """Say that weights were worse than those before them, measured on the training set itself."""
    known = [e for e in story.evaluations if math.isfinite(e.train_loss)]
    recent = [e for e in known[1:] if e.step >= story.n_steps / 4]
    if not recent:
        return None
    worst = max(recent, key=lambda e: e.train_loss / _best_before(known, e).train_loss)
    low = _best_before(known, worst)
    if worst.train_loss < (1 + FAST) * low.train_loss + SEEN:
        return None
    text = _(
        "The loss on the training set rose from {low} at step {low_step} to {high} at step {step}"
    )
    text = text.format(
        low=loss_text(low.train_loss),
        low_step=count(low.step),
        high=loss_text(worst.train_loss),
        step=count(worst.step),
    )
    # It happened under the edge of then, which is nearer to the first than to that of now.
    beyond = beyond_the_edge(replace(story, edge=None) if story.first_edge else story)
    if beyond:
        text += ": " + beyond
    if known[-1].train_loss < low.train_loss:
        return text + _("; by now it is below that again, at {now}.").format(
            now=loss_text(known[-1].train_loss)
        )
    return text + "."


def plateau(story: Story) -> str | None:
    """Say that after some learning an eighth of the run took less than 1 % off the loss."""
    found = fall(story, len(story.curve.step) // 8)
    if found is None or story.n_steps < LONG or len(story.curve.step) < 80:
        return None
    learned = found.after < (1 - LEARNED) * story.first_loss
    if not learned or abs(found.share) > STILL or found.uncertainty > 2 * STILL * found.after:
        return None
    text = _(
        "The loss stands still: {after} on average over the last {n} steps, {before} over the {n} "
        "before; stop here, or see whether a lower rate settles deeper."
    )
    return text.format(n=count(found.steps), **_sides(found))


def falling(story: Story) -> str | None:
    """Say that the loss falls fast, and not by chance."""
    available = len(story.curve.step) - story.since
    found = fall(story, min(20, available // 2)) if available >= 8 else None
    if found is None or found.share < FAST:
        return None
    if found.before - found.after < 3 * found.uncertainty:
        return None
    text = _(
        "The loss is falling fast: {after} on average over the last {n} steps, {before} over the "
        "{n} before."
    )
    return text.format(n=count(found.steps), **_sides(found))


def jagged(story: Story) -> str | None:
    """Say that the curve is jagged because batches are small, and for no other reason."""
    found = jumps(story)
    if found is None or story.is_full_batch or found.by_chance < JAGGED:
        return None
    if found.times_chance > BY_CHANCE or found.rises < RISES * found.n:
        return None
    text = _(
        "The curve is jagged because a batch of {size} is a small sample: by chance alone its "
        "accuracy varies by ±{chance:.0f} points, and it varies by ±{found:.0f}."
    )
    return text.format(
        size=count(story.config.batch_size),
        chance=100 * found.by_chance,
        found=100 * found.found,
    )


def _best_before(known: list[Evaluation], later: Evaluation) -> Evaluation:
    """Return the lowest training loss of the evaluations before one, or it where it is first."""
    before = [e for e in known if e.step < later.step]
    return min(before, key=lambda e: e.train_loss, default=later)


def _climb(found: Jumps) -> str:
    points = 100 * abs(found.climbed)
    if found.climbed > CLIMB:
        return _("the accuracy climbed by {points:.0f} points all the same.").format(points=points)
    if found.climbed < -CLIMB:
        return _("the accuracy fell by {points:.0f} points.").format(points=points)
    return _("the accuracy stayed where it was.")


def _sides(found: Fall) -> dict[str, str]:
    """Return both losses, with as many digits as it takes to tell them apart."""
    before, after = loss_text(found.before), loss_text(found.after)
    if before == after and 0.1 <= found.after < 100:
        before, after = f"{found.before:.4f}", f"{found.after:.4f}"
    return {"before": before, "after": after}
