"""Whatever is asked of a run, and whenever: what pages show of it fits together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.explain import swapped
from softmax_core.limits import MAX_SNAPSHOTS
from softmax_core.nn import predict_logits
from softmax_core.service import Engine, Session, View, WorkerPool
from softmax_core.training.start import build_network
from tests.service.by_hand import FAST, at_rest
from tests.waiting import wait_for

CONFIG = replace(FAST, epochs=200, momentum=0.5)
NETWORK = build_network(CONFIG, 64, 10)


def commands(
    engine: Engine, session: Session, rng: np.random.Generator
) -> list[Callable[[], None]]:
    """Return what may be asked next."""

    def edit() -> None:
        a, b = (int(k) for k in rng.choice(10, 2, replace=False))
        engine.edit(session, swapped(NETWORK, session.state.params, a, b), f"{a} and {b}")

    def configure() -> None:
        rate = float(rng.choice([0.01, 0.1, 0.5]))
        engine.configure(session, replace(session.config, learning_rate=rate))

    step = int(rng.integers(0, 300))
    return [
        partial(engine.start, session),
        partial(engine.pause, session),
        partial(engine.steps, session, int(rng.integers(1, 40))),
        partial(engine.epoch, session),
        partial(engine.look_at, session, step),
        partial(engine.look_at, session, None),
        partial(engine.go_on_from, session, step),
        edit,
        partial(engine.undo_edit, session),
        configure,
        partial(engine.reset, session),
    ]


def check(view: View) -> None:
    steps = view.snapshot_steps
    assert list(steps) == sorted(set(steps))
    assert len(steps) <= MAX_SNAPSHOTS
    assert view.pinned or view.shown is view.state
    assert not view.pinned or view.shown.step in steps
    known = view.shown_evaluation
    assert known is None or known.step <= view.shown.step
    if known is not None and view.pinned:
        assert known.step == view.shown.step
        assert known in view.evaluations
    assert all(evaluation.step <= view.state.step for evaluation in view.evaluations)


def accuracy_of(view: View) -> float:
    dataset = open_dataset("digits")
    X = dataset.test_images.astype(np.float32) / 255
    predicted = predict_logits(NETWORK, view.shown.params, X).argmax(axis=1)
    return float((predicted == dataset.test_labels).mean())


def has_answered(session: Session, version: int) -> bool:
    """Tell whether a worker has changed a session since this version, or has nothing to change."""
    return session.version > version or at_rest(session)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_shown_fits_together(pooled: tuple[Engine, WorkerPool], seed: int) -> None:
    engine, _ = pooled
    rng = np.random.default_rng(seed)
    session = engine.open(CONFIG)
    for _ in range(150):
        choices = commands(engine, session, rng)
        choices[int(rng.integers(len(choices)))]()
        check(engine.view(session))
        if rng.random() < 0.2:  # let the workers answer
            wait_for(partial(has_answered, session, session.version))
            check(engine.view(session))
    engine.pause(session)
    wait_for(partial(at_rest, session))
    for step in engine.view(session).snapshot_steps:
        engine.look_at(session, step)
        view = engine.view(session)
        check(view)
        assert view.shown_evaluation is not None
        assert view.shown_evaluation.test_accuracy == accuracy_of(view)
    engine.look_at(session, None)
    view = engine.view(session)
    assert view.evaluation is not None
    assert view.evaluation.step == view.state.step
    assert view.evaluation.test_accuracy == accuracy_of(view)
    engine.drop(session)
