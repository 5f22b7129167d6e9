"""Stored runs: what comes back is the run bit for bit, and a damaged file is none at all."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from softmax_core.errors import UserError
from softmax_core.persist import write_run
from softmax_core.stored_run import read_stored, write_stored
from softmax_core.training import Budget, Samples, TrainingConfig, TrainingState, advance
from softmax_core.training.start import first_state

CONFIG = TrainingConfig(dataset="digits", momentum=0.9, batch_size=32, network="mlp", init="scaled")


@pytest.fixture
def samples() -> Samples:
    rng = np.random.default_rng(0)
    return Samples(rng.integers(0, 255, (100, 64), np.uint8), rng.integers(0, 10, 100, np.uint8))


def trained(samples: Samples, steps: int, state: TrainingState | None = None) -> TrainingState:
    begin = state or first_state(CONFIG, 64, 10)
    return advance(begin, CONFIG, samples, Budget(steps=steps))[0]


def test_the_future_of_a_stored_run_is_the_same_bit_for_bit(samples: Samples) -> None:
    state = trained(samples, 7)  # in the middle of an epoch, with momentum
    read = read_stored(write_stored(CONFIG, state, 0.5))
    assert read is not None
    assert (read.saved.config, read.accuracy) == (CONFIG, 0.5)
    one, other = trained(samples, 9, state), trained(samples, 9, read.saved.state)
    assert (one.step, one.epoch, one.position) == (other.step, other.epoch, other.position)
    for group in ("params", "velocity"):
        for name, array in getattr(one, group).items():
            np.testing.assert_array_equal(array, getattr(other, group)[name])


def test_no_cut_and_no_flipped_bit_is_taken_for_the_run(samples: Samples) -> None:
    whole = write_stored(CONFIG, trained(samples, 1), None)
    for length in (*range(300), *range(300, len(whole), 997)):
        assert read_stored(whole[:length]) is None
    rng = np.random.default_rng(1)
    for place in (*range(len(whole.partition(b"\n")[0])), *rng.integers(0, len(whole), 200)):
        spoilt = bytearray(whole)
        spoilt[place] ^= 1 << int(rng.integers(8))
        found = read_stored(bytes(spoilt))
        # A digit of "accuracy" in the first line may differ: weights and settings never do.
        assert found is None or found.saved.state.step == 1
        if found is not None:
            assert write_run(found.saved.config, found.saved.state) == whole.partition(b"\n")[2]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"7",
        b"null",
        b"{}",
        b"[" * 500,
        b"{" * 10_000,
        json.dumps({"format": 2}).encode(),
        b'{"format": 1, "sha256": 1, "accuracy": NaN}',
    ],
)
def test_other_files_are_no_stored_runs(line: bytes) -> None:
    assert read_stored(line) is None
    assert read_stored(line + b"\n") is None


@pytest.mark.parametrize("accuracy", [1.5, -0.1, True, "0.5", [0.5]])
def test_an_impossible_accuracy_is_refused(samples: Samples, accuracy: object) -> None:
    line, _, body = write_stored(CONFIG, trained(samples, 1), 0.5).partition(b"\n")
    changed = json.dumps({**json.loads(line), "accuracy": accuracy}).encode()
    assert read_stored(changed + b"\n" + body) is None


def test_weights_that_ran_away_are_not_stored(samples: Samples) -> None:
    state = trained(samples, 1)
    params = {name: array * np.float32(1e30) for name, array in state.params.items()}
    with pytest.raises(UserError, match="not saved"):
        write_stored(CONFIG, replace(state, params=params), None)
