"""Runs that stay on the chart: thinned, bounded, and there after everything else has changed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from softmax_core.errors import UserError
from softmax_core.limits import MAX_KEPT_NAME, MAX_KEPT_RUNS
from softmax_core.service.kept import MAX_CURVE, MAX_MEASURED, kept_run
from softmax_core.training import Evaluation, StepRecords, TrainingConfig
from softmax_core.training.history import History
from tests.service.by_hand import FAST, Manual, work_off


def long_history(steps: int) -> History:
    history = History(1_000)
    step = np.arange(1, steps + 1)
    loss = (1 / step).astype(np.float32)
    norms = np.ones(steps, np.float32)
    sizes = np.ones(steps, np.int32)
    history.add(StepRecords(step, loss, 1 - loss, norms, norms, sizes, step))
    for at in range(0, steps + 1, 7):
        history.add_evaluation(Evaluation(at, 0.0, 1.0, 0.5, 1.0, 0.5))
    return history


def test_a_run_is_kept_with_its_last_settings_and_outlives_the_next(manual: Manual) -> None:
    engine, executor, _ = manual
    session = engine.open(replace(FAST, learning_rate=0.5))
    work_off(executor)
    engine.steps(session, 20)
    work_off(executor)
    engine.configure(session, replace(session.config, learning_rate=0.2))
    curve, evaluations = session.history.curve(), tuple(session.history.evaluations)
    run = engine.keep_run(session, "mine")
    assert run.config.learning_rate == 0.5  # no step has been made with 0.2
    np.testing.assert_array_equal(run.curve.step, curve.step)
    np.testing.assert_allclose(run.curve.mean, curve.mean, rtol=1e-6)
    np.testing.assert_allclose(run.curve.accuracy, curve.accuracy, rtol=1e-6)
    assert (run.n_steps, run.evaluations) == (20, evaluations)
    engine.reset(session)
    engine.configure(session, replace(FAST, network="mlp", init="scaled"))
    view = engine.view(session)
    assert view.kept == (run,)
    assert view.kept_version == 1


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  two\twords\n", "two words"),
        ("\u202eevil\u2066 \x1b[2J\0", "evil [2J"),
        ("e\u0301", "\u00e9"),
        ("x" * 10**6, "x" * MAX_KEPT_NAME),
        ("\u202e" * 10**6, ""),
    ],
)
def test_a_name_is_short_and_printable(typed: str, name: str) -> None:
    run = kept_run(1, FAST, long_history(3).curve(), ())
    assert run.renamed(typed).name == name


def test_renaming_and_removing_change_the_one_meant(manual: Manual) -> None:
    engine, executor, _ = manual
    session = engine.open(FAST)
    work_off(executor)
    engine.step(session)
    work_off(executor)
    runs = [engine.keep_run(session, name) for name in ("a", "b", "c")]
    engine.rename_kept(session, runs[1].serial, "  the \n one " + 50 * "x")
    assert [run.name for run in session.kept] == ["a", ("the one " + 50 * "x")[:MAX_KEPT_NAME], "c"]
    engine.remove_kept(session, runs[0].serial)
    assert [run.serial for run in session.kept] == [2, 3]
    version = session.version
    engine.keep_run(session, "d")
    assert session.kept[-1].serial == 4
    assert session.version > version


def test_nothing_and_too_many_are_refused_in_a_sentence(manual: Manual) -> None:
    engine, executor, _ = manual
    session = engine.open(FAST)
    work_off(executor)
    with pytest.raises(UserError, match="no curve to keep"):
        engine.keep_run(session, "")
    engine.step(session)
    work_off(executor)
    for _ in range(MAX_KEPT_RUNS):
        engine.keep_run(session, "")
    with pytest.raises(UserError, match="At most 6 runs"):
        engine.keep_run(session, "")
    other = engine.open(FAST)
    engine.bring_kept(other, session.kept)
    assert other.kept == session.kept


@pytest.mark.parametrize("steps", [1, 255, 256, 257, 1_000, 5_000])
def test_a_long_curve_is_thinned_to_the_same_means(steps: int) -> None:
    history = long_history(steps)
    run = kept_run(1, TrainingConfig(), history.curve(), tuple(history.evaluations))
    assert len(run.curve.step) <= MAX_CURVE
    assert run.curve.step[-1] == run.n_steps == steps
    widths = np.diff(run.curve.step, prepend=0)
    whole = float(np.sum(run.curve.mean.astype(np.float64) * widths)) / steps
    assert whole == pytest.approx(float(np.mean(1 / np.arange(1, steps + 1))), rel=1e-5)
    np.testing.assert_allclose(run.curve.mean + run.curve.accuracy, 1, rtol=1e-5)


def test_of_many_evaluations_those_at_powers_of_two_and_the_last_stay() -> None:
    evaluations = tuple(Evaluation(step, 0.0, 1.0, 0.5, 1.0, 0.5) for step in range(500))
    run = kept_run(1, TrainingConfig(), long_history(500).curve(), evaluations)
    steps = [evaluation.step for evaluation in run.evaluations]
    assert len(steps) <= MAX_MEASURED
    assert steps == sorted(steps)
    assert {0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 499} <= set(steps)
