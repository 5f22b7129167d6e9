"""A run that something has happened to, on an engine whose worker works when it is told to."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from softmax_core.limits import INK_SIDE
from softmax_core.service import Engine, Session
from softmax_core.training import Taught, TrainingConfig
from tests.service.by_hand import FakeClock, ManualExecutor, work_off


@pytest.fixture(scope="module")
def eventful(cache_folder: object) -> Iterator[tuple[Engine, Session]]:
    """A run with a curve, momentum, an added drawing, an edit, a kept run and a drawing."""
    executor = ManualExecutor()
    engine = Engine(lambda: executor, 1, FakeClock())
    taught = (Taught(3, bytes(range(64))),)
    session = engine.open(TrainingConfig("digits", momentum=0.5, seed=3, taught=taught))
    engine.steps(session, 5)
    work_off(executor)
    engine.keep_run(session, "mine")
    engine.edit(session, {name: 2 * array for name, array in session.state.params.items()}, "x")
    engine.set_drawing(session, np.eye(INK_SIDE, dtype=np.uint8))
    work_off(executor)
    assert session.state.step == 5
    yield engine, session
    engine.close()
