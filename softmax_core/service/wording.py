"""The engine's few sentences."""

from __future__ import annotations

from typing import Final

from softmax_core.training import TrainingConfig

FAILED: Final = (
    "Training was interrupted twice at the same step, so it was stopped. "
    "All steps before are kept: press Train to go on, or Reset to start again."
)
NOT_STORED: Final = (
    "Training works, but runs cannot be stored on this computer ({why}): a restart of the server "
    "would lose them."
)
UNWATCHED: Final = "Paused: nobody was watching. Press Train to go on."
RACE_FAILED: Final = (
    "The race was interrupted twice at the same step, so it was stopped. "
    "All steps before are kept: press Start to go on, or Reset to start again."
)
RACE_UNWATCHED: Final = "Paused: nobody was watching. Press Start to go on."
RACE_ALL_STOPPED: Final = (
    "Every lane had to stop, so the race is over. Change what differs, or press Reset to see "
    "it again."
)
SWEEP_FAILED: Final = (
    "The sweep was interrupted twice at the same step, so it was stopped. Start it again; what "
    "was measured before stays until then."
)
SWEEP_CANCELLED: Final = "Cancelled: what was measured before stays."
SWEEP_UNWATCHED: Final = "Stopped: nobody was watching. What was measured before stays."

CLUSTER_LOST: Final = (
    "The computers that train cannot be reached at the moment. Nothing is lost: the run goes on by "
    "itself when they are back."
)
CLUSTER_EMPTY: Final = (
    "No computer is there to train on at the moment. Nothing is lost: the run goes on by itself "
    "when one joins."
)
CLUSTER_OTHER_VERSION: Final = (
    "A computer that trains runs another version of Softmax Lab or of NumPy than this server, so "
    "training was stopped. Install the same on all of them; all steps before are kept."
)

_NAMES: Final = {
    "learning_rate": "rate",
    "batch_size": "batch",
    "l2": "L2",
    "momentum": "momentum",
    "gradient": "gradient",
    "reduction": "gradient",
    "softmax": "softmax",
    "loss": "loss",
    "pixels": "pixels",
    "order": "order",
}

# What settings are called in the terminal, and what a curve has room for.
_WORDS: Final = {
    "log-sum-exp": "from logits",
    "log-of-probability": "log p",
    "scaled": "0–1",
    "raw": "0–255",
}


def change_of_settings(before: TrainingConfig, after: TrainingConfig) -> str:
    """Say what changed, as short as a label on the curve must be; empty for nothing."""
    changes = [
        f"{name} {_short(getattr(before, field))} → {_short(getattr(after, field))}"
        for field, name in _NAMES.items()
        if getattr(before, field) != getattr(after, field)
    ]
    if before.taught != after.taught:
        changes.append(_change_of_taught(len(before.taught), len(after.taught)))
    return ", ".join(changes)


def _change_of_taught(before: int, after: int) -> str:
    return f"drawings {before} → {after}" if before != after else "other drawings"


def _short(value: str | float) -> str:
    return _WORDS.get(value, value) if isinstance(value, str) else f"{value:g}"
