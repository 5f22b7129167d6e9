"""The full-batch notebook: one weight update for all 60,000 digits, 200 times."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from softmax_core import limits
from softmax_core.training.config import TrainingConfig
from softmax_core.training.recipes.recipe import (
    COVERS,
    WITHIN,
    Claim,
    PublishedCurve,
    Recipe,
    Version,
)

_AS_PUBLISHED: Final = "as published"
_EXACT: Final = "exact"

_CONFIG: Final = TrainingConfig(
    dataset="mnist",
    init="unit-normal-all",
    batch_size=limits.MAX_SAMPLES,  # all of them
    learning_rate=1e-5,
    epochs=200,
    gradient="true-class+one-bias",
    reduction="sum",
    loss="clipped",
    order="file",
)

_START: Final = (
    "Every run starts from its own random weights. Of 100 runs, about 98 in 100 lie within the "
    "spread of five others widened by this."
)
_REFERENCE: Final = (
    "Not printed; independent runs on the real data gave this range. Of 20 runs of each gradient "
    "none left it by more than 0.009, and the two gradients stay apart."
)
_PUBLISHED_LOSS: Final = (
    *(11.49201, 10.74994, 10.04003, 9.38140, 8.78241, 8.24167, 7.75479, 7.31836, 6.92843),
    *(6.58027, 6.26986, 5.99177, 5.74116, 5.51413, 5.30755, 5.11862, 4.94506, 4.78512, 4.637),
)
_PUBLISHED_ACCURACY: Final = (
    *(0.12627, 0.13392, 0.14462, 0.15705, 0.16992, 0.18312, 0.19780, 0.21272, 0.22760),
    *(0.24418, 0.25970, 0.27513, 0.29002, 0.30585, 0.32125, 0.33542, 0.34958, 0.36347),
)


def _printed(name: str, text: str, figure: tuple[str, int, float], margin: float) -> Claim:
    quantity, at, value = figure
    return Claim(
        name=name,
        text=text,
        quantity=quantity,
        at=at,
        low=value,
        high=value,
        rule=COVERS,
        margin=margin,
        why=_START,
        versions=(_AS_PUBLISHED,),
        quick=True,
    )


def _reference(version: str, low: float, high: float) -> Claim:
    return Claim(
        name="accuracy-200",
        text="training accuracy after 200 iterations",
        quantity="train_accuracy",
        at=200,
        low=low,
        high=high,
        rule=WITHIN,
        margin=0.010,
        why=_REFERENCE,
        versions=(version,),
        printed=False,
    )


FULL_BATCH: Final = Recipe(
    name="full-batch",
    title="Full batch, as in the first notebook",
    summary=(
        "Softmax regression on MNIST: all 60,000 digits in every update, a summed gradient, and "
        "a gradient that is not quite the right one."
    ),
    source="a notebook in Chinese that computes softmax regression with NumPy from scratch",
    versions=(
        Version(_AS_PUBLISHED, "As published: only the true class's column learns", _CONFIG),
        Version(_EXACT, "Exact gradient", replace(_CONFIG, gradient="exact")),
    ),
    claims=(
        _printed("loss-0", "training loss at iteration 0", ("batch_loss", 1, 11.492), 2.2),
        _printed(
            "accuracy-0", "training accuracy at iteration 0", ("batch_accuracy", 1, 0.126), 0.05
        ),
        _printed("loss-9", "training loss at iteration 9", ("batch_loss", 10, 6.580), 1.7),
        _printed("loss-18", "training loss at iteration 18", ("batch_loss", 19, 4.637), 1.2),
        _printed(
            "loss-left", "share of the loss left at iteration 18", ("loss_left", 19, 0.4035), 0.06
        ),
        _printed(
            "accuracy-17", "training accuracy at iteration 17", ("batch_accuracy", 18, 0.363), 0.07
        ),
        _printed("test-loss", "test loss of random weights", ("test_loss", 0, 12.920), 2.2),
        _printed(
            "test-accuracy", "test accuracy of random weights", ("test_accuracy", 0, 0.100), 0.05
        ),
        _reference(_AS_PUBLISHED, 0.777, 0.794),
        _reference(_EXACT, 0.815, 0.817),
    ),
    drawn={
        "batch_loss": (*range(1, 20), *range(20, 201, 5)),
        "batch_accuracy": (*range(1, 20), *range(20, 201, 5)),
        "test_accuracy": (0, 10, 20, 50, 100, 150, 200),
    },
    curves=(
        PublishedCurve("batch_loss", 1, _PUBLISHED_LOSS, (_AS_PUBLISHED,)),
        PublishedCurve("batch_accuracy", 1, _PUBLISHED_ACCURACY, (_AS_PUBLISHED,)),
    ),
)
