"""Weights changed by hand: what undoing goes back to, in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass

from softmax_core.limits import MAX_EDIT_BYTES, MAX_EDITS
from softmax_core.service.snapshots import bytes_of
from softmax_core.training import TrainingState
from softmax_core.training.history import Mark


@dataclass(frozen=True)
class Edit:
    """What one edit replaced, and how it is marked on the curve."""

    before: TrainingState
    mark: Mark


def with_edit(edits: tuple[Edit, ...], edit: Edit) -> tuple[Edit, ...]:
    """Add an edit to those that can be undone; where they become too many, the oldest go.

    At most ``MAX_EDITS`` and ``MAX_EDIT_BYTES`` are kept, the newest one always.
    """
    edits = (*edits, edit)[-MAX_EDITS:]
    while len(edits) > 1 and bytes_of(kept.before for kept in edits) > MAX_EDIT_BYTES:
        edits = edits[1:]
    return edits
