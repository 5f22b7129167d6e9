"""What a worker does for a race is the race, however it is cut, and evaluated at its places."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.service.race_slices import RaceOrder, RaceResult, run_race_slice
from softmax_core.service.slices import SliceOrder, run_slice
from softmax_core.training import Evaluation, TrainingConfig, first_state
from softmax_core.training.taught import Taught
from tests.service.by_hand import same_bits

LONG = 600.0  # seconds: the slices below end by their bounds
N = 1437
DIGITS = TrainingConfig(dataset="digits", batch_size=32)
RATES = tuple(replace(DIGITS, learning_rate=rate) for rate in (0.01, 0.1, 0.5))
DIVERGING = replace(DIGITS, learning_rate=10.0, l2=1.0)


def order(configs: Sequence[TrainingConfig]) -> RaceOrder:
    states = tuple(first_state(config, 64, 10) for config in configs)
    return RaceOrder(tuple(configs), states, LONG)


def follow(before: RaceOrder, result: RaceResult) -> RaceOrder:
    states = tuple(lane.state for lane in result.lanes)
    return replace(before, states=states, measuring=result.measuring)


def steps_evaluated(result: RaceResult) -> list[list[int]]:
    return [[evaluation.step for evaluation in lane.evaluations] for lane in result.lanes]


def test_it_is_evaluated_at_doublings_of_the_largest_batch_and_after_each_pass() -> None:
    configs = (*RATES, replace(DIGITS, batch_size=64))
    result = run_race_slice(replace(order(configs), until_samples=2 * N))
    small, _, _, large = steps_evaluated(result)
    assert small == [2, 4, 8, 16, 32, 45, 65, 90]
    assert large == [1, 2, 4, 8, 16, 23, 33, 46]
    assert result.lanes[3].evaluations[-1].epoch == 2.0
    assert result.rounds == 46


def test_a_lanes_figures_are_those_of_a_session() -> None:
    result = run_race_slice(replace(order(RATES), until_samples=N))
    for lane, config in zip(result.lanes, RATES, strict=True):
        alone = run_slice(SliceOrder(config, first_state(config, 64, 10), LONG, until_epoch=1))
        for name, array in alone.state.params.items():
            np.testing.assert_allclose(lane.state.params[name], array, atol=1e-5)
        of_session = {evaluation.step: evaluation for evaluation in alone.evaluations}
        for evaluation in lane.evaluations:
            expected = of_session[evaluation.step]
            for name in ("epoch", "train_loss", "train_accuracy", "test_loss", "test_accuracy"):
                assert getattr(evaluation, name) == pytest.approx(getattr(expected, name), rel=1e-4)


@pytest.mark.parametrize("rounds", [1, 7])
def test_cut_into_slices_it_is_the_same_bit_for_bit(rounds: int) -> None:
    configs = (*RATES, DIVERGING, replace(DIGITS, batch_size=50), replace(DIGITS, n_train=300))
    whole = run_race_slice(replace(order(configs), until_samples=N))
    part = replace(order(configs), until_samples=N, rounds=rounds)
    evaluated: list[list[int]] = [[] for _ in configs]
    losses: list[list[float]] = [[] for _ in configs]
    while any(s.stop is None and s.samples_seen < N for s in part.states):
        result = run_race_slice(part)
        part = follow(part, result)
        for lane, found in enumerate(result.lanes):
            evaluated[lane] += [evaluation.step for evaluation in found.evaluations]
            losses[lane] += found.records.loss.tolist()
    assert not result.measuring
    for lane, found in enumerate(whole.lanes):
        assert same_bits(found.state, part.states[lane])
        assert losses[lane] == found.records.loss.tolist()
    assert evaluated == steps_evaluated(whole)


def test_networks_train_on_while_they_are_evaluated_and_the_figures_come_together() -> None:
    networks = tuple(replace(config, network="mlp") for config in RATES)
    configs = (*networks, *RATES)
    whole = run_race_slice(replace(order(configs), until_samples=N))
    part = replace(order(configs), seconds=0.0, until_samples=N)
    evaluated: list[list[Evaluation]] = [[] for _ in configs]
    beside = 0
    while part.measuring or any(state.samples_seen < N for state in part.states):
        result = run_race_slice(part)
        moved = result.lanes[0].state.step > part.states[0].step
        beside += bool(part.measuring and moved)
        assert len(result.measuring) <= 2
        assert moved or len(part.measuring) == 2 or part.states[0].samples_seen == N
        assert len({len(found.evaluations) for found in result.lanes}) == 1
        part = follow(part, result)
        for known, found in zip(evaluated, result.lanes, strict=True):
            known.extend(found.evaluations)
    assert beside > 10
    for known, found in zip(evaluated, whole.lanes, strict=True):
        assert known == list(found.evaluations)


def test_a_round_is_one_update_of_the_largest_batch() -> None:
    configs = (DIGITS, replace(DIGITS, batch_size=8), replace(DIGITS, network="mlp"))
    result = run_race_slice(replace(order(configs), rounds=3))
    assert result.rounds == 3
    assert [lane.state.step for lane in result.lanes] == [3, 12, 3]
    assert {lane.state.samples_seen for lane in result.lanes} == {96}


def test_the_round_in_which_all_lanes_stop_counts_and_there_are_no_more() -> None:
    wild = replace(DIVERGING, momentum=0.99, l2=1.0, learning_rate=100.0)
    first = replace(order((wild, wild)), rounds=5_000)
    result = run_race_slice(first)
    assert all(lane.state.stop is not None for lane in result.lanes)
    assert 1 <= result.rounds < 5_000
    again = run_race_slice(replace(follow(first, result), evaluate_at_end=True))
    assert (again.rounds, steps_evaluated(again)) == (0, [[], []])
    assert all(not len(lane.records.step) for lane in again.lanes)


def test_a_stopped_lane_is_no_longer_evaluated() -> None:
    result = run_race_slice(replace(order((DIGITS, DIVERGING)), until_samples=N))
    stop = result.lanes[1].state.stop
    assert stop is not None
    fine, stopped = steps_evaluated(result)
    assert fine[-1] == 45
    assert all(step < stop.step for step in stopped)


def test_no_round_at_all_is_an_evaluation_of_every_lane() -> None:
    asked = replace(order((*RATES, replace(DIGITS, n_train=100))), rounds=0, evaluate_at_end=True)
    result = run_race_slice(asked)
    assert steps_evaluated(result) == [[0]] * 4
    assert all(lane.seconds == 0 for lane in result.lanes)


def test_the_end_is_evaluated_once_where_it_is_one_of_the_places_too() -> None:
    result = run_race_slice(replace(order(RATES), until_samples=N, evaluate_at_end=True))
    assert all(steps.count(45) == 1 for steps in steps_evaluated(result))
    between = run_race_slice(replace(order(RATES), rounds=5, evaluate_at_end=True))
    assert steps_evaluated(between) == [[1, 2, 4, 5]] * 3


def test_lanes_learn_from_what_their_settings_say() -> None:
    digit = open_dataset("digits").train_images[0].tobytes()
    taught = replace(DIGITS, taught=(Taught(3, digit),))
    few = replace(DIGITS, n_train=100)
    result = run_race_slice(replace(order((DIGITS, taught, few)), until_samples=N))
    for lane, config in zip(result.lanes, (DIGITS, taught, few), strict=True):
        alone = first_state(config, 64, 10)
        alone = run_slice(SliceOrder(config, alone, LONG, steps=lane.state.step)).state
        assert alone.samples_seen == lane.state.samples_seen
        for name, array in alone.params.items():
            np.testing.assert_allclose(lane.state.params[name], array, atol=1e-5)
    assert result.lanes[2].state.epoch == 14


def test_a_result_finds_its_way_back() -> None:
    result = run_race_slice(replace(order(RATES), rounds=4))
    again = pickle.loads(pickle.dumps(result))
    assert steps_evaluated(again) == steps_evaluated(result)
    assert same_bits(again.lanes[0].state, result.lanes[0].state)
