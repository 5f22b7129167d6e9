"""Training as a pure function of a small state."""

from __future__ import annotations

from softmax_core.training.advance import Budget, advance, first_state
from softmax_core.training.config import TrainingConfig
from softmax_core.training.evaluate import Evaluation, evaluate
from softmax_core.training.history import History
from softmax_core.training.samples import Samples
from softmax_core.training.state import StepRecords, Stop, TrainingState
from softmax_core.training.taught import Taught, n_train_samples, with_taught
from softmax_core.training.train import EpochReport, train

__all__ = [
    "Budget",
    "EpochReport",
    "Evaluation",
    "History",
    "Samples",
    "StepRecords",
    "Stop",
    "Taught",
    "TrainingConfig",
    "TrainingState",
    "advance",
    "evaluate",
    "first_state",
    "n_train_samples",
    "train",
    "with_taught",
]
