"""The notebook's last part: three clouds of points in the plane, and steps that are too big."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from softmax_core.training.config import TrainingConfig
from softmax_core.training.recipes.recipe import WITHIN, Claim, Recipe, Version

_AS_PUBLISHED: Final = "as published"
_AVERAGED: Final = "averaged"
_STEPS: Final = 1_000

_CONFIG: Final = TrainingConfig(
    dataset="blobs",
    bias="none",
    init="zero",
    batch_size=800,  # all of them
    learning_rate=0.1,
    epochs=_STEPS,
    reduction="sum",
    order="file",
)
# Two steps in a row everywhere: the loss jumps between two values.
_PAIRS: Final = tuple(step for first in range(49, 990, 20) for step in (first, first + 1))
_DRAWN: Final = (*range(1, 41), *_PAIRS, *range(991, 1001))

_SAME: Final = (
    "Nothing was printed. There is nothing random in it: zero weights, all points in every "
    "step. The figure is an independent program's, in twice the precision; the margin is for ours."
)
_OPTIMUM: Final = (
    "Nothing was printed. The figure is scikit-learn's LogisticRegression without intercept and "
    "penalty on the same points, the smallest loss there is; after 1,000 small steps a little of "
    "the way is left."
)


_AT_THE_END: Final = "test accuracy at the end"


def _figure(name: str, text: str, figure: tuple[str, int, float], margin: float) -> Claim:
    quantity, at, value = figure
    return Claim(
        name=name,
        text=text,
        quantity=quantity,
        at=at,
        low=value,
        high=value,
        rule=WITHIN,
        margin=margin,
        why=_SAME,
        versions=(_AS_PUBLISHED,),
        quick=True,
        printed=False,
    )


def _best(name: str, text: str, figure: tuple[str, int, float], margin: float) -> Claim:
    claim = _figure(name, text, figure, margin)
    return replace(claim, why=_OPTIMUM, versions=(_AVERAGED,))


BLOBS: Final = Recipe(
    name="blobs",
    title="Three blobs in the plane",
    summary=(
        "Softmax regression without bias on 1,000 points of three classes, 1,000 steps; summed "
        "over 800 points a rate of 0.1 is far too much, and the loss bounces for ever."
    ),
    source="a short program in the same blog, with points from scikit-learn",
    versions=(
        Version(_AS_PUBLISHED, "As published: the gradient is summed", _CONFIG),
        Version(_AVERAGED, "Averaged gradient", replace(_CONFIG, reduction="mean")),
    ),
    claims=(
        _figure("loss-1", "training loss at step 1", ("batch_loss", 1, 1.0986), 1e-4),
        _figure("loss-999", "training loss at step 999", ("batch_loss", 999, 5.2055), 0.01),
        _figure("loss-1000", "training loss at step 1,000", ("batch_loss", 1_000, 6.6058), 0.01),
        _figure("test-accuracy", _AT_THE_END, ("test_accuracy", _STEPS, 0.790), 0.005),
        _best("loss", "training loss at the end", ("train_loss", _STEPS, 0.3388), 0.001),
        _best("averaged-accuracy", _AT_THE_END, ("test_accuracy", _STEPS, 0.880), 0.005),
    ),
    drawn={"batch_loss": _DRAWN, "batch_accuracy": _DRAWN, "test_accuracy": (0, *_DRAWN)},
)
