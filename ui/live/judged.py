"""What the page Mistakes shows of a judged test set, as the bytes of one answer.

A small matrix of counts, the pictures to look at by their numbers in the test set, and
where the run stands; the pictures themselves are fetched once each, see ``mistakes_routes``.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.dataset import DatasetInfo
from softmax_core.data.store import open_dataset
from softmax_core.explain import cell_indices
from softmax_core.explain.mistakes import Verdicts
from softmax_core.figures import DARK, LIGHT
from softmax_core.limits import MAX_LISTED_PICTURES
from softmax_core.service import Session, View
from softmax_core.training.shipped import has_seen_test_set
from ui.live.judging import Judged, Judging
from ui.live.pack import Arrays, pack
from ui.live.seen import start_note, without_seen_test

_MOST_POINTS: Final = 160  # of the course of training; a chart has hardly more pixels


class Wish(NamedTuple):
    """What of it a browser shows."""

    cell: tuple[int, int] | None = None  # (true, predicted): its pictures; else the surest mistakes
    n_pictures: int = 24  # at most
    course: bool = False  # how the accuracy of each class went
    mistaken: bool = False  # the means of what is wrongly taken for each class


def tag_of(session: Session, view: View, judging: Judging, wish: Wish) -> str:
    """Return a short text that changes whenever the answer has something new to show.

    While a run is followed its steps are not news by themselves: their verdict is.
    """
    judged = judging.judged
    parts = (
        session.run_id,
        None if judged is None else judged.serial,
        (judging.is_stale, judging.trouble),
        (view.status, view.pinned, view.test_picture, wish),
        (view.shown.step, view.state.step, view.snapshot_steps) if view.pinned else (),
        view.evaluations[-1:] if wish.course else (),
    )
    return hashlib.blake2b(repr(parts).encode(), digest_size=8).hexdigest()


def encode_judged(session: Session, view: View, judging: Judging, wish: Wish) -> bytes:
    """Encode what is known of the weights shown; see ``pack`` for the layout."""
    info = open_dataset(view.config.dataset).info
    seen = has_seen_test_set(view.config)
    view = without_seen_test(view)
    header = _standing(session, view) | {
        "seen": seen,
        "note": start_note(view.config) if seen else "",
        "class_names": list(info.class_names),
        "image_shape": list(info.image_shape),
        "dataset_title": info.title,
        "class_colours": {"light": list(LIGHT.lanes), "dark": list(DARK.lanes)},
        "stale": judging.is_stale,
        "trouble": judging.trouble,
        "judged": judging.judged is not None,
    }
    arrays = _course(view, info.n_classes) if wish.course else {}
    if judging.judged is not None:
        more, found = _found(judging.judged, info, wish)
        header, arrays = header | more, arrays | found
        if wish.mistaken:
            arrays["mistaken"] = ("u1", judging.judged.mistaken)
    return pack(header, arrays)


def _standing(session: Session, view: View) -> dict[str, Any]:
    """Return where the run stands, and which weights are shown of it."""
    return {
        "run": session.run_id,
        "status": view.status.value,
        "shown_step": view.shown.step,
        "newest_step": view.state.step,
        "pinned": view.pinned,
        "snapshot_steps": list(view.snapshot_steps),
        "test_picture": view.test_picture,
    }


def _found(judged: Judged, info: DatasetInfo, wish: Wish) -> tuple[dict[str, Any], Arrays]:
    counts, verdicts = judged.confusion.counts, judged.verdicts
    n, right = int(counts.sum()), int(counts.trace())
    cell = wish.cell if wish.cell is not None and max(wish.cell) < info.n_classes else None
    listed = judged.surest if cell is None else cell_indices(verdicts, *cell)
    header = {
        "step": judged.step,
        "n": n,
        "right": right,
        "sentence": judged.sentence,
        "cell": None if cell is None else list(cell),
        "n_listed": n - right if cell is None else len(listed),
        "most_listed": MAX_LISTED_PICTURES,
    }
    return header, {
        "counts": ("u4", counts.ravel()),
        **_listed(verdicts, listed[: wish.n_pictures]),
    }


def _listed(verdicts: Verdicts, indices: NDArray[np.intp]) -> Arrays:
    return {
        "listed_index": ("u4", indices),
        "listed_label": ("u1", verdicts.labels[indices]),
        "listed_prediction": ("u1", verdicts.predictions[indices]),
        "listed_confidence": ("f4", verdicts.confidences[indices]),
        "listed_label_probability": ("f4", verdicts.label_probabilities[indices]),
    }


def _course(view: View, n_classes: int) -> Arrays:
    """Return the accuracy of each class at the steps that were evaluated."""
    known = [e for e in view.evaluations if len(e.class_accuracies) == n_classes]
    thinned = known[:: -(-len(known) // _MOST_POINTS) or 1]
    if known and thinned[-1] is not known[-1]:
        thinned.append(known[-1])
    accuracies = [e.class_accuracies for e in thinned]
    return {
        "course_step": ("u4", np.array([e.step for e in thinned])),
        "course": ("f4", np.array(accuracies, np.float32).reshape(len(thinned), n_classes)),
    }
