"""The receipt of one run while it trains."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from softmax_core.training import Evaluation, History
from softmax_core.training.epochs import EpochMeans
from softmax_core.training.recipes import find_recipe
from softmax_core.training.recipes.one_run import RunRow, RunSoFar, receipt_of_run, value_of
from softmax_core.training.recipes.receipt import Receipt, SeedRun
from softmax_core.training.state import StepRecords, step_records

FULL, MINI, RELU = (find_recipe(name) for name in ("full-batch", "mini-batch", "relu-softmax"))


def records(n_steps: int) -> StepRecords:
    """Losses 20, 19, 18, ... of full batches."""
    rows: list[tuple[float, ...]] = [
        (s, 21.0 - s, s / 1_000, 1.0, 0.1, 5, 5 * s) for s in range(1, n_steps + 1)
    ]
    return step_records(rows)


def run_so_far(n_steps: int) -> RunSoFar:
    history = History(5)
    history.add(records(n_steps))
    return RunSoFar(0, history.curve(), epochs=history.epochs, epoch=n_steps)


def rows_of(rows: tuple[RunRow, ...]) -> dict[str, RunRow]:
    return {row.claim.name: row for row in rows}


def test_values_are_read_where_they_were_measured() -> None:
    run = replace(
        run_so_far(3),
        evaluations=[Evaluation(0, 0.0, 1, 2, 3, 4), Evaluation(2, 2.0, 5, 6, 7, 8)],
        epochs=[EpochMeans(1, 1, 0.5, 0.25)],
        n_dead=2,
    )
    assert value_of(run, "batch_loss", 2) == 19.0
    assert value_of(run, "batch_accuracy", 3) == pytest.approx(0.003)
    assert value_of(run, "batch_loss", 4) is None
    assert value_of(run, "epoch_loss", 1) == 0.5
    assert value_of(run, "epoch_accuracy", 2) is None
    assert value_of(run, "train_loss", 0) == 1
    assert value_of(run, "test_accuracy", 2) == 8
    assert value_of(run, "test_accuracy", 1) is None
    assert value_of(run, "dead_classes", 3) == 2
    assert value_of(run, "dead_classes", 4) is None


def test_the_mean_of_several_steps_is_not_taken_for_one_of_them() -> None:
    history = History(5)
    history.add(records(2_000))
    run = RunSoFar(0, history.curve())
    assert history.width == 2
    assert value_of(run, "batch_loss", 2) is None
    assert value_of(run, "batch_loss", 1) is None


def test_what_is_not_reached_is_not_judged_and_the_rest_is() -> None:
    history = History(5)
    losses = np.linspace(11.5, 4.7, 19)
    rows: list[tuple[float, ...]] = [
        (i + 1, loss, 0.13, 1.0, 0.1, 5, 5 * i + 5) for i, loss in enumerate(losses)
    ]
    history.add(step_records(rows[:10]))
    run = RunSoFar(0, history.curve(), epochs=history.epochs, epoch=10)
    judged = rows_of(receipt_of_run(FULL, FULL.versions[0], run))
    assert judged["loss-0"].agrees is True
    assert (judged["loss-18"].value, judged["loss-18"].agrees) == (None, None)
    history.add(step_records(rows[10:]))
    judged = rows_of(receipt_of_run(FULL, FULL.versions[0], replace(run, curve=history.curve())))
    assert judged["loss-18"].value == pytest.approx(4.7)
    assert judged["loss-18"].agrees is True
    assert judged["accuracy-17"].agrees is False  # 13 % where 36 % was published
    assert list(rows_of(receipt_of_run(FULL, FULL.versions[1], run))) == ["accuracy-200"]


def test_our_other_runs_widen_what_one_run_may_be() -> None:
    run = replace(run_so_far(1), evaluations=[Evaluation(1, 1.0, 0.4050, 0.8925, 0, 0)])
    assert rows_of(receipt_of_run(MINI, MINI.versions[0], run))["loss-1"].agrees is False
    others = (SeedRun(1, {"train_loss": {1: 0.4040}}),)
    receipt = Receipt(MINI, MINI.versions[0], others)
    judged = rows_of(receipt_of_run(MINI, MINI.versions[0], run, receipt))
    assert judged["loss-1"].agrees is True


def test_a_part_of_the_training_set_is_granted_its_own_error() -> None:
    run = replace(run_so_far(1), evaluations=[Evaluation(1, 1.0, 0.410, 0.899, 0, 0)])
    judged = rows_of(receipt_of_run(MINI, MINI.versions[0], run))
    assert (judged["loss-1"].agrees, judged["accuracy-1"].agrees) == (False, False)
    judged = rows_of(receipt_of_run(MINI, MINI.versions[0], replace(run, on_part=True)))
    assert (judged["loss-1"].agrees, judged["accuracy-1"].agrees) == (True, True)


def test_the_published_seed_is_judged_by_its_own_claims_alone() -> None:
    evaluations = [Evaluation(5, 5.0, 1, 0.75, 1, 0.75)]
    run = replace(run_so_far(5), evaluations=evaluations, n_dead=2)
    other = rows_of(receipt_of_run(RELU, RELU.versions[0], run))
    assert other["own-accuracy"].agrees is None
    assert other["other-accuracy"].agrees is False
    own = rows_of(receipt_of_run(RELU, RELU.versions[0], replace(run, seed=1024)))
    assert own["own-accuracy"].agrees is True
    assert own["dead"].agrees is True
    assert own["other-accuracy"].agrees is None
