"""The switches of Break it safely: what each does to a run, and how it is undone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np

from softmax_core.training.config import TrainingConfig
from softmax_core.training.divergence import HIGH_LOSS_FLOOR
from softmax_core.training.history import Curve
from softmax_core.training.state import TrainingState

_SOON: Final = 5  # steps: within so many raw pixels show what they do
_LEAP: Final = 4.0  # times as high as a step before: beyond any bounce of an ordinary batch


class Switch(NamedTuple):
    """One thing to do wrong: a field of ``TrainingConfig`` and its value."""

    field: str
    faulty: str


RAW_PIXELS: Final = Switch("pixels", "raw")
NAIVE_SOFTMAX: Final = Switch("softmax", "naive")
LOG_OF_PROBABILITY: Final = Switch("loss", "log-of-probability")
SWITCHES: Final = (RAW_PIXELS, NAIVE_SOFTMAX, LOG_OF_PROBABILITY)


class Leap(NamedTuple):
    """How far the loss leapt within a few steps."""

    before: float
    highest: float
    steps: int  # from one to the other


def is_on(config: TrainingConfig, switch: Switch) -> bool:
    """Tell whether a run does this thing wrong."""
    return bool(getattr(config, switch.field) == switch.faulty)


def is_broken(config: TrainingConfig) -> bool:
    """Tell whether any switch is on."""
    return any(is_on(config, switch) for switch in SWITCHES)


def switched(config: TrainingConfig, switch: Switch, on: bool) -> TrainingConfig:
    """Return the settings with one switch turned.

    With pixels in [0, 1] neither the naive softmax nor the log of a probability ever
    fails at ordinary rates, so both bring the raw pixels with them. These can be taken
    back by themselves.
    """
    if not on:
        return replace(config, **_right(switch))
    turned: dict[str, Any] = {switch.field: switch.faulty, RAW_PIXELS.field: RAW_PIXELS.faulty}
    return replace(config, **turned)


def mended(config: TrainingConfig) -> TrainingConfig:
    """Return the settings with every switch off."""
    for switch in SWITCHES:
        if is_on(config, switch):
            config = switched(config, switch, False)
    return config


def can_be_broken(config: TrainingConfig, state: TrainingState) -> bool:
    """Tell whether a run can be ridden on as it is: softmax regression with steps behind it."""
    return config.network == "softmax" and state.step > 0


def to_break(config: TrainingConfig, dataset: str) -> TrainingConfig:
    """Return the settings of a run to be broken from its start.

    All weights zero, so that it begins at the loss of pure guessing, log(10) = 2.303.
    """
    turned = {switch.field: getattr(config, switch.field) for switch in SWITCHES}
    return replace(TrainingConfig(dataset=dataset, init="zero", seed=config.seed), **turned)


def loss_leap(curve: Curve, after_step: int = 0) -> Leap | None:
    """Return how far the loss leapt in a few steps; None where it never did.

    Parameters
    ----------
    curve : Curve
    after_step : int
        Leaps before this step do not count.
    """
    for i in range(1, len(curve.step)):
        before, here = float(curve.mean[i - 1]), float(curve.mean[i])
        if curve.step[i] > after_step and here > max(_LEAP * before, HIGH_LOSS_FLOOR):
            at = i + int(np.argmax(curve.mean[i : i + _SOON]))
            steps = int(curve.step[at] - curve.step[i - 1])
            return Leap(before, float(curve.mean[at]), steps)
    return None


def _right(switch: Switch) -> dict[str, Any]:
    return {switch.field: getattr(TrainingConfig(), switch.field)}
