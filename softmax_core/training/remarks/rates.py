"""How a learning rate is written, and how far it is beyond the edge."""

from __future__ import annotations

from softmax_core.training.story import Story
from softmax_core.wording import _


def beyond_the_edge(story: Story) -> str:
    """Say how far the rate is beyond the edge, the one of now or else that of the start."""
    rate = story.config.learning_rate
    if story.edge is not None and rate > story.edge > 0:
        text = _("the rate {rate} is {times:.2g} times the edge of {edge}")
        if rate < 1.1 * story.edge:
            text = _("the rate {rate} is just above the edge of {edge}")
        return text.format(
            rate=plain_rate(rate), times=rate / story.edge, edge=plain_rate(story.edge)
        )
    if story.first_edge is not None and rate > story.first_edge > 0:
        text = _("the rate {rate} is {times:.2g} times the edge of {edge} at the start")
        times = rate / story.first_edge
        return text.format(rate=plain_rate(rate), times=times, edge=plain_rate(story.first_edge))
    return ""


def plain_rate(value: float) -> str:
    """Return a rate as one types it: 0.0001 and not 1e-04."""
    text = f"{value:.3g}"
    return f"{value:.9f}".rstrip("0") if "e-" in text else text
