"""A run's history as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from softmax_core.training.evaluate import Evaluation
from softmax_core.training.history import Curve

COLUMNS = (
    "step",
    "samples_seen",
    "learning_rate",
    "batch_loss_mean",
    "batch_loss_min",
    "batch_loss_max",
    "batch_accuracy",
    "gradient_norm_max",
    "train_loss",
    "train_accuracy",
    "test_loss",
    "test_accuracy",
)


def history_csv(curve: Curve, evaluations: Sequence[Evaluation]) -> str:
    """Return one line per recorded bucket of steps and per evaluation, by step.

    A cell is empty where nothing was measured at that step.
    """
    rows: dict[int, dict[str, object]] = {}
    for step, mean, low, high, accuracy, norm, rate, seen in zip(*curve, strict=True):
        rows[int(step)] = {
            "step": int(step),
            "samples_seen": int(seen),
            "learning_rate": f"{rate:g}",
            "batch_loss_mean": f"{mean:.6g}",
            "batch_loss_min": f"{low:.6g}",
            "batch_loss_max": f"{high:.6g}",
            "batch_accuracy": f"{accuracy:.6g}",
            "gradient_norm_max": f"{norm:.6g}",
        }
    for e in evaluations:
        rows.setdefault(e.step, {"step": e.step}).update(
            train_loss=f"{e.train_loss:.6g}",
            train_accuracy=f"{e.train_accuracy:.6g}",
            test_loss=f"{e.test_loss:.6g}",
            test_accuracy=f"{e.test_accuracy:.6g}",
        )
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows[step] for step in sorted(rows))
    return text.getvalue()
