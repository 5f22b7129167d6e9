"""Test figures a page may show: none of pictures that the model was trained on."""

from __future__ import annotations

import math
from dataclasses import replace

from softmax_core.figures.wording import percent
from softmax_core.service import View
from softmax_core.training import Evaluation, TrainingConfig
from softmax_core.training.shipped import has_seen_test_set, shipped_accuracy
from ui.words import _


def without_seen_test(view: View) -> View:
    """Return the view as it may be shown: without test figures where they would flatter.

    The trained models have seen the pictures that are held out of the embedded digits; what
    such a run reads of them is no measure of how it reads what is new to it.
    """
    if not has_seen_test_set(view.config):
        return view
    evaluation, shown = view.evaluation, view.shown_evaluation
    return replace(
        view,
        evaluation=None if evaluation is None else _unseen(evaluation),
        shown_evaluation=None if shown is None else _unseen(shown),
        evaluations=tuple(_unseen(each) for each in view.evaluations),
    )


def start_note(config: TrainingConfig) -> str:
    """Say where a run's weights come from and what was measured of them; "" for a usual start."""
    if config.init != "trained":
        return ""
    note = _(
        "Begun from the trained model: it learned from all of MNIST's training pictures and read "
        "{accuracy} of MNIST's own test pictures, slant removed."
    ).format(accuracy=percent(shipped_accuracy(config.network)))
    if not has_seen_test_set(config):
        return note
    return f"{note} " + _(
        "The test pictures here are among those it learned from, so no test accuracy is shown."
    )


def _unseen(evaluation: Evaluation) -> Evaluation:
    return replace(evaluation, test_loss=math.nan, test_accuracy=math.nan, class_accuracies=())
