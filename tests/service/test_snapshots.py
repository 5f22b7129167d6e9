"""The states of a run that are kept: bounded, the right ones, and the right one found."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_core.limits import MAX_SNAPSHOT_BYTES, MAX_SNAPSHOTS
from softmax_core.service.snapshots import Snapshot, Snapshots, bytes_of
from softmax_core.training import Evaluation, TrainingConfig, TrainingState

CONFIG = TrainingConfig()
SMALL = 4 * 7850  # bytes of softmax regression's weights on MNIST
HIDDEN = 4 * 79510  # of 100 hidden units


def snapshot(step: int, n_bytes: int = 4, loss: float = 1.0) -> Snapshot:
    params = {"W": np.zeros(n_bytes // 4, np.float32)}
    evaluation = Evaluation(step, 0.0, loss, 0.5, loss, 0.5)
    return Snapshot(TrainingState(params, step=step), evaluation, CONFIG)


def kept_of(steps: list[int], n_bytes: int = 4) -> Snapshots:
    snapshots = Snapshots(snapshot(0, n_bytes))
    for step in steps:
        snapshots.add(snapshot(step, n_bytes))
    return snapshots


@given(
    st.lists(st.integers(1, 10**7), unique=True, max_size=200).map(sorted),
    st.sampled_from([4, SMALL, HIDDEN, MAX_SNAPSHOT_BYTES]),
    st.integers(0, 10**7),
)
def test_bounds_hold_and_first_newest_and_pinned_stay(
    steps: list[int], n_bytes: int, looked_at: int
) -> None:
    snapshots = Snapshots(snapshot(0, n_bytes))
    for i, step in enumerate(steps):
        snapshots.add(snapshot(step, n_bytes))
        if i == 5:
            snapshots.pin(looked_at)
    kept = snapshots.steps
    always = {0, *steps[-1:]} | ({snapshots.pinned.step} if snapshots.pinned else set())
    assert always <= set(kept) <= {0, *steps}
    assert list(kept) == sorted(kept)
    assert len(kept) <= MAX_SNAPSHOTS
    assert snapshots.n_bytes == n_bytes * len(kept)
    assert snapshots.n_bytes <= MAX_SNAPSHOT_BYTES or set(kept) == always
    assert (snapshots.pinned is not None) == (len(steps) > 5)


@given(st.lists(st.integers(1, 100), unique=True, max_size=20).map(sorted), st.integers(0, 120))
def test_the_last_one_not_later_is_found(steps: list[int], asked: int) -> None:
    assert kept_of(steps).at(asked).step == max(step for step in [0, *steps] if step <= asked)


def test_before_the_first_there_is_only_the_first() -> None:
    assert Snapshots(snapshot(500)).at(3).step == 500


@pytest.mark.parametrize("n_bytes", [4, SMALL, HIDDEN, 2 * HIDDEN])
@pytest.mark.parametrize("last", [1_000, 30_000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_gaps_grow_with_the_step_and_no_stretch_is_empty(last: int, n_bytes: int) -> None:
    """As a run gives them: steps 1, 2, 4, 8, ... and some every quarter of a second."""
    doubling = {1 << k for k in range(21)}
    steps = sorted(step for step in doubling | set(range(0, last, 37)) if 0 < step <= last)
    kept = kept_of(steps, n_bytes).steps
    assert len(kept) == min(MAX_SNAPSHOTS, MAX_SNAPSHOT_BYTES // n_bytes, len(steps) + 1)
    even = (last / 4) ** (1 / (len(kept) - 1))  # the ratio, were they evenly spread
    for before, after in pairwise(kept):
        assert after + 4 <= max(even**2 * (before + 4), before + 42)


@pytest.mark.parametrize("last", [1_000, 30_000, 1_000_000])
def test_a_single_place_between_first_and_newest_moves_on(last: int) -> None:
    _, middle, newest = kept_of(list(range(1, last, 37)), 2 * HIDDEN).steps
    assert newest**0.25 < middle < newest / 2


def test_the_first_steps_of_a_small_model_are_all_there() -> None:
    kept = kept_of([1, 2, 4, 8, 16, 32, 64, *range(100, 30_000, 37)]).steps
    assert {1, 2, 4, 8, 16, 32, 64} <= set(kept)


def test_two_megabytes_hold_sixty_of_a_linear_model_and_six_of_a_hidden_layer() -> None:
    steps = list(range(1, 500))
    assert len(kept_of(steps, SMALL).steps) == MAX_SNAPSHOTS
    assert len(kept_of(steps, HIDDEN).steps) == 6


def test_a_shared_array_is_counted_once() -> None:
    W, b = np.zeros(1000, np.float32), np.zeros(10, np.float32)
    one = TrainingState({"W": W, "b": b})
    other = TrainingState({"W": W, "b": b.copy()}, velocity={"W": W.copy()})
    assert bytes_of([one, other]) == 4000 + 40 + 40 + 4000


def test_a_step_measured_anew_stays_pinned_with_the_new_figures() -> None:
    snapshots = kept_of([1, 2])
    snapshots.pin(2)
    again = snapshot(2, loss=0.3)
    snapshots.add(again)
    assert snapshots.pinned is again
    assert snapshots.steps == (0, 1, 2)


def test_what_comes_after_is_forgotten_and_a_pin_there_released() -> None:
    snapshots = kept_of([1, 2, 5, 9])
    snapshots.pin(5)
    pinned = snapshots.pinned
    pins = []
    for step in (5, 4):
        snapshots.forget_after(step)
        pins.append((snapshots.steps, snapshots.pinned))
    assert pins == [((0, 1, 2, 5), pinned), ((0, 1, 2), None)]
    snapshots.add(snapshot(5))
    assert snapshots.pinned is None  # another one, of the same number
