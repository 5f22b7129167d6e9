"""Lanes evaluated together: each as it would be alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from softmax_core.training import (
    Budget,
    Samples,
    Taught,
    TrainingConfig,
    advance,
    first_state,
    with_taught,
)
from softmax_core.training.evaluate import evaluate_both
from softmax_core.training.evaluate_race import evaluate_race

CONFIG = TrainingConfig(batch_size=48)


def test_each_lane_is_as_good_as_alone_on_its_own_samples(small_samples: Samples) -> None:
    test_set = Samples(small_samples.images[300:], small_samples.labels[300:])
    whole = Samples(small_samples.images[:300], small_samples.labels[:300])
    part = Samples(whole.images[::3], whole.labels[::3])
    drawings = (Taught(3, small_samples.images[0].tobytes()),)
    taught = with_taught(whole, drawings, (28, 28))
    lanes = [
        (CONFIG, whole),
        (replace(CONFIG, learning_rate=0.5), part),
        (replace(CONFIG, network="mlp", hidden_units=8), whole),
        (replace(CONFIG, pixels="raw", learning_rate=1e-5), whole),
        (replace(CONFIG, taught=drawings), taught),
        (replace(CONFIG, loss="clipped"), part),
        (replace(CONFIG, learning_rate=0.02), whole),
    ]
    configs, train_sets = zip(*lanes, strict=True)
    states = [
        advance(first_state(config, 784, 10), config, own, Budget(steps=5 + i))[0]
        for i, (config, own) in enumerate(lanes)
    ]
    found = evaluate_race(states, configs, train_sets, test_set, [0.5 * i for i in range(7)])
    for i, (config, own) in enumerate(lanes):
        alone = evaluate_both(config, states[i], own, test_set, 0.5 * i)
        assert (found[i].step, found[i].epoch) == (alone.step, alone.epoch) == (5 + i, 0.5 * i)
        for name in ("train_loss", "train_accuracy", "test_loss", "test_accuracy"):
            assert getattr(found[i], name) == pytest.approx(getattr(alone, name), rel=1e-5)
