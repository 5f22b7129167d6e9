"""Measuring a run: the same figures however it is cut, and the figures of everybody else."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from softmax_core.training import Budget, History, Samples, TrainingConfig, advance, first_state
from softmax_core.training.evaluate import evaluate_both
from softmax_core.training.recipes import find_recipe
from softmax_core.training.recipes.measure import (
    Wanted,
    go_on,
    measure,
    start_measuring,
    wanted_by,
    wanted_figures,
)

CONFIG = TrainingConfig(batch_size=64, epochs=3)
PLACES = frozenset(range(4))
WANTED: Wanted = {
    **dict.fromkeys(("epoch_loss", "epoch_accuracy"), PLACES),
    **dict.fromkeys(("train_loss", "train_accuracy", "test_loss", "test_accuracy"), PLACES),
    "batch_loss": frozenset({1, 2, 3}),
    "batch_accuracy": frozenset({2}),
}


@pytest.fixture
def sets(small_samples: Samples) -> tuple[Samples, Samples]:
    def part(rows: slice) -> Samples:
        return Samples(small_samples.images[rows], small_samples.labels[rows])

    return part(slice(0, None, 2)), part(slice(1, None, 2))


def test_the_figures_are_those_of_the_history_and_the_evaluations(
    sets: tuple[Samples, Samples],
) -> None:
    figures = measure(CONFIG, WANTED, *sets)
    state, history = first_state(CONFIG, 784, 10), History(len(sets[0].labels))
    evaluations = [evaluate_both(CONFIG, state, *sets, 0)]
    for epoch in (1, 2, 3):
        state, records = advance(state, CONFIG, sets[0], Budget(until_epoch=epoch))
        history.add(records)
        evaluations.append(evaluate_both(CONFIG, state, *sets, epoch))
    curve = history.curve()
    assert figures["batch_loss"] == {i: curve.mean[i - 1] for i in (1, 2, 3)}
    assert figures["batch_accuracy"] == {2: curve.accuracy[1]}
    assert figures["epoch_loss"] == {m.epoch: m.loss for m in history.epochs}
    assert figures["epoch_accuracy"] == {m.epoch: m.accuracy for m in history.epochs}
    for name in ("train_loss", "train_accuracy", "test_loss", "test_accuracy"):
        assert figures[name] == {int(e.epoch): getattr(e, name) for e in evaluations}


def test_however_it_is_cut_and_wherever_it_runs_the_figures_are_the_same(
    sets: tuple[Samples, Samples],
) -> None:
    run, slices = start_measuring(CONFIG, WANTED, sets[0]), 0
    while not run.is_done:
        before = run
        run = pickle.loads(pickle.dumps(go_on(run, *sets, seconds=0.0)))
        assert before.state.step < run.state.step  # each slice comes forward
        slices += 1
    assert slices == 12  # a step each
    assert run.figures == measure(CONFIG, WANTED, *sets)
    assert run.share == 1.0


def test_a_slice_leaves_the_run_before_it_as_it_was(sets: tuple[Samples, Samples]) -> None:
    start = start_measuring(CONFIG, WANTED, sets[0])
    go_on(start, *sets, seconds=60.0)
    assert (start.state.step, dict(start.figures), start.share) == (0, {}, 0.0)


def test_a_run_that_must_stop_is_done_with_what_it_has(sets: tuple[Samples, Samples]) -> None:
    config = replace(CONFIG, pixels="raw", softmax="naive", learning_rate=1.0)
    run = start_measuring(config, WANTED, sets[0])
    while not run.is_done:
        run = go_on(run, *sets, seconds=60.0)
    assert run.state.stop is not None
    assert 4 not in run.figures.get("train_loss", {})
    assert 3 not in run.figures.get("train_loss", {})


def test_dead_classes_are_counted_where_that_is_asked_for(sets: tuple[Samples, Samples]) -> None:
    config = replace(
        CONFIG, network="relu-softmax", bias="none", init="tiny-normal", learning_rate=5.0
    )
    figures = measure(config, {"dead_classes": frozenset({0, 3})}, *sets)
    assert figures["dead_classes"][0] == 0
    assert figures["dead_classes"][3] > 0


def test_what_is_wanted_holds_every_claim_and_every_published_point() -> None:
    recipe = find_recipe("full-batch")
    published, exact = recipe.versions
    wanted = wanted_figures(recipe, published)
    assert set(range(1, 20)) <= wanted["batch_loss"]
    assert wanted["train_accuracy"] == {200}
    quick = wanted_figures(recipe, published, quick=True)
    assert max(at for places in quick.values() for at in places) == 19
    assert "train_accuracy" not in quick
    assert wanted_figures(recipe, exact, quick=True) == {}
    claims = wanted_by(recipe.claims_of(exact))
    assert claims == {"train_accuracy": {200}}


def test_a_full_batch_takes_one_step_an_epoch(sets: tuple[Samples, Samples]) -> None:
    config = replace(CONFIG, batch_size=100_000)
    figures = measure(
        config, {"batch_loss": frozenset({1, 2}), "train_loss": frozenset({1})}, *sets
    )
    # The loss before the second update is that of the weights after the first.
    np.testing.assert_allclose(figures["batch_loss"][2], figures["train_loss"][1], rtol=1e-5)
