"""History: bounded, aligned to steps, and never losing an extreme."""

from __future__ import annotations

import csv
import io

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from softmax_core.training import Evaluation, History, StepRecords
from softmax_core.training.history import CAPACITY, MAX_EVALUATIONS, MAX_MARKS, Mark
from softmax_core.training.table import COLUMNS, history_csv


def records(first: int, losses: np.ndarray) -> StepRecords:
    n = len(losses)
    step = np.arange(first, first + n)
    return StepRecords(
        step,
        losses.astype(np.float32),
        np.linspace(0, 1, n, dtype=np.float32),
        np.full(n, 2, np.float32),
        np.full(n, 0.1, np.float32),
        np.full(n, 10, np.int32),
        step * 10,
    )


def evaluation(step: int) -> Evaluation:
    return Evaluation(step, step / 10, 1.0, 0.5, 1.5, 0.25)


def test_before_it_is_full_every_step_is_kept_exactly() -> None:
    losses = np.random.default_rng(0).random(CAPACITY)
    history = History(1_000)
    history.add(records(1, losses))
    curve = history.curve()
    np.testing.assert_array_equal(curve.step, np.arange(1, CAPACITY + 1))
    np.testing.assert_array_equal(curve.mean, losses.astype(np.float32))
    np.testing.assert_array_equal(curve.low, curve.high)


def test_a_spike_of_one_step_survives_any_amount_of_thinning() -> None:
    losses = np.ones(50_000)
    losses[31_337], losses[4_711] = 99.0, 0.01
    history = History(1_000)
    history.add(records(1, losses))
    curve = history.curve()
    assert len(curve.step) <= CAPACITY
    assert curve.high.max() == np.float32(99.0)
    assert curve.low.min() == np.float32(0.01)
    spike = int(curve.high.argmax())
    assert curve.step[spike] - history.width <= 31_338 <= curve.step[spike]


@settings(max_examples=40)
@given(st.lists(st.integers(1, 900), min_size=1, max_size=12), st.integers(0, 9))
def test_the_curve_does_not_depend_on_how_the_run_was_cut(cuts: list[int], seed: int) -> None:
    losses = np.random.default_rng(seed).exponential(1.0, sum(cuts)).astype(np.float32)
    whole, cut = History(1_000), History(1_000)
    whole.add(records(1, losses))
    begin = 0
    for size in cuts:
        part = records(1, losses)
        cut.add(StepRecords._make(column[begin : begin + size] for column in part))
        begin += size
    assert cut.width == whole.width
    for ours, theirs in zip(cut.curve(), whole.curve(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_the_mean_of_a_bucket_is_the_mean_of_its_steps() -> None:
    losses = np.random.default_rng(2).random(3 * CAPACITY)
    history = History(1_000)
    history.add(records(1, losses))
    assert history.width == 4
    expected = losses.astype(np.float32).reshape(-1, 4).mean(axis=1)
    np.testing.assert_allclose(history.curve().mean, expected, rtol=1e-6)


def test_asking_for_what_is_new_gives_the_growing_bucket_again() -> None:
    history = History(1_000)
    history.add(records(1, np.ones(CAPACITY + 1)))
    assert history.width == 2
    known = history.last_step
    history.add(records(known + 1, np.full(4, 5.0)))
    new = history.curve((known - 1) // history.width * history.width)
    assert new.step.tolist() == [CAPACITY + 2, CAPACITY + 4, CAPACITY + 5]
    assert new.mean[0] == 3.0


def test_forgetting_the_future_leaves_the_past_as_it_was() -> None:
    losses = np.random.default_rng(3).random(100)
    history = History(1_000)
    history.add(records(1, losses))
    for step in (10, 40, 90):
        history.add_evaluation(evaluation(step))
        history.mark(step, "x")
    generation = history.generation
    history.forget_after(40)
    assert history.last_step == 40
    assert history.generation > generation
    assert [e.step for e in history.evaluations] == [10, 40]
    assert [m.step for m in history.marks] == [10, 40]
    history.add(records(41, np.full(5, 7.0)))
    assert history.curve().step.tolist() == list(range(1, 46))
    np.testing.assert_array_equal(history.curve().mean[:40], losses[:40].astype(np.float32))


def test_a_run_that_begins_late_is_thinned_to_fit() -> None:
    history = History(1_000)
    history.add(records(1_000_001, np.ones(10)))
    assert history.last_step == 1_000_010
    assert history.curve().mean.tolist() == [1.0] * len(history.curve().step)


def test_evaluations_and_marks_stay_bounded_and_keep_first_and_last() -> None:
    history = History(1_000)
    for step in range(2_000):
        history.add_evaluation(evaluation(step))
        history.mark(step, "rate")
    steps = [e.step for e in history.evaluations]
    assert len(steps) <= MAX_EVALUATIONS
    assert (steps[0], steps[-1]) == (0, 1_999)
    assert steps == sorted(set(steps))
    assert len(history.marks) == MAX_MARKS


def test_steps_that_are_kept_outlast_the_thinning() -> None:
    history, keep = History(1_000), {1, 777, 1_501}
    for step in range(2_000):
        history.add_evaluation(evaluation(step), keep)
    steps = [e.step for e in history.evaluations]
    assert keep <= set(steps)
    assert steps == sorted(set(steps))
    assert len(steps) <= MAX_EVALUATIONS + len(keep)


def test_the_last_mark_that_says_so_is_taken_back() -> None:
    history = History(1_000)
    for step, text in [(1, "rate"), (2, "edit"), (2, "edit"), (2, "rate")]:
        history.mark(step, text)
    history.unmark(Mark(2, "edit"))
    history.unmark(Mark(9, "edit"))
    assert history.marks == [(1, "rate"), (2, "edit"), (2, "rate")]


def test_an_evaluation_of_the_same_step_replaces_the_old_one() -> None:
    history = History(1_000)
    for _ in range(3):
        history.add_evaluation(evaluation(5))
    assert [e.step for e in history.evaluations] == [5]


def test_the_table_has_a_line_for_every_step_and_evaluation() -> None:
    history = History(1_000)
    history.add(records(1, np.array([2.0, 1.0])))
    table = history_csv(history.curve(), [evaluation(0), evaluation(2)])
    rows = list(csv.DictReader(io.StringIO(table)))
    assert tuple(rows[0]) == COLUMNS
    assert [row["step"] for row in rows] == ["0", "1", "2"]
    assert rows[0]["batch_loss_mean"] == ""
    assert (rows[2]["batch_loss_mean"], rows[2]["test_accuracy"]) == ("1", "0.25")
    assert rows[1]["test_accuracy"] == ""
