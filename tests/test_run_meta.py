"""What a saved run says of drawings that were added to it: all of it, and nothing impossible."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from softmax_core import limits
from softmax_core.errors import UserError
from softmax_core.persist import read_run, write_run
from softmax_core.run_meta import plain_settings
from softmax_core.training import (
    Budget,
    Samples,
    Taught,
    TrainingConfig,
    TrainingState,
    advance,
    first_state,
    with_taught,
)
from tests.persist_zoo import META, run_file

# A run of the zoo reads 4 pixels in 3 classes.
FOUR = base64.b64encode(bytes([1, 2, 3, 255])).decode()


def with_drawings(taught: Any, **counts: int) -> bytes:
    return run_file(META | {"config": META["config"] | {"taught": taught}} | counts)


DRAWINGS = st.lists(
    st.builds(Taught, st.integers(0, 2), st.binary(min_size=4, max_size=4)),
    max_size=limits.MAX_TAUGHT,
)


@settings(max_examples=50)
@given(DRAWINGS)
def test_drawings_come_back_as_they_were(drawings: list[Taught]) -> None:
    config = TrainingConfig(dataset="digits", taught=tuple(drawings))
    state = TrainingState({"W": np.ones((4, 3), np.float32), "b": np.ones(3, np.float32)})
    saved = read_run(write_run(config, state))
    assert saved.config == config
    assert all(type(drawing) is Taught for drawing in saved.config.taught)


def test_twenty_of_the_largest_drawings_fit() -> None:
    pixels = limits.MAX_IMAGE_SIDE**2
    digit = np.random.default_rng(0).bytes(pixels)
    config = TrainingConfig(taught=(Taught(2, digit),) * limits.MAX_TAUGHT)
    params = {"W": np.ones((pixels, 3), np.float32), "b": np.ones(3, np.float32)}
    assert read_run(write_run(config, TrainingState(params))).config == config


def test_a_run_without_drawings_is_the_file_it_always_was(small_samples: Samples) -> None:
    config = TrainingConfig()
    state, _ = advance(first_state(config, 784, 10), config, small_samples, Budget(steps=9))
    assert b"taught" not in write_run(config, state)


@pytest.mark.parametrize("left", [0, 1])
def test_a_run_goes_on_bit_for_bit_though_drawings_came_and_went(
    small_samples: Samples, left: int
) -> None:
    drawings = tuple(Taught(k, small_samples.images[k].tobytes()) for k in (1, 2))
    state = first_state(TrainingConfig(), 784, 10)
    phases = ((15, ()), (6, drawings[:1]), (22, drawings), (40, drawings[:left]))
    for steps, taught in phases:
        config = TrainingConfig(batch_size=37, taught=taught)
        train_set = with_taught(small_samples, taught, (28, 28))
        state, _ = advance(state, config, train_set, Budget(steps=steps))
    assert (state.samples_seen - state.position) % state.epoch
    saved = read_run(write_run(config, state))
    assert saved.config == config
    found, _ = advance(saved.state, saved.config, train_set, Budget(steps=20))
    expected, _ = advance(state, config, train_set, Budget(steps=20))
    for name, array in expected.params.items():
        np.testing.assert_array_equal(found.params[name], array)


@pytest.mark.parametrize(
    "taught",
    [
        "AQID",
        {"7": FOUR},
        [FOUR],
        [[1]],
        [[1, FOUR, 0]],
        [[1, None]],
        [[True, FOUR]],
        [[1.0, FOUR]],
        [["1", FOUR]],
        [[-1, FOUR]],
        [[3, FOUR]],  # there are three classes
        [[limits.MAX_CLASSES, FOUR]],
        [[1, ""]],
        [[1, "AQID"]],  # three pixels
        [[1, FOUR + "\n"]],
        [[1, FOUR[:-1]]],
        [[1, "AQID/x=="]],  # stray bits behind the last byte: the same four bytes, in other words
        [[1, "ä" + FOUR[1:]]],
        [[1, FOUR]] * (limits.MAX_TAUGHT + 1),
    ],
)
def test_impossible_drawings_are_refused_with_a_sentence_that_repeats_none(taught: Any) -> None:
    with pytest.raises(UserError) as refusal:
        read_run(with_drawings(taught))
    assert refusal.value.code == "run-config"
    assert refusal.value.text.endswith("Nothing was changed.")
    assert FOUR not in refusal.value.text


def test_epochs_of_other_sizes_are_believed_only_of_a_run_that_had_drawings() -> None:
    uneven = {"step": 9, "epoch": 2, "position": 3, "samples_seen": 20}
    assert read_run(with_drawings([], **uneven)).state.samples_seen == 20
    with pytest.raises(UserError, match="disagree"):
        read_run(run_file(META | uneven))


@pytest.mark.parametrize(
    "counts",
    [
        {"step": 1, "epoch": 2, "position": 3, "samples_seen": 20},
        {"step": 21, "epoch": 2, "position": 3, "samples_seen": 20},
        {"step": 9, "epoch": 0, "position": 3, "samples_seen": 20},
        {"step": 9, "epoch": 2, "position": 19, "samples_seen": 20},
        {"step": 9, "epoch": 1, "position": 130_000, "samples_seen": 140_000},
        {"step": 9, "epoch": 1, "position": 1, "samples_seen": 130_000},
        {"step": 0, "epoch": 0, "position": 1, "samples_seen": 1},
    ],
)
def test_also_with_drawings_impossible_counts_are_refused(counts: dict[str, int]) -> None:
    with pytest.raises(UserError, match="disagree"):
        read_run(with_drawings([[1, FOUR]], **counts))


def test_a_trained_start_of_another_network_is_refused() -> None:
    config = META["config"] | {"init": "trained"}
    with pytest.raises(UserError, match="trained model"):
        read_run(run_file(META | {"config": config}))


def test_a_run_that_began_from_the_trained_model_comes_back(small_samples: Samples) -> None:
    config = TrainingConfig(network="mlp", init="trained")
    state, _ = advance(first_state(config, 784, 10), config, small_samples, Budget(steps=3))
    saved = read_run(write_run(config, state))
    assert saved.config == config
    np.testing.assert_array_equal(saved.state.params["W2"], state.params["W2"])


def test_plain_settings_are_json() -> None:
    config = TrainingConfig(taught=(Taught(2, bytes([1, 2, 3, 255])),))
    said = json.loads(json.dumps(plain_settings(config)))
    assert said["taught"] == [[2, FOUR]]
    assert TrainingConfig(**{**said, "taught": config.taught}) == config
    assert replace(config, taught=()) == TrainingConfig(**{**said, "taught": ()})
