"""Dive into Deep Learning's softmax regression from scratch, on Fashion-MNIST."""

from __future__ import annotations

from typing import Final

from softmax_core.training.config import TrainingConfig
from softmax_core.training.recipes.recipe import BOUNDS, Claim, Recipe, Version

_EPOCHS: Final = tuple(range(1, 11))
_WHY: Final = "The notebook asserts this itself; every run must keep to it, with no margin."


def _asserted(name: str, text: str, quantity: str, low: float | None, high: float | None) -> Claim:
    return Claim(name, text, quantity, _EPOCHS[-1], low, high, BOUNDS, 0, _WHY, quick=True)


D2L_FASHION: Final = Recipe(
    name="d2l-fashion",
    title="Clothes: softmax regression on Fashion-MNIST",
    summary=(
        "Softmax regression from scratch on Fashion-MNIST, batches of 256, ten epochs, and three "
        "bounds that training must keep to."
    ),
    source="the softmax chapter of Dive into Deep Learning, as a blog retells it in Chinese",
    versions=(
        Version(
            "as published",
            "As published",
            TrainingConfig(
                dataset="fashion-mnist", batch_size=256, learning_rate=0.1, epochs=_EPOCHS[-1]
            ),
        ),
    ),
    claims=(
        _asserted("loss", "training loss, mean of the last epoch", "epoch_loss", None, 0.5),
        _asserted(
            "accuracy", "training accuracy, mean of the last epoch", "epoch_accuracy", 0.7, None
        ),
        _asserted(
            "test-accuracy", "test accuracy after the last epoch", "test_accuracy", 0.7, None
        ),
    ),
    drawn={"epoch_loss": _EPOCHS, "epoch_accuracy": _EPOCHS, "test_accuracy": _EPOCHS},
)
