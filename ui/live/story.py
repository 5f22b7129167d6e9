"""The narrator's sentences about a run, told anew not faster than people read."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Final

from softmax_core.data.store import open_dataset
from softmax_core.service import Session, Status, View, shared_engine
from softmax_core.training.dead import dead_classes
from softmax_core.training.edge import edge_settings
from softmax_core.training.narrator import MAX_REMARKS, observed
from softmax_core.training.shipped import has_seen_test_set
from softmax_core.training.story import Story
from ui.live.seen import without_seen_test

READING: Final = 2.0  # seconds
_NARRATION: Final = "narration"  # name among a session's asides


@dataclass(frozen=True)
class Told:
    """What is said of a run.

    Attributes
    ----------
    text : str
        One or two sentences.
    kinds : tuple of str
        What they are about: a screen reader is told again when this changes, not every number.
    """

    text: str
    kinds: tuple[str, ...]


def told_of(session: Session) -> Told:
    """Return what is said of a run: while it trains, every ``READING`` seconds anew."""
    at, known = session.asides.get(_NARRATION, (None, None))
    version, now = session.version, monotonic()
    running = session.status is Status.RUNNING
    if isinstance(at, _At) and isinstance(known, Told):
        young = running and at.running and now - at.when < READING
        if young or at.version == version:
            return known
    view = shared_engine().view(session)
    told = tell(view)
    session.asides[_NARRATION] = (_At(view.version, view.status is Status.RUNNING, now), told)
    return told


def tell(view: View) -> Told:
    """Say what there is to say of the run in a view that holds its whole curve."""
    remarks = observed(story_of(view))[:MAX_REMARKS]
    text = " ".join(remark.text for remark in remarks)
    return Told(text, tuple(remark.kind for remark in remarks))


def story_of(view: View) -> Story:
    """Return what the narrator may look at: the newest of the run, whatever step is shown.

    Parameters
    ----------
    view : View
        With the whole curve.
    """
    view = without_seen_test(view)
    config = view.trained_with
    info = open_dataset(config.dataset).info
    # Settings that were changed since the last step have an edge of their own.
    same = edge_settings(config) == edge_settings(view.config)
    return Story(
        config,
        view.curve,
        view.n_samples,
        info.n_classes,
        view.evaluations,
        view.marks,
        dead_classes(view.state, view.n_samples),
        view.state.stop,
        view.state.step,
        view.newest_edge if same else None,
        view.first_edge if same else None,
        info.class_names,
        has_test=not has_seen_test_set(config),
    )


@dataclass(frozen=True)
class _At:
    version: int
    running: bool
    when: float
