"""Saved runs: what is read is what was written, and training goes on as if nothing had been."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from softmax_core import limits
from softmax_core.errors import UserError
from softmax_core.nn import Params
from softmax_core.persist import SavedRun, check_savable, read_run, write_run
from softmax_core.training import (
    Budget,
    Samples,
    StepRecords,
    Stop,
    TrainingConfig,
    TrainingState,
    advance,
    first_state,
)
from tests.persist_zoo import members
from tests.raw_zip import archive

NETWORKS = ("softmax", "relu-softmax", "mlp")

every_network = pytest.mark.parametrize("network", NETWORKS)
with_and_without_momentum = pytest.mark.parametrize("momentum", [0.0, 0.9])


def settings_of(network: str, momentum: float = 0.0) -> TrainingConfig:
    return TrainingConfig(
        network=network, momentum=momentum, batch_size=48, hidden_units=12, l2=1e-4, seed=3
    )


def trained(config: TrainingConfig, samples: Samples, steps: int) -> TrainingState:
    start = first_state(config, samples.images.shape[1], 10)
    return advance(start, config, samples, Budget(steps=steps))[0]


def bits(params: Params) -> dict[str, tuple[tuple[int, ...], str, bytes]]:
    """Shapes, types and the very bytes."""
    return {name: (a.shape, a.dtype.str, a.tobytes()) for name, a in params.items()}


def assert_same(found: TrainingState, expected: TrainingState) -> None:
    assert bits(found.params) == bits(expected.params)
    assert bits(found.velocity) == bits(expected.velocity)
    # A file holds no past.
    one = replace(found, params={}, velocity={}, previous=None)
    assert one == replace(expected, params={}, velocity={}, previous=None)


@every_network
@with_and_without_momentum
def test_a_run_in_the_middle_of_an_epoch_comes_back_to_the_last_bit(
    small_samples: Samples, network: str, momentum: float
) -> None:
    config = settings_of(network, momentum)
    state = trained(config, small_samples, steps=13)
    assert (state.epoch, state.position) == (1, 4 * 48)
    saved = read_run(write_run(config, state))
    assert (saved.config, saved.n_features, saved.n_classes) == (config, 784, 10)
    assert bool(saved.state.velocity) == bool(momentum)
    assert_same(saved.state, state)


@every_network
@with_and_without_momentum
def test_training_goes_on_from_a_saved_run_as_if_it_had_not_been_saved(
    small_samples: Samples, network: str, momentum: float
) -> None:
    config = settings_of(network, momentum)
    state = trained(config, small_samples, steps=13)
    saved = read_run(write_run(config, state))
    there, there_records = advance(saved.state, saved.config, small_samples, Budget(steps=20))
    here, here_records = advance(state, config, small_samples, Budget(steps=20))
    assert_same(there, here)
    for name in StepRecords._fields:
        np.testing.assert_array_equal(getattr(there_records, name), getattr(here_records, name))


@every_network
def test_equal_runs_are_equal_files(small_samples: Samples, network: str) -> None:
    config = settings_of(network, 0.5)
    once = write_run(config, trained(config, small_samples, 5))
    again = write_run(config, trained(config, small_samples, 5))
    assert once == again
    saved = read_run(once)
    assert write_run(saved.config, saved.state) == once
    assert write_run(config, trained(config, small_samples, 6)) != once


def test_a_run_before_its_first_step_can_be_saved() -> None:
    config = TrainingConfig(init="zero")
    state = first_state(config, 64, 10)
    assert_same(read_run(write_run(config, state)).state, state)


def test_the_arrays_read_are_new_and_free_to_use() -> None:
    state = read_run(write_run(tiny_config(), tiny_state())).state
    for array in state.params.values():
        assert array.flags.writeable
        assert array.flags.owndata
        assert array.flags.c_contiguous


def tiny_config() -> TrainingConfig:
    return TrainingConfig(learning_rate=0.25, batch_size=2)


def tiny_state() -> TrainingState:
    """A state of a training set of 8 samples, in numbers that a float32 holds exactly."""
    params: Params = {
        "W": np.arange(-6, 6, dtype=np.float32).reshape(4, 3) / 8,
        "b": np.array([0, -0.0, 1e-45], np.float32),
    }
    return TrainingState(params, {}, 6, 1, 4, 12, 1.5)


def test_format_1_is_written_to_the_last_bit_as_it_ever_was() -> None:
    data = write_run(tiny_config(), tiny_state())
    assert len(data) == 939
    assert hashlib.sha256(data).hexdigest() == (
        "d5f6a9d9e4de471e9c8aecc1d15e4d63f014aead2944dc806fc252611dc559fa"
    )


def test_the_arrays_come_in_the_order_of_the_network() -> None:
    meta, weights, bias = members()
    params = read_run(archive([meta, bias, weights])).state.params
    assert list(params) == ["W", "b"]


def test_numpy_reads_the_same_arrays_out_of_a_saved_run() -> None:
    with np.load(io.BytesIO(write_run(tiny_config(), tiny_state())), allow_pickle=False) as file:
        arrays = {name: file[f"params/{name}"] for name in ("W", "b")}
        meta = json.loads(file["meta.json"])
    assert bits(arrays) == bits(tiny_state().params)
    assert meta["config"]["learning_rate"] == 0.25
    assert (meta["step"], meta["samples_seen"]) == (6, 12)


def test_why_a_run_was_stopped_is_not_saved() -> None:
    stopped = replace(tiny_state(), stop=Stop(7, "The steps are too big."))
    assert_same(read_run(write_run(tiny_config(), stopped)).state, tiny_state())


finite = st.floats(-1e6, 1e6, width=32, allow_subnormal=True)
configs = st.builds(
    TrainingConfig,
    dataset=st.text(max_size=40).filter(str.isprintable),
    network=st.sampled_from(("softmax", "relu-softmax")),
    learning_rate=st.floats(1e-6, 100),
    batch_size=st.integers(1, 100_000),
    epochs=st.integers(1, 200),
    seed=st.integers(0, 2**32 - 1),
    l2=st.floats(0, 1),
    momentum=st.floats(0, 0.99),
)


@given(data=st.data(), config=configs, start_loss=st.none() | st.floats(0, 1e300))
def test_any_settings_and_any_finite_numbers_come_back(
    data: st.DataObject, config: TrainingConfig, start_loss: float | None
) -> None:
    n_features, n_classes = data.draw(st.integers(1, 9)), data.draw(st.integers(2, 5))
    shapes = {"W": (n_features, n_classes), "b": (n_classes,)}
    groups = st.fixed_dictionaries(
        {name: hnp.arrays(np.float32, shape, elements=finite) for name, shape in shapes.items()}
    )
    params, velocity = data.draw(groups), data.draw(st.just({}) | groups)
    n_samples, epoch = data.draw(st.integers(1, 100_000)), data.draw(st.integers(1, 200))
    position = data.draw(st.integers(0, n_samples - 1))
    seen = epoch * n_samples + position
    state = TrainingState(params, velocity, epoch + position, epoch, position, seen, start_loss)
    saved = read_run(write_run(config, state))
    assert saved.config == config
    assert_same(saved.state, state)


def with_weights(**changes: Any) -> TrainingState:
    return replace(tiny_state(), params=tiny_state().params | changes)


@pytest.mark.parametrize("value", [np.nan, np.inf, -1.1e6])
def test_weights_that_could_not_be_read_again_are_not_written(value: float) -> None:
    with pytest.raises(UserError, match="The run was not saved: params/b holds"):
        write_run(tiny_config(), with_weights(b=np.array([0, value, 0], np.float32)))


def test_the_largest_weight_allowed_can_be_saved() -> None:
    state = with_weights(b=np.array([0, -limits.MAX_WEIGHT, 0], np.float32))
    assert_same(read_run(write_run(tiny_config(), state)).state, state)


def test_a_network_too_large_to_be_saved_is_noticed_before_it_is_trained() -> None:
    config = TrainingConfig(network="mlp", hidden_units=256, momentum=0.9)
    check_savable(config, 28 * 28, limits.MAX_CLASSES)
    with pytest.raises(UserError, match=r"a file of 8,\d\d\d,\d\d\d bytes.* fewer hidden units"):
        check_savable(config, 64 * 64, limits.MAX_CLASSES)


def test_a_folder_with_an_endless_name_is_noticed_before_training() -> None:
    config = TrainingConfig(dataset="folder:/" + "long" * 1000)
    with pytest.raises(UserError, match="shorter name"):
        check_savable(config, 64, 10)


def test_what_is_read_says_how_wide_it_is() -> None:
    saved = read_run(write_run(tiny_config(), tiny_state()))
    assert isinstance(saved, SavedRun)
    assert (saved.n_features, saved.n_classes) == (4, 3)
