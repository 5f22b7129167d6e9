"""One name per concept: the glossary of the design, held in code as well as in text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields

from softmax_core.training import TrainingConfig, TrainingState
from tests.source_tree import Module, modules

# What a concept is not called, and what it is called.
NOT_CALLED = {
    "lr": "learning_rate",
    "eta": "learning_rate",
    "step_size": "learning_rate",
    "probs": "probabilities",
    "proba": "probabilities",
    "y_hat": "probabilities",
    "yhat": "probabilities",
    "preds": "predictions",
    "pred": "prediction",
    "y_pred": "predictions",
    "y_true": "labels",
    "targets": "labels",
    "nabla": "dW, db",
    "grad_w": "dW",
    "delta": "dlogits or dout",
    "cost": "loss",
    "J": "loss",
    "scores": "logits",
    "score": "accuracy, or logits",
    "acc": "accuracy",
    "minibatches": "batch_size",
    "minibatch_size": "batch_size",
    "bs": "batch_size",
    "iter": "step",
    "iters": "steps",
    "iteration": "step",
    "iterations": "steps",
    "n_iter": "steps",
    "num_epochs": "epochs",
    "num_classes": "n_classes",
    "num_samples": "n_samples",
    "num_features": "n_features",
    "random_state": "rng or seed",
    "validation": "test_set",
    "valid": "test_set",
    "val": "test_set",
    "val_loss": "test_loss",
    "val_accuracy": "test_accuracy",
    "img": "picture, ink or digit",
    "img2": "digit",
}


EXCUSED = {
    ("ui.live.reading", "score"): "a verb: what the page has the model do with a drawing",
}


def names(module: Module) -> Iterator[tuple[str, ast.AST]]:
    """Yield every name that the module gives: to arguments, attributes, variables, functions."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.arg):
            yield node.arg, node
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield (node.id if isinstance(node, ast.Name) else node.attr), node
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname, node


def test_every_concept_has_its_one_name() -> None:
    found = [
        f"{module.at(node)} {name}: say {NOT_CALLED[plain]}"
        for module in modules().values()
        for name, node in names(module)
        if (plain := name.lstrip("_")) in NOT_CALLED and (module.name, name) not in EXCUSED
    ]
    assert found == []


def test_every_excuse_is_still_needed() -> None:
    for module_name, name in EXCUSED:
        assert name in {n for n, _ in names(modules()[module_name])}


def test_pictures_are_functions_called_figure() -> None:
    for module in modules().values():
        for name, node in names(module):
            assert not name.startswith(("plot_", "draw_plot")), module.at(node)


def test_functions_that_return_a_figure_are_called_figure() -> None:
    for module in modules().values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef) and node.returns is not None:
                returns_figure = ast.unparse(node.returns) == "Figure"
                assert not returns_figure or node.name.endswith("_figure"), module.at(node)


def test_a_capital_is_a_matrix_and_nothing_else_is_a_capital() -> None:
    used = {name for module in modules().values() for name, _ in names(module)}
    capitals = {name for name in used if re.fullmatch("[A-Z]", name)}
    assert capitals == {"X", "H", "W", "Y", "Z", "P", "T"}  # P and T stand for types


def test_lr_is_a_word_of_the_address_bar_only() -> None:
    holders = {
        module.name
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and node.value == "lr"
    }
    assert holders == {"ui.address"}


def test_the_settings_are_called_as_the_glossary_says() -> None:
    assert {"learning_rate", "batch_size", "epochs", "seed"} <= {
        setting.name for setting in fields(TrainingConfig)
    }
    assert {"params", "step", "epoch", "samples_seen"} <= {
        attribute.name for attribute in fields(TrainingState)
    }
