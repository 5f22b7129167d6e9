"""The mini-batch notebook: softmax regression as most people train it."""

from __future__ import annotations

from typing import Final

from softmax_core.training.config import TrainingConfig
from softmax_core.training.recipes.recipe import COVERS, Claim, PublishedCurve, Recipe, Version

_CAUSE: Final = (
    "Initial weights and shuffling differ from run to run, and the last few batches of a round "
    "move the loss a little. "
)
_MEASURED: Final = (
    "runs, about 98 in 100 lie within the spread of five others widened by this; it also holds the "
    "rounding of four printed digits."
)
_WHY: Final = f"{_CAUSE}Of 40 {_MEASURED}"
_WHY_FIRST: Final = f"{_CAUSE}Of 250 {_MEASURED}"

_PUBLISHED_LOSS: Final = (
    *(0.4021, 0.3517, 0.3305, 0.3188, 0.3087, 0.3019, 0.2979, 0.2929, 0.2905, 0.2869),
    *(0.2847, 0.2823, 0.2796, 0.2792, 0.2765, 0.2757, 0.2734, 0.2718, 0.2708, 0.2704),
    *(0.2689, 0.2679, 0.2671, 0.2662, 0.2657, 0.2652, 0.2642, 0.2637, 0.2629, 0.2618),
)
_PUBLISHED_ACCURACY: Final = (
    *(0.8917, 0.9032, 0.9073, 0.9105, 0.9141, 0.9164, 0.9168, 0.9188, 0.9192, 0.9209),
    *(0.9210, 0.9217, 0.9226, 0.9229, 0.9239, 0.9242, 0.9245, 0.9247, 0.9251, 0.9249),
    *(0.9255, 0.9255, 0.9262, 0.9262, 0.9264, 0.9261, 0.9272, 0.9274, 0.9277),
)
_ROUNDS: Final = tuple(range(1, 51))


def _printed(name: str, text: str, figure: tuple[str, int, float], margin: float) -> Claim:
    quantity, at, value = figure
    why = _WHY_FIRST if at == 1 else _WHY
    return Claim(name, text, quantity, at, value, value, COVERS, margin, why, quick=at == 1)


def _loss(at: int, value: float, margin: float) -> Claim:
    text = f"training loss after round {at}"
    return _printed(f"loss-{at}", text, ("train_loss", at, value), margin)


def _accuracy(at: int, value: float, margin: float) -> Claim:
    text = f"training accuracy after round {at}"
    return _printed(f"accuracy-{at}", text, ("train_accuracy", at, value), margin)


MINI_BATCH: Final = Recipe(
    name="mini-batch",
    title="Mini-batches of 128",
    summary=(
        "Softmax regression on MNIST with small random weights, batches of 128 and a learning "
        "rate of 0.1; reaches 92.4 % on the test set."
    ),
    source="a notebook in Chinese that reads MNIST's IDX files and trains with NumPy alone",
    versions=(
        Version(
            "as published",
            "As published",
            TrainingConfig(dataset="mnist", batch_size=128, learning_rate=0.1, epochs=50),
        ),
    ),
    claims=(
        _loss(1, 0.4021, 0.0025),
        _accuracy(1, 0.8917, 0.0019),
        _loss(10, 0.2869, 0.0013),
        _loss(20, 0.2704, 0.0010),
        _accuracy(20, 0.9249, 0.0010),
        _loss(30, 0.2618, 0.0020),
        _printed("test-loss", "test loss at the end", ("test_loss", 50, 0.2670), 0.0014),
        _printed(
            "test-accuracy", "test accuracy at the end", ("test_accuracy", 50, 0.9241), 0.0016
        ),
    ),
    drawn={
        "train_loss": _ROUNDS,
        "train_accuracy": _ROUNDS,
        "test_loss": _ROUNDS,
        "test_accuracy": _ROUNDS,
    },
    curves=(
        PublishedCurve("train_loss", 1, _PUBLISHED_LOSS),
        PublishedCurve("train_accuracy", 1, _PUBLISHED_ACCURACY),
    ),
)
