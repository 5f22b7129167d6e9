"""The table that leads from the notebooks' functions to ours: every name of ours exists."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from softmax_core.training.recipes import RECIPES

TEXT = (Path(__file__).parents[1] / "docs" / "recipes.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if line.startswith("| ") and not line.startswith("| published") and "---" not in line
]
OURS = sorted({name for row in ROWS for name in re.findall(r"`([^`]+)`", row[1])})

# What a reader of one of the notebooks looks for.
PUBLISHED = (
    *("load_data", "softmax_regression", "accuracy", "one_hot"),
    *("cross_entropy", "gradients", "load_idx_images", "load_idx_labels"),
    *("forward", "softMax", "cross_entropy_from_onehot", "cross_entropy_from_int"),
    *("d_loss_d_Z", "np.save", "_baseNetwork", "_weight_init"),
    *("SoftmaxRegression", "softmax", "cross_entropy_loss", "compute_accuracy"),
    *("sigmoid", "sigmoid_dev", "ReLU", "ReLU_dev"),
    *("cross_entropy_dev", "mnist_dataset", "FullConnectionLayer", "Relu"),
    *("Sigmoid", "Softmax", "CrossEntropy", "myModel"),
    *("train_one_step", "test", "load_data_fashion_mnist", "net"),
    *("evaluate_accuracy", "Accumulator", "train_epoch_ch3", "Animator"),
    *("train_ch3", "Updater", "predict_ch3", "make_classification"),
    "gradient_descent",
)


def find(name: str) -> object:
    """Import the longest part of a dotted name that is a module, and look the rest up."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            found = getattr(found, part)
        return found
    raise AssertionError(f"no module of {name}")


@pytest.mark.parametrize("name", OURS)
def test_a_name_of_ours_can_be_imported(name: str) -> None:
    assert name.startswith("softmax_core.")
    assert find(name) is not None


def test_every_row_says_what_differs() -> None:
    assert len(ROWS) > 50
    assert all(len(row) == 3 and row[2] for row in ROWS)


@pytest.mark.parametrize("name", PUBLISHED)
def test_what_the_notebooks_define_is_in_the_table(name: str) -> None:
    assert any(re.search(rf"`{re.escape(name)}\b", row[0]) for row in ROWS)


def test_every_recipe_has_its_heading() -> None:
    assert [name for name in RECIPES if f"`{name}`\n" not in TEXT] == []
