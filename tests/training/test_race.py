"""A race: lanes computed together are the runs they would be alone, however it is cut."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from softmax_core.nn import loss_and_grads
from softmax_core.training import (
    Budget,
    Samples,
    StepRecords,
    Taught,
    TrainingConfig,
    TrainingState,
    advance,
    first_state,
    with_taught,
)
from softmax_core.training.race import advance_race, advance_race_timed
from softmax_core.training.race_runner import RacingLane, runners_of
from softmax_core.training.side_by_side import LEAVES_OUT_BLANKS, SideBySide
from softmax_core.training.start import build_network, epoch_order

CONFIG = TrainingConfig(batch_size=48)
MIXED = (
    CONFIG,
    replace(CONFIG, learning_rate=0.01, momentum=0.9),
    replace(CONFIG, learning_rate=0.5, init="zero"),
    replace(CONFIG, l2=0.01, init="unit-normal"),
    replace(CONFIG, l2=0.1, momentum=0.5, learning_rate=0.02, init="unit-normal-all"),
    replace(CONFIG, learning_rate=1e-4, init="scaled"),
)
DIVERGING = replace(CONFIG, learning_rate=10.0, l2=1.0)

Result = tuple[tuple[TrainingState, ...], tuple[StepRecords, ...]]


def starts(configs: Sequence[TrainingConfig], samples: Samples) -> tuple[TrainingState, ...]:
    return tuple(first_state(config, samples.n_features, 10) for config in configs)


def rates(n_lanes: int) -> tuple[TrainingConfig, ...]:
    return tuple(replace(CONFIG, learning_rate=0.01 * (i + 1)) for i in range(n_lanes))


def n_groups(
    states: Sequence[TrainingState], configs: Sequence[TrainingConfig], train_set: Samples
) -> int:
    lanes = [RacingLane(s, c, train_set) for s, c in zip(states, configs, strict=True)]
    return len(runners_of(lanes, Budget()))


def assert_close(state: TrainingState, alone: TrainingState) -> None:
    """Hold a lane to ``advance``: counts the same, numbers within 1e-5 of the largest."""
    for name in ("step", "epoch", "position", "samples_seen"):
        assert getattr(state, name) == getattr(alone, name)
    for kind in ("params", "velocity"):
        ours, theirs = getattr(state, kind), getattr(alone, kind)
        assert ours.keys() == theirs.keys()
        for name, array in theirs.items():
            assert ours[name].dtype == array.dtype
            np.testing.assert_allclose(ours[name], array, atol=1e-5 * np.abs(array).max())
    assert (state.previous is None) == (alone.previous is None)
    if state.previous is not None and alone.previous is not None:
        assert_close(state.previous, alone.previous)


def assert_same_bits(one: Result, other: Result) -> None:
    for state, again in zip(one[0], other[0], strict=True):
        assert pickle.dumps(state.stop) == pickle.dumps(again.stop)
        assert (state.step, state.samples_seen) == (again.step, again.samples_seen)
        for kind in ("params", "velocity"):
            for name, array in getattr(state, kind).items():
                assert array.tobytes() == getattr(again, kind)[name].tobytes()
    for records, others in zip(one[1], other[1], strict=True):
        for column, same in zip(records, others, strict=True):
            np.testing.assert_array_equal(column, same)


def in_slices(
    configs: Sequence[TrainingConfig],
    train_set: Samples,
    slices: Sequence[int],
    first: tuple[TrainingState, ...] | None = None,
) -> Result:
    states = first or starts(configs, train_set)
    parts = []
    for rounds in slices:
        states, records = advance_race(states, configs, train_set, Budget(steps=rounds))
        parts.append(records)
    joined = (
        StepRecords(*map(np.concatenate, zip(*own, strict=True)))
        for own in zip(*parts, strict=True)
    )
    return states, tuple(joined)


@pytest.mark.parametrize("configs", [MIXED, rates(3), rates(LEAVES_OUT_BLANKS + 4)])
def test_each_lane_is_the_run_it_would_be_alone(
    small_samples: Samples, configs: tuple[TrainingConfig, ...]
) -> None:
    first = starts(configs, small_samples)
    assert n_groups(first, configs, small_samples) == 1
    states, records = advance_race(first, configs, small_samples, Budget(until_epoch=4))
    for lane, config in enumerate(configs):
        alone, theirs = advance(first[lane], config, small_samples, Budget(until_epoch=4))
        assert alone.step == 36  # 400 pictures: the last batch of each epoch is short
        assert_close(states[lane], alone)
        for name in ("loss", "gradient_norm"):
            ours, expected = getattr(records[lane], name), getattr(theirs, name)
            np.testing.assert_allclose(ours, expected, rtol=1e-5)
        for name in ("step", "accuracy", "learning_rate", "batch_size", "samples_seen"):
            np.testing.assert_array_equal(getattr(records[lane], name), getattr(theirs, name))


@pytest.mark.parametrize("n_lanes", [2, LEAVES_OUT_BLANKS, 64])
def test_the_gradient_of_every_lane_is_the_slope_of_its_loss(
    small_samples: Samples, n_lanes: int
) -> None:
    rng = np.random.default_rng(0)
    configs = tuple(replace(CONFIG, learning_rate=1.0, seed=seed) for seed in range(n_lanes))
    states = starts(configs, small_samples)
    rows = np.arange(0, 400, 7)
    lanes = SideBySide(states, configs, small_samples, len(rows))
    figures = lanes.measure(rows)
    lanes.update()
    X = small_samples.images[rows] / 255.0
    network = build_network(CONFIG, small_samples.n_features, 10)
    for lane in (0, n_lanes - 1):
        before = {name: array.astype(np.float64) for name, array in states[lane].params.items()}
        after = lanes.snapshot(lane)[0]
        direction = {name: rng.normal(size=array.shape) for name, array in before.items()}
        losses = []
        for way in (-1e-5, 1e-5):
            moved = {name: array + way * direction[name] for name, array in before.items()}
            losses.append(loss_and_grads(network, moved, X, small_samples.labels[rows])[0])
        slope = (losses[1] - losses[0]) / 2e-5
        claimed = sum(float(np.vdot(before[n] - after[n], direction[n])) for n in before)
        assert claimed == pytest.approx(slope, rel=1e-4)
        squares = sum(float(np.square(before[n] - after[n]).sum()) for n in before)
        assert figures.gradient_norm[lane] == pytest.approx(np.sqrt(squares), rel=1e-4)


@settings(max_examples=15)
@given(cuts=st.lists(st.integers(1, 9), min_size=1, max_size=6), mixed=st.booleans())
def test_slicing_changes_no_bit(small_samples: Samples, cuts: list[int], mixed: bool) -> None:
    others = (DIVERGING, replace(CONFIG, batch_size=20), replace(CONFIG, network="relu-softmax"))
    configs = (*(MIXED if mixed else rates(LEAVES_OUT_BLANKS + 1)), *others)
    whole = in_slices(configs, small_samples, [sum(cuts)])
    assert_same_bits(in_slices(configs, small_samples, cuts), whole)


def test_time_cuts_slices_too_and_changes_no_bit(small_samples: Samples) -> None:
    configs = (*MIXED, replace(CONFIG, batch_size=20))
    ticks = iter(range(10_000))
    states = starts(configs, small_samples)
    n_slices = 0
    while states[0].epoch < 3:
        n_slices += 1
        budget = Budget(seconds=5.0, until_epoch=3, clock=lambda: float(next(ticks)))
        states, _ = advance_race(states, configs, small_samples, budget)
    assert 2 < n_slices < 20
    whole, _ = advance_race(
        starts(configs, small_samples), configs, small_samples, Budget(until_epoch=3)
    )
    assert_same_bits((states, ()), (whole, ()))


def test_a_diverged_lane_stops_alone_as_it_would_have(small_samples: Samples) -> None:
    raw = replace(CONFIG, learning_rate=10.0, momentum=0.99, l2=0.5)
    configs = (CONFIG, DIVERGING, *rates(2), raw)
    first = starts(configs, small_samples)
    states, records = advance_race(first, configs, small_samples, Budget(steps=150))
    for lane, config in enumerate(configs):
        alone, theirs = advance(first[lane], config, small_samples, Budget(steps=150))
        assert len(records[lane].step) == len(theirs.step)
        if lane not in (1, 4):
            assert states[lane].stop is None
            assert_close(states[lane], alone)
            continue
        stop, expected = states[lane].stop, alone.stop
        assert stop is not None
        assert expected is not None
        assert stop.step == expected.step == records[lane].step[-1] + 1 < 150
        assert states[lane].step == alone.step < stop.step
        for name, array in alone.params.items():
            np.testing.assert_allclose(states[lane].params[name], array, rtol=1e-4, atol=1e-5)
    again, more = advance_race(states, configs, small_samples, Budget(steps=2))
    assert again[1] is states[1]
    assert not len(more[1].step)
    assert again[0].step == states[0].step + 2


def test_no_lane_is_ever_ahead_by_more_than_the_largest_batch(small_samples: Samples) -> None:
    sizes = (128, 20, 48, 1, 48)
    configs = [replace(CONFIG, batch_size=size, learning_rate=0.01) for size in sizes]
    states = starts(configs, small_samples)
    for _ in range(12):
        states, _ = advance_race(states, configs, small_samples, Budget(steps=1))
        seen = [state.samples_seen for state in states]
        assert max(seen) - min(seen) <= 128
        assert states[0].samples_seen == min(seen)
    assert states[0].step == 12


def test_lanes_of_other_batch_sizes_are_the_runs_that_advance_makes(
    small_samples: Samples,
) -> None:
    configs = (
        replace(CONFIG, batch_size=100),
        replace(CONFIG, batch_size=16),
        replace(CONFIG, network="mlp", hidden_units=8),
        replace(CONFIG, softmax="naive"),
        replace(CONFIG, bias="none"),
    )
    first = starts(configs, small_samples)
    states, records = advance_race(first, configs, small_samples, Budget(until_epoch=2))
    for lane, config in enumerate(configs):
        alone, theirs = advance(first[lane], config, small_samples, Budget(until_epoch=2))
        assert_same_bits(((states[lane],), (records[lane],)), ((alone,), (theirs,)))
        assert states[lane].samples_seen == 800


def test_a_lane_that_joins_late_catches_up_and_shares_again(small_samples: Samples) -> None:
    configs = rates(3)
    states = starts(configs, small_samples)
    ahead, _ = advance_race(states[:2], configs[:2], small_samples, Budget(steps=5))
    states = (*ahead, states[2])
    whole = in_slices(configs, small_samples, [8], states)
    assert {state.step for state in whole[0]} == {8}
    assert_same_bits(in_slices(configs, small_samples, [1, 3, 2, 2], states), whole)
    assert n_groups(whole[0], configs, small_samples) == 1


def test_lanes_may_have_training_sets_of_their_own(small_samples: Samples) -> None:
    half = Samples(small_samples.images[:200], small_samples.labels[:200])
    digit = Taught(3, small_samples.images[0].tobytes())
    taught = with_taught(small_samples, (digit,), (28, 28))
    configs = (CONFIG, CONFIG, replace(CONFIG, taught=(digit,)), CONFIG)
    sets = [small_samples, half, taught, small_samples]
    first = starts(configs, small_samples)
    states, _ = advance_race(first, configs, sets, Budget(steps=20))
    for state, config, train_set in zip(states, configs, sets, strict=True):
        assert state.samples_seen >= states[0].samples_seen
        alone, _ = advance(first[0], config, train_set, Budget(until_step=state.step))
        assert_close(state, alone)
    assert states[1].step == 22  # its epochs end with short batches


def test_a_bound_on_examples_ends_each_lane_where_it_would_alone(small_samples: Samples) -> None:
    half = Samples(small_samples.images[:200], small_samples.labels[:200])
    configs = (*rates(2), replace(CONFIG, batch_size=30), CONFIG, replace(CONFIG, network="mlp"))
    sets = [*[small_samples] * 3, half, small_samples]
    first = starts(configs, small_samples)
    bound = Budget(until_samples=500)
    states, records = advance_race(first, configs, sets, bound)
    for lane, config in enumerate(configs):
        alone, theirs = advance(first[lane], config, sets[lane], bound)
        assert_close(states[lane], alone)
        assert len(records[lane].step) == len(theirs.step)
        assert 500 <= alone.samples_seen < 500 + config.batch_size
        again, none = advance(alone, config, sets[lane], bound)
        assert (again.step, len(none.step)) == (alone.step, 0)
    assert [state.samples_seen for state in states[2:4]] == [520, 544]
    parts = states = first
    for seen in range(50, 501, 50):
        parts, _ = advance_race(parts, configs, sets, Budget(until_samples=seen))
    whole, _ = advance_race(first, configs, sets, bound)
    assert_same_bits((parts, ()), (whole, ()))


def test_the_time_of_a_lane_is_that_of_all_computed_with_it(small_samples: Samples) -> None:
    configs = (*rates(2), replace(CONFIG, batch_size=1), DIVERGING)
    states = starts(configs, small_samples)
    done = advance_race_timed(states, configs, small_samples, Budget(until_epoch=1))
    together, same, alone, stopped = done.seconds
    assert together == same > 0
    assert alone > 0
    assert 0 < stopped <= together
    plain = advance_race(states, configs, small_samples, Budget(until_epoch=1))
    assert_same_bits((done.states, done.records), plain)


def test_a_batch_larger_than_a_chunk_has_the_gradient_of_the_whole(
    monkeypatch: pytest.MonkeyPatch, small_samples: Samples
) -> None:
    configs = tuple(replace(config, batch_size=400) for config in MIXED)
    first = starts(configs, small_samples)
    whole, _ = advance_race(first, configs, small_samples, Budget(steps=3))
    monkeypatch.setattr("softmax_core.training.side_by_side.MAX_CHUNK", 96)
    chunked, _ = advance_race(first, configs, small_samples, Budget(steps=3))
    for state, other in zip(whole, chunked, strict=True):
        assert_close(state, other)


def test_a_race_leaves_the_states_it_was_given_alone_and_can_be_pickled(
    small_samples: Samples,
) -> None:
    states, _ = in_slices(MIXED, small_samples, [3])
    copies = pickle.loads(pickle.dumps(states))
    results = [
        advance_race(given_, MIXED, small_samples, Budget(steps=4)) for given_ in (states, copies)
    ]
    assert_same_bits(*results)
    assert_same_bits((states, ()), (copies, ()))


def test_momentum_may_be_changed_in_the_middle(small_samples: Samples) -> None:
    before = rates(3)
    after = (before[0], replace(before[1], momentum=0.9), replace(before[2], momentum=0.0))
    before = (before[0], before[1], replace(before[2], momentum=0.8))
    first = starts(before, small_samples)
    for steps in (1, 4):
        states, _ = advance_race(first, before, small_samples, Budget(steps=3))
        states, _ = advance_race(states, after, small_samples, Budget(steps=steps))
        for lane in range(3):
            alone, _ = advance(first[lane], before[lane], small_samples, Budget(steps=3))
            alone, _ = advance(alone, after[lane], small_samples, Budget(steps=steps))
            assert_close(states[lane], alone)


def test_the_order_of_examples_is_the_one_of_the_seed(small_samples: Samples) -> None:
    configs = rates(2)
    _, records = advance_race(
        starts(configs, small_samples), configs, small_samples, Budget(steps=1)
    )
    rows = epoch_order(CONFIG.seed, 0, 400)[: CONFIG.batch_size]
    network = build_network(CONFIG, small_samples.n_features, 10)
    params = first_state(CONFIG, small_samples.n_features, 10).params
    X = small_samples.images[rows] / np.float32(255)
    loss, _, _ = loss_and_grads(network, params, X, small_samples.labels[rows])
    assert records[0].loss[0] == records[1].loss[0] == pytest.approx(loss, rel=1e-6)
