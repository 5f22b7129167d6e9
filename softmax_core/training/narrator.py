"""What a run's curve did and why, in at most two plain sentences, by rules.

They stand under the chart and in the captions of saved figures, and a screen reader reads them.
Every number and every "because" in them is computed in ``remarks``; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from softmax_core.training.remarks import causes, motion, standing
from softmax_core.training.story import Story

MAX_REMARKS: Final = 2


class Remark(NamedTuple):
    """One thing that is true of the run."""

    kind: str  # name of its rule
    text: str  # one sentence, two for a run that has not begun or was stopped


class _Rule(NamedTuple):
    """What to say, and what then goes without saying.

    ``silences`` names rules whose sentence would repeat this one, or be read against it.
    """

    remark: Callable[[Story], str | None]
    silences: frozenset[str] = frozenset()


_ALL: Final = frozenset(
    {
        *("dead", "bouncing", "overshot", "guessing", "too_slow", "rate_changed", "by_heart"),
        *("plateau", "falling", "jagged", "standing"),
    }
)

# By importance: what stops learning, what went wrong, what was done, how it goes.
_RULES: Final = (
    _Rule(standing.not_begun, _ALL),
    _Rule(standing.stopped, _ALL),
    _Rule(standing.dead, frozenset({"too_slow"})),
    _Rule(motion.bouncing, frozenset({"overshot", "too_slow", "plateau", "falling", "jagged"})),
    _Rule(motion.overshot, frozenset({"too_slow", "falling", "standing"})),
    _Rule(causes.too_slow, frozenset({"guessing", "plateau", "falling", "jagged"})),
    _Rule(standing.guessing, frozenset({"plateau", "standing"})),
    _Rule(causes.rate_changed, frozenset({"plateau", "falling"})),
    _Rule(causes.by_heart, frozenset({"plateau", "falling"})),
    _Rule(motion.plateau, frozenset({"falling"})),
    _Rule(motion.falling),
    _Rule(motion.jagged),
    _Rule(standing.standing),
)


def narrate(story: Story) -> str:
    """Say the one or two most important things about a run.

    Parameters
    ----------
    story : Story

    Returns
    -------
    str
        Whole sentences; empty only for a run whose records hold nothing to speak of yet.
    """
    return " ".join(remark.text for remark in observed(story)[:MAX_REMARKS])


def observed(story: Story) -> tuple[Remark, ...]:
    """Return all that can be said of a run, the most important first.

    Parameters
    ----------
    story : Story
    """
    found: list[Remark] = []
    silent: set[str] = set()
    for rule in _RULES:
        kind = rule.remark.__name__
        text = None if kind in silent else rule.remark(story)
        if text is not None:
            found.append(Remark(kind, text))
            silent |= rule.silences
    return tuple(found)
