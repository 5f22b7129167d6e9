"""The drawings that were added to a run: adding, removing, taking them along and home."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from softmax_core.data.dataset import Dataset
from softmax_core.data.ink import ink_to_digit
from softmax_core.data.picture_files import ink_png, zip_of
from softmax_core.data.store import open_dataset
from softmax_core.limits import INK_SIDE, MAX_TAUGHT
from softmax_core.service import Session, Status, shared_engine
from softmax_core.training import TrainingConfig
from softmax_core.training.taught import Taught
from ui import state
from ui.live.reading import can_draw, score
from ui.live.taught import taught_id
from ui.state import Remembered

STEPS: Final = 30  # made at once, so that the effect is seen


def is_full(config: TrainingConfig) -> bool:
    """Tell whether no further drawing can be added."""
    return len(config.taught) >= MAX_TAUGHT


def teach(session: Session, label: int) -> None:
    """Add the drawing to the training pictures and train a little; again, only train."""
    engine = shared_engine()
    view = engine.view(session)
    scored = score(view)
    if scored is None or view.drawing is None:
        return
    added = Taught(label, scored.digit.tobytes())
    name = taught_id(added)
    if added not in view.config.taught:
        before = float(scored.reading.probabilities[label])
        state.remember_drawing(name, Remembered(view.drawing.tobytes(), before))
    # A second thought about the same drawing takes the first one's place.
    others = tuple(drawing for drawing in view.config.taught if drawing.digit != added.digit)
    engine.look_at(session, None)
    engine.configure(session, replace(session.config, taught=(*others, added)))
    if session.status is not Status.RUNNING:
        engine.steps(session, STEPS)


def forget(session: Session, name: str) -> None:
    """Take a drawing out of the training pictures; what was learned from it stays learned."""
    left = tuple(drawing for drawing in session.config.taught if taught_id(drawing) != name)
    shared_engine().configure(session, replace(session.config, taught=left))


def before_of(session: Session) -> dict[str, float]:
    """Return how likely each drawing's class was before it was added, by the drawings' names."""
    known = state.remembered_drawings()
    names = [taught_id(drawing) for drawing in session.config.taught]
    return {name: known[name].before for name in names if name in known}


def taught_on(dataset_name: str, config: TrainingConfig) -> tuple[Taught, ...]:
    """Return a run's drawings as pictures of another data set.

    They are prepared anew from their ink. Left out are those whose ink is not known (of a
    loaded run, unless the pictures are made the same way) and those of a class it has not.

    Raises
    ------
    UserError
        When a data set cannot be had.
    """
    if not config.taught or dataset_name == config.dataset:
        return config.taught
    old, new = open_dataset(config.dataset), open_dataset(dataset_name)
    moved = [_moved(drawing, old, new) for drawing in config.taught] if can_draw(new) else []
    return tuple(drawing for drawing in moved if drawing is not None)


def drawings_zip(session: Session) -> bytes:
    """Return the drawings as the model sees them, black on white, each with its class's name."""
    info = open_dataset(session.config.dataset).info
    return zip_of(
        (
            f"drawing-{i:02d}-class-{drawing.label}.png",
            ink_png(np.frombuffer(drawing.digit, np.uint8).reshape(info.image_shape)),
        )
        for i, drawing in enumerate(session.config.taught, 1)
    )


def _moved(drawing: Taught, old: Dataset, new: Dataset) -> Taught | None:
    class_name = old.info.class_names[drawing.label]
    if class_name not in new.info.class_names:
        return None
    label = new.info.class_names.index(class_name)
    known = state.remembered_drawings().get(taught_id(drawing))
    if known is None:
        made_alike = (old.info.image_shape, old.info.upright) == (
            new.info.image_shape,
            new.info.upright,
        )
        return Taught(label, drawing.digit) if made_alike else None
    ink = np.frombuffer(known.ink, np.uint8).reshape(INK_SIDE, INK_SIDE)
    digit = ink_to_digit(ink, new.info.image_shape, new.info.upright)
    if digit is None:
        return None
    moved = Taught(label, digit.tobytes())
    state.remember_drawing(taught_id(moved), known)
    return moved
