"""When training has gone wrong, and which state to go back to."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from softmax_core.training.state import Doubt, Stop, TrainingState
from softmax_core.training.stepper import StepFigures

# A softmax model bounces and recovers: with rates up to 100 its batch loss stayed
# above 20 for at most 28 steps in a row (batches of 8 to 4,000 MNIST digits), so
# a run is called lost only well beyond that.
HIGH_LOSS_FACTOR: Final = 4.0
HIGH_LOSS_FLOOR: Final = 20.0
HIGH_LOSS_STEPS: Final = 100

# An update longer than this would overflow float32 within a few steps.
LONGEST_UPDATE: Final = 1e18

_AND_GO_ON: Final = " and press Train"


def why_not(figures: StepFigures, learning_rate: float) -> str | None:
    """Return why this update must not be made, or None.

    Asked before the update, so the state that is kept is always finite.
    """
    if not math.isfinite(figures.loss):
        return f"the loss became {figures.loss}"
    length = learning_rate * figures.gradient_norm
    if not math.isfinite(length) or length > LONGEST_UPDATE:
        return f"the next update would have the length {length:.3g}, beyond all bounds"
    return None


def is_high(loss: float, start_loss: float) -> bool:
    """Tell whether a batch loss is far above where the run began."""
    return loss > max(HIGH_LOSS_FACTOR * start_loss, HIGH_LOSS_FLOOR)


def why_lost(doubt: Doubt, loss: float, start_loss: float) -> str:
    """Return what to say once the loss has stayed high too long."""
    return (
        f"the loss rose from {start_loss:.2f} to {loss:.3g} and stayed far above its start "
        f"for {doubt.high_steps} steps"
    )


def stopped(state: TrainingState, stop: Stop, cure: str) -> TrainingState:
    """Return the last trusted state, stopped.

    Parameters
    ----------
    state : TrainingState
        In doubt.
    stop : Stop
        Its reason is the mere cause; a whole sentence is made of it.
    cure : str
        What to change, as a clause that begins with a capital.
    """
    assert state.doubt is not None  # a run is doubted before it is stopped
    kept = state.doubt.before
    sentence = (
        f"Training stopped at step {stop.step:,}: {stop.reason}. {cure}{_AND_GO_ON}. "
        f"The weights of step {kept.step:,} are kept."
    )
    return replace(kept, stop=replace(stop, reason=sentence))


def without_button(sentence: str) -> str:
    """Return what ``stopped`` says without the button to press: a lane of a race has none."""
    return sentence.replace(_AND_GO_ON, "", 1)
