"""Why a model says what it says: arrays in, arrays out."""

from __future__ import annotations

from softmax_core.explain.contrast import Contrast, Decision, Region, contrast_of, decision_of
from softmax_core.explain.edit import erased, swapped
from softmax_core.explain.ledger import (
    Ledger,
    PrintedEntry,
    SoftmaxSteps,
    evidence_ledger,
    printed_entry,
    printed_parts,
    softmax_steps,
)
from softmax_core.explain.mistakes import (
    Confusion,
    Verdicts,
    cell_indices,
    class_accuracies,
    confident_mistakes,
    confusion_of,
    judge,
)
from softmax_core.explain.nudge import Nudge, nudged, nudged_samples
from softmax_core.explain.nudged_accuracy import NudgedAccuracy, nudged_accuracy
from softmax_core.explain.reading import (
    Reading,
    class_weights,
    predict_samples,
    read_digit,
    read_samples,
)
from softmax_core.explain.regions import Bounds, Regions, bounds_of, decision_regions
from softmax_core.explain.saliency import (
    GradientTimesInput,
    HiddenUnits,
    approximate_contrast,
    approximate_ledger,
    gradient_times_input,
    hidden_units,
)
from softmax_core.explain.smallest_change import (
    Change,
    smallest_change,
    smallest_change_to_any,
)

__all__ = [
    "Bounds",
    "Change",
    "Confusion",
    "Contrast",
    "Decision",
    "GradientTimesInput",
    "HiddenUnits",
    "Ledger",
    "Nudge",
    "NudgedAccuracy",
    "PrintedEntry",
    "Reading",
    "Region",
    "Regions",
    "SoftmaxSteps",
    "Verdicts",
    "approximate_contrast",
    "approximate_ledger",
    "bounds_of",
    "cell_indices",
    "class_accuracies",
    "class_weights",
    "confident_mistakes",
    "confusion_of",
    "contrast_of",
    "decision_of",
    "decision_regions",
    "erased",
    "evidence_ledger",
    "gradient_times_input",
    "hidden_units",
    "judge",
    "nudged",
    "nudged_accuracy",
    "nudged_samples",
    "predict_samples",
    "printed_entry",
    "printed_parts",
    "read_digit",
    "read_samples",
    "smallest_change",
    "smallest_change_to_any",
    "softmax_steps",
    "swapped",
]
