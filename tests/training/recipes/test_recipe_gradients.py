"""Each recipe's gradient against the numeric derivative of the loss it means to descend."""

from __future__ import annotations

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.nn import batch_loss_and_grads, check_blocks, culprits, loss_and_grads
from softmax_core.nn.gradcheck import numeric_gradient
from softmax_core.training import TrainingConfig, first_state
from softmax_core.training.recipes import RECIPES, find_recipe
from softmax_core.training.samples import to_inputs
from softmax_core.training.start import build_network

N = 40
VERSIONS = [
    (recipe.name, version.name) for recipe in RECIPES.values() for version in recipe.versions
]
# Where the published gradient is not that of the mean loss, and what was meant instead.
WRONG = {
    ("full-batch", "as published"): ("logits", "W", "b"),
    ("full-batch", "exact"): ("logits",),
    ("sigmoid-mlp", "as published"): ("logits",),
    ("blobs", "as published"): ("logits",),
}


class Small:
    """A recipe's network on few samples of the data that need no download."""

    def __init__(self, config: TrainingConfig) -> None:
        name = "blobs" if config.dataset == "blobs" else "mnist-5k"
        dataset = open_dataset(name)
        stride = len(dataset.train_labels) // N
        self.X = to_inputs(dataset.train_images[::stride][:N]).astype(np.float64)
        self.labels = dataset.train_labels[::stride][:N].astype(np.intp)
        n_features, n_classes = dataset.info.n_features, dataset.info.n_classes
        self.network = build_network(config, n_features, n_classes)
        params = first_state(config, n_features, n_classes).params
        # Away from the start, where zero weights would hide much.
        rng = np.random.default_rng(5)
        self.params = {k: W + 0.01 * rng.normal(size=W.shape) for k, W in params.items()}


@pytest.mark.parametrize(("name", "version"), VERSIONS)
def test_the_check_finds_fault_with_what_is_wrong_and_with_nothing_else(
    name: str, version: str
) -> None:
    config = find_recipe(name).version(version).config
    small = Small(config)
    checks = check_blocks(small.network, small.params, small.X, small.labels, config.variant)
    assert culprits(checks) == WRONG.get((name, version), ())
    if config.reduction == "sum":  # right but for one factor: the number of samples
        assert checks[0].ratio == pytest.approx(N)
        if config.variant.mistakes == ():
            assert [check.ratio for check in checks] == [pytest.approx(N)] * len(checks)


@pytest.mark.parametrize(("name", "version"), VERSIONS)
def test_the_gradient_is_the_slope_of_the_loss_or_differs_where_it_should(
    name: str, version: str
) -> None:
    config = find_recipe(name).version(version).config
    small = Small(config)
    _, grads, _ = batch_loss_and_grads(
        small.network, small.params, small.X, small.labels, config.variant
    )
    factor = N if config.reduction == "sum" else 1
    rng = np.random.default_rng(1)
    for block, grad in grads.items():
        # Pixels of ink: the others' slopes are zero whatever the gradient.
        entries = np.flatnonzero(np.abs(grad) > 1e-6 * np.abs(grad).max(initial=0))
        entries = rng.choice(entries, min(15, len(entries)), replace=False)

        def loss(value: np.ndarray, block: str = block) -> float:
            params = {**small.params, block: value}
            return loss_and_grads(small.network, params, small.X, small.labels)[0]

        slopes = factor * numeric_gradient(loss, small.params[block], entries=entries)
        gap = np.abs(grad.ravel()[entries] - slopes).max() / np.abs(slopes).max()
        if "true-class" in config.gradient:
            assert gap > 0.01, block
        else:
            assert gap < 1e-5, block
