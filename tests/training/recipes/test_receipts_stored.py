"""Receipts: their rows and curves, the form they are stored in, and the stored one itself."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from softmax_core.errors import UserError
from softmax_core.training.dead import DeadClass
from softmax_core.training.recipes import RECIPES, find_recipe
from softmax_core.training.recipes.receipt import Receipt, SeedRun, seeds_of
from softmax_core.training.recipes.stored import (
    STORED,
    load_receipts,
    load_stored,
    receipts_text,
)

RELU, FASHION = find_recipe("relu-softmax"), find_recipe("d2l-fashion")


def relu_receipt(own: float, *others: float) -> Receipt:
    runs = [SeedRun(1024, {"test_accuracy": {5: own}, "dead_classes": {5: 2.0}})]
    runs += [SeedRun(i, {"test_accuracy": {5: value}}) for i, value in enumerate(others)]
    return Receipt(RELU, RELU.versions[0], tuple(runs))


def test_the_published_seed_and_the_others_are_judged_apart() -> None:
    rows = {row.claim.name: row for row in relu_receipt(0.74, 0.55, 0.92).rows}
    assert rows["own-accuracy"].values == (0.74,)
    assert rows["other-accuracy"].values == (0.55, 0.92)
    assert rows["dead"].values == (2.0,)
    assert relu_receipt(0.74, 0.55, 0.92).passed
    assert not relu_receipt(0.92, 0.55, 0.92).passed  # the published seed without a dead class
    assert not relu_receipt(0.74, 0.92, 0.92).passed  # the others without one
    assert not relu_receipt(0.74).passed  # no others: not judged is not passed
    assert relu_receipt(0.74, 0.55, 0.92).curves("test_accuracy") == {5: (0.55, 0.92)}
    assert relu_receipt(0.74).curves("test_accuracy") == {5: (0.74,)}


def test_seeds_are_the_recipes_own_and_the_first_ones() -> None:
    assert seeds_of(FASHION, 3) == (0, 1, 2)
    assert seeds_of(RELU, 3) == (1024, 0, 1, 2)


def test_a_receipt_comes_back_as_it_was_stored(tmp_path: Path) -> None:
    figures = {
        "epoch_loss": {10: 0.4475},
        "epoch_accuracy": {10: 0.848},
        "test_accuracy": {1: 0.79, 10: 0.83},
    }
    runs = (
        SeedRun(0, figures, seconds=1.25),
        SeedRun(1, {}, (DeadClass(3, 7),), stopped="Training stopped at step 4."),
    )
    receipt = Receipt(FASHION, FASHION.versions[0], runs)
    path = tmp_path / "receipts.json"
    path.write_text(receipts_text([receipt], 12.34))
    stored = load_stored(path)
    assert stored.receipts == {("d2l-fashion", "as published"): receipt}
    assert stored.seconds == 12.3
    content: dict[str, Any] = json.loads(path.read_text(), parse_constant=pytest.fail)
    (entry,) = content["receipts"]
    assert entry["passed"] is True
    assert entry["claims"][0]["published"] == [None, 0.5]
    assert entry["claims"][0]["median"] == 0.4475


def test_an_infinite_loss_is_stored_without_infinity_and_still_fails(tmp_path: Path) -> None:
    figures = {
        "epoch_loss": {10: math.inf},
        "epoch_accuracy": {10: 0.8},
        "test_accuracy": {10: 0.8},
    }
    receipt = Receipt(FASHION, FASHION.versions[0], (SeedRun(0, figures),))
    path = tmp_path / "receipts.json"
    path.write_text(receipts_text([receipt], 1.0))
    assert "Infinity" not in path.read_text()
    (back,) = load_receipts(path).values()
    assert [row.passed for row in back.rows] == [False, True, True]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": 2, "receipts": []}',
        '{"format": 1, "numpy": "2", "python": "3", "seconds": 1, "receipts": [{"recipe": "x"}]}',
        '{"format": 1, "numpy": "2", "python": "3", "seconds": 1, "receipts": [{"recipe": "blobs",'
        ' "version": "averaged", "quick": false, "runs": [{"seed": 0, "figures": {"x": [[], []]}}]}'
        "]}",
    ],
)
def test_a_damaged_file_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "receipts.json"
    path.write_text(text)
    with pytest.raises(UserError, match=r"receipts\.json cannot be read"):
        load_receipts(path)
    with pytest.raises(UserError, match="cannot be read"):
        load_receipts(tmp_path / "none.json")


def test_the_stored_receipts_are_whole_small_and_pass() -> None:
    assert STORED.stat().st_size < 200_000
    receipts = load_receipts()
    versions = {(r.name, version.name) for r in RECIPES.values() for version in r.versions}
    assert set(receipts) == versions
    for receipt in receipts.values():
        assert not receipt.quick
        assert set(receipt.seeds) == set(seeds_of(receipt.recipe, 5))
        assert [row.claim.text for row in receipt.rows if not row.passed] == []
        for quantity, places in receipt.recipe.drawn.items():
            assert set(receipt.curves(quantity)) >= set(places)


def test_the_stored_published_seed_of_relu_lost_two_classes_at_its_first_step() -> None:
    receipt = load_receipts()["relu-softmax", "as published"]
    (own,) = [run for run in receipt.runs if run.seed == 1024]
    assert own.dead == (DeadClass(2, 1), DeadClass(5, 1))
