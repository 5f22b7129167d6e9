"""How much of a whole test set a model still reads when every picture is nudged alike."""

from __future__ import annotations

from typing import NamedTuple

from softmax_core.data.store import open_dataset
from softmax_core.errors import UserError
from softmax_core.explain.nudge import Nudge, nudged_samples
from softmax_core.nn import Params
from softmax_core.training import Samples, TrainingConfig
from softmax_core.training.evaluate import evaluate
from softmax_core.training.layered import network_of


class NudgedAccuracy(NamedTuple):
    """Shares of the test set read right, in [0, 1], by the same weights."""

    plain: float
    nudged: float
    n_samples: int


def nudged_accuracy(config: TrainingConfig, params: Params, nudge: Nudge) -> NudgedAccuracy:
    """Evaluate the test set as it is and as the nudge leaves it.

    A pure function of what can be pickled but for reading the data set, so that a worker can
    do it: the full MNIST takes about a second.

    Parameters
    ----------
    config : TrainingConfig
        Names the data set, and how its pixels are taken.
    params : dict of arrays
    nudge : Nudge

    Raises
    ------
    UserError
        If the data set has points in the plane, or cannot be had; if the nudge is out of range.
    """
    dataset = open_dataset(config.dataset)
    if dataset.info.kind != "pictures":
        raise UserError("nudge-points", "Points cannot be nudged. Choose a data set of pictures.")
    network = network_of(config, params)
    test_set = Samples(dataset.test_images, dataset.test_labels)
    nudged_set = nudged_samples(test_set, dataset.info.image_shape, nudge)
    plain, still = (evaluate(network, params, each, config)[1] for each in (test_set, nudged_set))
    return NudgedAccuracy(plain, still, len(test_set.labels))
