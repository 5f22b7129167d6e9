"""Everything of a session that a refusal must leave as it was, summed up in one number."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from softmax_core.data.store import open_dataset
from softmax_core.service import Session
from softmax_core.training import TrainingState


def digest(session: Session, *others: object) -> str:
    """Sum up weights, history, settings, data set and drawings, bit by bit.

    Parameters
    ----------
    session : Session
    *others : object
        What a page keeps besides, such as the strokes on its canvas.
    """
    total = hashlib.sha256()
    for part in _parts(session, *others):
        # Told apart by their lengths: two neighbours never look like two others.
        total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def _parts(session: Session, *others: object) -> Iterator[bytes]:
    yield from _of_state(session.state)
    yield repr(session.config).encode()  # added drawings are in it
    yield open_dataset(session.config.dataset).sha256.encode()
    history = session.history
    yield repr((history.generation, history.marks, history.evaluations, history.epochs)).encode()
    points = [
        history.edges.steps,
        history.edges.values,
        history.ratios.steps,
        history.ratios.values,
    ]
    for column in (*history.curve(), *points):
        yield from _of_array(column)
    for snapshot in session.snapshots.all:
        yield from _of_state(snapshot.state)
    for edit in session.edits:
        yield from _of_state(edit.before)
    for run in session.kept:
        yield repr((run.serial, run.name, run.config)).encode()
        yield from (part for column in run.curve for part in _of_array(column))
    yield from _of_array(session.drawing)
    yield repr((session.test_picture, session.pace, session.steps_a_second)).encode()
    yield repr((session.status, session.run_id, session.kept_version, others)).encode()


def _of_state(state: TrainingState) -> Iterator[bytes]:
    for group in (state.params, state.velocity):
        for name, array in group.items():
            yield name.encode()
            yield from _of_array(array)
    bare = replace(state, params={}, velocity={}, previous=None, doubt=None)
    yield repr(bare).encode()


def _of_array(array: Any) -> Iterator[bytes]:
    if array is None:
        yield b"none"
        return
    yield f"{array.dtype.str} {array.shape}".encode()
    yield np.ascontiguousarray(array).tobytes()
