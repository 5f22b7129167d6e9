"""Taught drawings: joined without a copy, counted as said, and the run stays the same bits."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from softmax_core import limits
from softmax_core.errors import UserError
from softmax_core.nn import predict_logits, softmax
from softmax_core.training import (
    Budget,
    Samples,
    Taught,
    TrainingConfig,
    TrainingState,
    advance,
    evaluate,
    first_state,
    n_train_samples,
    with_taught,
)
from softmax_core.training.layered import network_of
from softmax_core.training.samples import to_inputs
from softmax_core.training.taught import MAX_TRAIN_SAMPLES, TaughtSamples

SHAPE = (28, 28)
NETWORKS = ("softmax", "relu-softmax", "mlp")


def seven() -> NDArray[np.uint8]:
    digit = np.zeros(SHAPE, np.uint8)
    digit[6, 8:20] = 255
    for row in range(6, 23):
        digit[row, 19 - (row - 6) // 2] = 200
    return digit


SEVEN = Taught(7, seven().tobytes())
BAR = Taught(1, np.pad(np.full((20, 2), 255, np.uint8), ((4, 4), (13, 13))).tobytes())


def joined(samples: Samples, *taught: Taught) -> TaughtSamples:
    train_set = with_taught(samples, taught, SHAPE)
    assert isinstance(train_set, TaughtSamples)
    return train_set


def rows_of(train_set: TaughtSamples) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """All rows, written out."""
    out = np.empty((train_set.n_samples, train_set.n_features), np.uint8)
    labels = train_set.gather(np.arange(train_set.n_samples), out)
    return out, labels


def assert_same(one: TrainingState, other: TrainingState) -> None:
    assert (one.step, one.epoch, one.position) == (other.step, other.epoch, other.position)
    for name, array in one.params.items():
        np.testing.assert_array_equal(array, other.params[name])


def test_without_drawings_the_training_set_itself_is_used(small_samples: Samples) -> None:
    assert with_taught(small_samples, (), SHAPE) is small_samples
    assert n_train_samples(TrainingConfig(), 400) == 400


def test_a_drawing_joins_in_nine_places_and_stays_whole(small_samples: Samples) -> None:
    pictures = joined(small_samples, SEVEN).joined.images.reshape(-1, *SHAPE)
    assert len({picture.tobytes() for picture in pictures}) == 9
    for picture, (down, right) in zip(pictures, np.ndindex(3, 3), strict=True):
        expected = np.zeros((30, 30), np.uint8)
        expected[down : down + 28, right : right + 28] = seven()
        np.testing.assert_array_equal(picture, expected[1:29, 1:29])


def test_ink_at_the_border_is_neither_cut_nor_wrapped(small_samples: Samples) -> None:
    frame = np.zeros(SHAPE, np.uint8)
    frame[0, 10], frame[5, 27], frame[20, 3] = 10, 20, 30
    pictures = joined(small_samples, Taught(0, frame.tobytes())).joined.images
    for picture in pictures.reshape(-1, *SHAPE):
        assert sorted(picture[picture > 0]) == [10, 20, 30]
        (top,), (right,) = np.nonzero(picture == 10)[0], np.nonzero(picture == 20)[1]
        assert top in (0, 1)  # it can only move down
        assert right in (26, 27)


@given(st.integers(1, limits.MAX_SAMPLES), st.integers(1, limits.MAX_TAUGHT))
def test_a_drawing_is_about_a_hundredth_of_the_training_set(n_base: int, n_drawings: int) -> None:
    config = TrainingConfig(taught=(SEVEN,) * n_drawings)
    added = n_train_samples(config, n_base) - n_base
    assert added % (9 * n_drawings) == 0
    assert added / n_drawings == pytest.approx(0.01 * n_base, abs=9)
    assert n_base + added <= MAX_TRAIN_SAMPLES


def test_every_row_is_the_base_s_or_a_drawing_s_and_each_counts_as_often(
    small_samples: Samples,
) -> None:
    five = np.tile(np.arange(400), 5)
    base = Samples(small_samples.images[five], small_samples.labels[five])
    train_set = joined(base, SEVEN, BAR)
    assert train_set.base is base
    config = TrainingConfig(taught=(SEVEN, BAR))
    assert train_set.n_samples == n_train_samples(config, 2_000) == 2_000 + 2 * 9 * 2
    images, labels = rows_of(train_set)
    np.testing.assert_array_equal(images[:2_000], base.images)
    np.testing.assert_array_equal(labels[:2_000], base.labels)
    counted = Counter(zip(labels[2_000:].tolist(), map(bytes, images[2_000:]), strict=True))
    assert set(counted.values()) == {2}
    assert counted[7, SEVEN.digit] == counted[1, BAR.digit] == 2
    assert len(counted) == 18


def test_rows_of_a_memory_map_are_looked_at_and_not_copied(
    small_samples: Samples, tmp_path: Path
) -> None:
    np.save(tmp_path / "images.npy", small_samples.images)
    images: NDArray[np.uint8] = np.load(tmp_path / "images.npy", mmap_mode="r")
    train_set = joined(Samples(images, small_samples.labels), SEVEN)
    assert isinstance(train_set.base.images, np.memmap)
    np.testing.assert_array_equal(rows_of(train_set)[0][:400], small_samples.images)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("batch_size", [7, 300])
def test_training_with_drawings_is_training_on_the_rows_written_out(
    small_samples: Samples, network: str, batch_size: int
) -> None:
    config = TrainingConfig(
        network=network, hidden_units=8, batch_size=batch_size, taught=(SEVEN, BAR)
    )
    images, labels = rows_of(joined(small_samples, *config.taught))
    plain = Samples(images, labels.astype(np.uint8))
    start = first_state(config, 784, 10)
    found, records = advance(start, config, joined(small_samples, *config.taught), Budget(steps=30))
    expected, others = advance(start, replace(config, taught=()), plain, Budget(steps=30))
    assert_same(found, expected)
    np.testing.assert_array_equal(records.loss, others.loss)


@settings(max_examples=30)
@given(cuts=st.lists(st.integers(1, 9), min_size=1, max_size=8), changes=st.integers(0, 2))
def test_however_it_is_sliced_a_run_with_drawings_is_the_same_bits(
    small_samples: Samples, cuts: list[int], changes: int
) -> None:
    configs = [TrainingConfig(batch_size=96, taught=(SEVEN, BAR)[:n]) for n in range(changes + 1)]
    whole = sliced = first_state(configs[0], 784, 10)
    for config in configs:
        train_set = with_taught(small_samples, config.taught, SHAPE)
        whole, _ = advance(whole, config, train_set, Budget(steps=sum(cuts)))
        for steps in cuts:
            sliced, _ = advance(sliced, config, train_set, Budget(steps=steps))
    assert_same(sliced, whole)


def test_a_drawing_that_joins_in_the_middle_of_an_epoch_keeps_the_position(
    small_samples: Samples,
) -> None:
    plain = TrainingConfig(batch_size=50)
    state, _ = advance(first_state(plain, 784, 10), plain, small_samples, Budget(steps=5))
    assert (state.epoch, state.position) == (0, 250)
    config = replace(plain, taught=(SEVEN,))
    state, records = advance(
        state, config, joined(small_samples, SEVEN), Budget(until_epoch=state.epoch + 1)
    )
    assert records.batch_size.tolist() == [50, 50, 50, 9]
    assert (state.epoch, state.position, state.samples_seen) == (1, 0, 409)


def test_where_the_smaller_set_ends_before_the_position_the_epoch_is_over(
    small_samples: Samples,
) -> None:
    config = TrainingConfig(batch_size=51, taught=(SEVEN,))
    state, _ = advance(
        first_state(config, 784, 10), config, joined(small_samples, SEVEN), Budget(steps=8)
    )
    assert (state.epoch, state.position) == (0, 408)
    plain = replace(config, taught=())
    state, records = advance(state, plain, small_samples, Budget(steps=1))
    assert (state.epoch, state.position, state.samples_seen) == (1, 51, 459)
    assert records.batch_size.tolist() == [51]


def test_a_batch_of_the_whole_data_set_takes_the_drawings_too(small_samples: Samples) -> None:
    config = TrainingConfig(batch_size=400, taught=(SEVEN,))
    train_set = joined(small_samples, SEVEN)
    state, records = advance(first_state(config, 784, 10), config, train_set, Budget(steps=2))
    assert records.batch_size.tolist() == [409, 409]
    assert state.epoch == 2


@pytest.mark.parametrize("network", NETWORKS)
def test_evaluation_counts_a_drawing_as_often_as_it_is_trained_on(
    small_samples: Samples, network: str
) -> None:
    config = TrainingConfig(network=network, hidden_units=8, taught=(SEVEN, BAR))
    start = first_state(config, 784, 10)
    train_set = joined(small_samples, *config.taught)
    state, _ = advance(start, config, train_set, Budget(steps=20))
    images, labels = rows_of(train_set)
    plain = Samples(images, labels.astype(np.uint8))
    description = network_of(config, state.params)
    found = evaluate(description, state.params, train_set, config)
    expected = evaluate(description, state.params, plain, config)
    assert found == pytest.approx(expected, rel=1e-6)


def test_a_few_dozen_steps_with_a_drawing_make_it_more_probable(small_samples: Samples) -> None:
    # A zero that its author calls a seven: nothing but the drawing itself can teach that.
    odd = Taught(7, small_samples.images[np.flatnonzero(small_samples.labels == 0)[0]].tobytes())
    digit = np.frombuffer(odd.digit, np.uint8).reshape(1, -1)
    config = TrainingConfig(batch_size=128)
    state, _ = advance(first_state(config, 784, 10), config, small_samples, Budget(steps=200))

    def probability(state: TrainingState) -> float:
        network = network_of(config, state.params)
        return float(softmax(predict_logits(network, state.params, to_inputs(digit)))[0, 7])

    before = probability(state)
    taught = replace(config, taught=(odd,))
    after, _ = advance(state, taught, joined(small_samples, odd), Budget(steps=30))
    without, _ = advance(state, config, small_samples, Budget(steps=30))
    assert before < 0.01
    assert probability(without) < 0.01
    assert probability(after) > 5 * before


def test_settings_refuse_too_many_and_impossible_drawings() -> None:
    most = TrainingConfig(taught=(SEVEN,) * limits.MAX_TAUGHT)
    with pytest.raises(UserError, match="At most 20 drawings"):
        replace(most, taught=(*most.taught, SEVEN))
    with pytest.raises(UserError, match="class of an added drawing"):
        TrainingConfig(taught=(Taught(limits.MAX_CLASSES, SEVEN.digit),))
    with pytest.raises(UserError, match="class of an added drawing"):
        TrainingConfig(taught=(Taught(-1, SEVEN.digit),))
    for n_pixels in (0, limits.MAX_IMAGE_SIDE**2 + 1):
        with pytest.raises(UserError, match="pixels"):
            TrainingConfig(taught=(Taught(0, bytes(n_pixels)),))


def test_a_drawing_of_another_data_set_is_refused_with_both_numbers(small_samples: Samples) -> None:
    small = Taught(3, bytes(64))
    with pytest.raises(UserError, match=r"64 pixels.*784") as refusal:
        with_taught(small_samples, (small,), SHAPE)
    assert refusal.value.code == "taught-size"
    with pytest.raises(UserError, match="64 pixels"):
        first_state(TrainingConfig(taught=(small,)), 784, 10)
    points = Samples(np.zeros((30, 2), np.float32), np.zeros(30, np.uint8))
    with pytest.raises(UserError, match="points"):
        with_taught(points, (Taught(0, bytes(2)),), (1, 2))


def test_a_class_that_the_network_has_not_is_refused_before_a_step(small_samples: Samples) -> None:
    config = TrainingConfig(taught=(Taught(12, SEVEN.digit),))
    start = first_state(TrainingConfig(), 784, 10)
    with pytest.raises(UserError, match=r"class 12.*0 to 9") as refusal:
        advance(start, config, joined(small_samples, *config.taught), Budget(steps=1))
    assert refusal.value.code == "taught-label"
    with pytest.raises(UserError, match="class 12"):
        first_state(config, 784, 10)
