"""Remarks about what settings did: a rate too small, a rate changed, learning by heart."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from softmax_core.training.remarks.rates import plain_rate
from softmax_core.training.story import Story
from softmax_core.wording import _, count, loss_text, percent

MIN_STEPS: Final = 20  # before that a curve says nothing
FLAT: Final = 0.1  # of the way to 0
BY_HEART: Final = 0.02


def too_slow(story: Story) -> str | None:
    """Say that hardly anything was learned, because the steps are too short.

    To first order an update takes ``rate * |gradient|**2`` off the loss (with momentum m,
    1/(1 - m) times that). Where all of these together are little, but would not be at the
    edge (1 where it is not known), and the gradient has not faded, the rate is the cause.
    """
    curve, n = story.curve, len(story.curve.step)
    k = min(20, n // 4)
    if story.n_steps < MIN_STEPS or k < 3 or story.since > 0:
        return None
    first, last = float(curve.mean[:k].mean()), float(curve.mean[-k:].mean())
    gone = (first - last) / first if first else 1.0
    norms, possible = curve.gradient_norm.astype(np.float64), _first_order_fall(story)
    fading = norms[-k:].mean() < 0.3 * norms[:k].mean()
    untaught = first > math.log(story.n_classes) / 2
    top = story.edge if story.edge is not None and math.isfinite(story.edge) else 1.0
    in_reach = possible * top / story.config.learning_rate > FLAT * first
    if not untaught or fading or abs(gone) > FLAT or possible > 2 * FLAT * first or not in_reach:
        return None
    text = _(
        "In {n} steps the loss has gone {share} of the way from {first} to 0: the rate {rate} is "
        "too small"
    ).format(
        n=count(story.n_steps),
        share=percent(max(gone, 0.0)),
        first=loss_text(first),
        rate=plain_rate(story.config.learning_rate),
    )
    edge = story.edge
    if edge is not None and math.isfinite(edge) and story.config.learning_rate < edge / 10:
        times = count(float(f"{edge / story.config.learning_rate:.2g}"))
        return text + _(", {times} times smaller than the edge of {edge}; raise it.").format(
            times=times, edge=plain_rate(edge)
        )
    return text + _("; raise it.")


def rate_changed(story: Story) -> str | None:
    """Say what followed when the rate was changed not long ago."""
    rates, curve = story.curve.learning_rate, story.curve
    changes = np.flatnonzero(np.diff(rates)) + 1
    if not len(changes):
        return None
    at = int(changes[-1])
    k = min(20, at, len(rates) - at)
    step = int(curve.step[at - 1])
    if k < 5 or story.n_steps - step > max(3 * 20, story.n_steps // 2):
        return None
    before, after = float(curve.mean[at - k : at].mean()), float(curve.mean[-k:].mean())
    if not math.isfinite(before + after):
        return None
    text = _(
        "After step {step} the rate went from {old} to {new}: the loss was {before} on average "
        "over the {n} steps before, and is {after} over the last {n}."
    )
    return text.format(
        step=count(step),
        old=plain_rate(float(rates[at - 1])),
        new=plain_rate(float(rates[at])),
        before=loss_text(before),
        after=loss_text(after),
        n=count(int(curve.step[-1] - curve.step[-k - 1])),
    )


def by_heart(story: Story) -> str | None:
    """Say that the test loss rises while the training loss falls."""
    known = [e for e in story.evaluations if math.isfinite(e.test_loss + e.train_loss)]
    if not story.has_test or len(known) < 4:
        return None
    best = min(range(len(known)), key=lambda i: known[i].test_loss)
    low, newest, later = known[best], known[-1], known[best + 1 :]
    if len(later) < 2 or newest.step < 1.2 * low.step:
        return None
    risen = newest.test_loss > (1 + BY_HEART) * low.test_loss
    stays = all(e.test_loss > (1 + BY_HEART / 2) * low.test_loss for e in later[-2:])
    fallen = newest.train_loss < (1 - BY_HEART) * low.train_loss
    if not (risen and stays and fallen):
        return None
    text = _(
        "The model is learning the training set by heart: since step {step} the test loss has "
        "risen from {low} to {now} while the training loss fell from {train_low} to {train_now}."
    )
    return text.format(
        step=count(low.step),
        low=loss_text(low.test_loss),
        now=loss_text(newest.test_loss),
        train_low=loss_text(low.train_loss),
        train_now=loss_text(newest.train_loss),
    )


def _first_order_fall(story: Story) -> float:
    """Return what all updates together took off the loss, had it been a slope and no curve."""
    curve = story.curve
    steps = np.diff(curve.step, prepend=0)
    rate = curve.learning_rate.astype(np.float64) / (1 - story.config.momentum)
    return float(np.sum(steps * rate * np.square(curve.gradient_norm, dtype=np.float64)))
