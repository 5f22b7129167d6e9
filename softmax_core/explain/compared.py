"""Two models before the same test pictures: which is better, and whether that may be chance.

Both have read the very same pictures, so what both read rightly, or both wrongly, tells them
apart as little as a coin that was not thrown. Of the ``n`` pictures that only one of them
reads rightly, two equally good models would share by ``n`` throws of a coin; the chance of so
uneven a share or a worse one is the sign test's, exact, two-sided (Q. McNemar, Psychometrika
12, 1947, 153-157, takes the normal approximation of it).
"""

from __future__ import annotations

from math import comb
from typing import Final, NamedTuple

import numpy as np

from softmax_core.data.store import open_dataset
from softmax_core.explain.reading import predict_samples
from softmax_core.nn import Params
from softmax_core.training.config import TrainingConfig
from softmax_core.training.start import build_network

NOISE: Final = 0.05  # a lead with a larger chance than this is said to be within noise


class Compared(NamedTuple):
    """How two models did on the same test pictures."""

    n_pictures: int
    only_first: int  # pictures that only the first reads rightly
    only_second: int

    @property
    def chance(self) -> float:
        """How likely two equally good models are to differ by so much, in [0, 1]."""
        return coin_chance(self.only_first, self.only_second)

    @property
    def is_noise(self) -> bool:
        """Whether chance alone would often do it."""
        return self.chance > NOISE


def coin_chance(heads: int, tails: int) -> float:
    """Return how often a fair coin falls as unevenly as this or more: ``min(1, 2 P(<= fewer))``."""
    thrown, fewer = heads + tails, min(heads, tails)
    ways = sum(comb(thrown, k) for k in range(fewer + 1))
    # Whole numbers to the end: neither of the two would fit into a float.
    chance: float = (2 * ways * 10**12 // 2**thrown) / 10**12
    return min(1.0, chance)


def compare_on_test(
    first: tuple[TrainingConfig, Params], second: tuple[TrainingConfig, Params]
) -> Compared:
    """Let two models read the test set of the data set that both were trained on.

    Only settings and weights travel to whoever computes this; the pictures are opened there.

    Raises
    ------
    UserError
        When the data set cannot be had.
    """
    dataset = open_dataset(first[0].dataset)
    right = []
    for config, params in (first, second):
        network = build_network(config, dataset.info.n_features, dataset.info.n_classes)
        read = predict_samples(network, params, dataset.test_images, config.pixels)
        right.append(read == dataset.test_labels)
    return Compared(
        len(dataset.test_labels),
        int(np.count_nonzero(right[0] & ~right[1])),
        int(np.count_nonzero(right[1] & ~right[0])),
    )
