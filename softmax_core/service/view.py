"""What a page may see of a session: one consistent, unchanging picture of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.service.kept import KeptRun
from softmax_core.service.session import Session, Status
from softmax_core.service.snapshots import Snapshot
from softmax_core.training import Evaluation, TrainingConfig, TrainingState
from softmax_core.training.dead import DeadClass, dead_classes
from softmax_core.training.epochs import EpochMeans
from softmax_core.training.history import Curve, Mark


class Measured(NamedTuple):
    """Values by step, both of shape (n,)."""

    steps: NDArray[Any]
    values: NDArray[Any]


@dataclass(frozen=True)
class View:
    """A session at one moment.

    Attributes
    ----------
    curve : Curve
        The buckets asked for; ``curve_from`` is the first step they cover.
    n_samples, batch_size : int
        Of the training set and of one update, with the drawings that have joined it.
    epochs_target : int
        The epoch at which training stops by itself.
    epochs : tuple of EpochMeans
        Means over the batches of each whole epoch.
    dead : tuple of DeadClass
        Classes that ReLU before the softmax has silenced, in the state shown.
    shown : TrainingState
        What pages show: ``state``, the newest, or the snapshot that was chosen.
    shown_config : TrainingConfig
        The settings the state shown was reached and measured with.
    shown_evaluation : Evaluation or None
        Of the snapshot's very step; following the run, the newest there is. None while it is
        not known.
    pinned : bool
        A snapshot was chosen; the run may go on behind it.
    snapshot_steps : tuple of int
        Steps that can be looked at and gone on from, rising.
    edits : int
        How many edits can be undone.
    edges, ratios : Measured
        The largest stable learning rate, and how far an update moved the weights, at some steps.
    edge, newest_edge, first_edge : float or None
        The edge of the state shown, of the newest and of the start; None while it is not known.
    kept, kept_version : tuple of KeptRun, int
        Runs of this browser that stay on the chart, and a number that changes with them.
    trained_with : TrainingConfig
        Settings of the last step; of the next one where none was made.
    drawing, test_picture
        What the model is shown; at most one of them is not None.
    """

    version: int
    generation: int
    status: Status
    message: str
    config: TrainingConfig
    state: TrainingState
    evaluation: Evaluation | None
    evaluations: tuple[Evaluation, ...]
    epochs: tuple[EpochMeans, ...]
    dead: tuple[DeadClass, ...]
    marks: tuple[Mark, ...]
    curve: Curve
    curve_from: int
    n_samples: int
    batch_size: int
    epochs_target: int
    samples_per_second: float
    drawing: NDArray[np.uint8] | None
    test_picture: int | None
    shown: TrainingState
    shown_config: TrainingConfig
    shown_evaluation: Evaluation | None
    pinned: bool
    snapshot_steps: tuple[int, ...]
    edits: int
    edges: Measured
    ratios: Measured
    edge: float | None
    newest_edge: float | None
    first_edge: float | None
    kept: tuple[KeptRun, ...]
    kept_version: int
    trained_with: TrainingConfig

    @property
    def epoch_fraction(self) -> float:
        """Share of the current epoch that is done, in [0, 1)."""
        # Drawings that were taken out may have left a position beyond the end.
        return min(self.state.position, self.n_samples - 1) / self.n_samples


def view_of(session: Session, generation: int = -1, last_step: int = 0) -> View:
    """Take the picture; the engine's lock must be held.

    Parameters
    ----------
    session : Session
    generation, last_step : int
        What the asker has already. With the present generation only the buckets from the
        one that holds ``last_step`` on are given, since that one may have grown.
    """
    history, shown = session.history, _shown(session)
    known = max(last_step - 1, 0) // history.width * history.width
    after = known if generation == history.generation else 0
    return View(
        version=session.version,
        generation=history.generation,
        status=session.status,
        message=session.message,
        config=session.config,
        state=session.state,
        evaluation=session.evaluation,
        evaluations=tuple(history.evaluations),
        epochs=tuple(history.epochs),
        dead=dead_classes(shown.state, session.n_samples),
        marks=tuple(history.marks),
        curve=history.curve(after),
        curve_from=after + 1,
        n_samples=session.n_samples,
        batch_size=session.batch_size,
        epochs_target=session.epochs_target,
        samples_per_second=session.speed.samples_per_second,
        drawing=session.drawing if session.test_picture is None else None,
        test_picture=session.test_picture,
        shown=shown.state,
        shown_config=shown.config,
        shown_evaluation=shown.evaluation,
        pinned=session.snapshots.pinned is not None,
        snapshot_steps=session.snapshots.steps,
        edits=len(session.edits),
        edges=Measured(history.edges.steps, history.edges.values),
        ratios=Measured(history.ratios.steps, history.ratios.values),
        edge=_edge(session),
        newest_edge=_newest_edge(session),
        first_edge=session.edge.first_rate(session.config),
        kept=session.kept,
        kept_version=session.kept_version,
        trained_with=session.trained_with or session.config,
    )


def _shown(session: Session) -> Snapshot:
    newest = Snapshot(session.state, session.evaluation, session.config)
    return session.snapshots.pinned or newest


def _edge(session: Session) -> float | None:
    pinned = session.snapshots.pinned
    if pinned is None:
        return _newest_edge(session)
    return session.edge.rate_of(session.config, pinned.state.params)


def _newest_edge(session: Session) -> float | None:
    state = session.state
    return session.edge.newest_rate(session.config, state.params, state.step)
