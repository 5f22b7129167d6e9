"""The ReLU notebook: no bias, ReLU on the logits, and classes that never come back."""

from __future__ import annotations

from typing import Final

from softmax_core.training.config import TrainingConfig
from softmax_core.training.recipes.recipe import BOUNDS, COVERS, Claim, Recipe, Version

_SEED: Final = 1024
_EPOCHS: Final = tuple(range(6))
_LAST: Final = _EPOCHS[-1]

_OWN_WHY: Final = (
    "The seed is published, the order of the pictures is not, and the first batch decides which "
    "classes die. With the same weights and 40 other orders, none died in 12 runs (0.92), one in "
    "15 (all but one 0.81 to 0.83), two in 11 (0.72 to 0.76), more in 2: the margin keeps to two."
)
_OTHER_WHY: Final = (
    "Every start silences other classes, each worth a tenth of the digits. Of 40 starts 2 lost "
    "none (0.92), 5 one (0.83 to 0.84), 33 more. The margin is about how far runs with one dead "
    "class lie from each other."
)

RELU_SOFTMAX: Final = Recipe(
    name="relu-softmax",
    title="ReLU before the softmax",
    summary=(
        "Softmax regression on MNIST with ReLU on the logits: nothing is wrong with its "
        "gradient, and yet whole classes fall silent at the first step."
    ),
    source="an article in Chinese with a NumPy class; its training loop was not published",
    versions=(
        Version(
            "as published",
            "As published",
            TrainingConfig(
                dataset="mnist",
                network="relu-softmax",
                bias="none",
                init="tiny-normal",
                seed=_SEED,
                batch_size=128,
                learning_rate=0.1,
                epochs=_LAST,
                order="file",
            ),
        ),
    ),
    claims=(
        Claim(
            name="dead",
            text="classes that died, published seed",
            quantity="dead_classes",
            at=_LAST,
            low=1,
            high=None,
            rule=BOUNDS,
            margin=0,
            why="Classes, so more than one. A count has no margin.",
            own_seed=True,
            quick=True,
            printed=False,
        ),
        Claim(
            name="own-accuracy",
            text="test accuracy, published seed",
            quantity="test_accuracy",
            at=_LAST,
            low=0.71,
            high=0.71,
            rule=COVERS,
            margin=0.05,
            why=_OWN_WHY,
            own_seed=True,
            quick=True,
            printed=False,
        ),
        Claim(
            name="other-accuracy",
            text="test accuracy, other seeds",
            quantity="test_accuracy",
            at=_LAST,
            low=0.83,
            high=0.83,
            rule=COVERS,
            margin=0.02,
            why=_OTHER_WHY,
            quick=True,
            printed=False,
        ),
    ),
    drawn={"train_loss": _EPOCHS, "train_accuracy": _EPOCHS, "test_accuracy": _EPOCHS},
    own_seed=_SEED,
)
