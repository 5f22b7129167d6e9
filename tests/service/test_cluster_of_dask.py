"""A real Dask cluster instead of a pool: the same bits, whatever dies."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from softmax_core.errors import UserError
from softmax_core.service import Engine, Session, Status, WorkerPool
from softmax_core.service.cluster import ClusterExecutor
from softmax_core.service.wording import CLUSTER_EMPTY, CLUSTER_LOST
from softmax_core.training import Budget, TrainingConfig, TrainingState
from softmax_core.training.taught import Taught
from tests.pages.own_folder import write_own_folder
from tests.service.by_hand import at_rest, same_bits, trained_inline
from tests.service.calls import blas_threads, refuse
from tests.service.dask_cluster import DaskCluster
from tests.waiting import wait_for

RUN = TrainingConfig(dataset="mnist-5k", batch_size=64, epochs=1)


class Beyond(NamedTuple):
    """An engine whose slices are done by a cluster."""

    dask: DaskCluster
    executor: ClusterExecutor
    engine: Engine


@pytest.fixture(scope="module")
def beyond(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beyond]:
    with DaskCluster(tmp_path_factory.mktemp("dask")) as dask:
        for _ in range(2):
            dask.start_worker()
        executor = ClusterExecutor(dask.address)
        engine = Engine(lambda: executor, 1)
        engine.warm_up()
        wait_for(lambda: executor.n_workers == 2)
        yield Beyond(dask, executor, engine)
        engine.close()


def sha256(session: Session) -> str:
    digest = hashlib.sha256()
    for name in sorted(session.state.params):
        digest.update(np.ascontiguousarray(session.state.params[name]).data)
    return digest.hexdigest()


def started(engine: Engine, *configs: TrainingConfig) -> list[Session]:
    sessions = [engine.open(config) for config in configs]
    for session in sessions:
        engine.start(session)
    return sessions


def halfway(engine: Engine, *configs: TrainingConfig) -> list[Session]:
    """Return runs that have begun and go on, so slowly that none of them ends."""
    sessions = [engine.open(config) for config in configs]
    for session in sessions:
        engine.set_pace(session, None, 20)
        engine.start(session)
    wait_for(lambda: all(session.state.step > 5 for session in sessions))
    return sessions


def end(engine: Engine, sessions: list[Session]) -> None:
    for session in sessions:
        engine.set_pace(session, None, None)
    wait_for(lambda: all(map(at_rest, sessions)), 100)
    assert {session.status for session in sessions} == {Status.FINISHED}
    assert {session.message for session in sessions} == {""}


def alone(config: TrainingConfig) -> TrainingState:
    return trained_inline(config, Budget(until_epoch=config.epochs))


def test_a_call_is_answered_as_by_a_worker_of_this_computer(beyond: Beyond) -> None:
    executor = beyond.executor
    futures = [executor.submit(pow, i, 2) for i in range(20)]
    assert [future.result(60) for future in futures] == [i * i for i in range(20)]
    error = executor.submit(refuse).exception(timeout=60)
    assert isinstance(error, UserError)
    assert (error.code, error.text) == ("code", "A sentence.")
    assert executor.submit(lambda: 1).exception(timeout=60) is not None
    assert set(executor.submit(blas_threads).result(timeout=60)) == {1}


def test_drawings_go_along_and_a_folder_of_ones_own_is_lent_to_the_workers(
    beyond: Beyond, tmp_path: Path
) -> None:
    name = write_own_folder(tmp_path / "own", np.arange(60, dtype=np.uint8) % 3)
    drawing = Taught(2, bytes(range(30)))
    config = TrainingConfig(dataset=name, batch_size=4, epochs=20, taught=(drawing,))
    configs = [replace(config, seed=seed) for seed in range(6)]
    sessions = started(beyond.engine, *configs)
    end(beyond.engine, sessions)
    with WorkerPool(1) as pool:
        local = Engine(lambda: pool, 1)
        here = started(local, *configs)
        end(local, here)
        local.close()
    assert [sha256(session) for session in sessions] == [sha256(session) for session in here]
    (folder,) = beyond.dask.cache.glob("folder-*")
    assert len(list(folder.glob("*.npy"))) == 4


def test_ten_runs_end_with_the_bits_of_the_local_pool_though_a_worker_is_killed(
    beyond: Beyond, pooled: tuple[Engine, WorkerPool]
) -> None:
    configs = [
        replace(RUN, seed=seed, network=network, hidden_units=8)
        for seed in range(5)
        for network in ("softmax", "mlp")
    ]
    sessions = halfway(beyond.engine, *configs)
    beyond.dask.kill(beyond.dask.workers[0])
    end(beyond.engine, sessions)
    assert beyond.executor.n_workers == 1
    here = started(pooled[0], *configs)
    end(pooled[0], here)
    assert [sha256(session) for session in sessions] == [sha256(session) for session in here]
    for session in sessions:
        curve = beyond.engine.view(session).curve
        assert curve.step[-1] == session.state.step == 63


@pytest.mark.long
def test_without_a_worker_and_without_a_scheduler_the_runs_wait_and_go_on(beyond: Beyond) -> None:
    # So many epochs that none ends before the last has begun, however busy the computer.
    configs = [replace(RUN, epochs=6, seed=seed) for seed in range(3)]
    sessions = halfway(beyond.engine, *configs)
    for worker in beyond.dask.workers:
        beyond.dask.kill(worker)
    wait_for(lambda: {session.message for session in sessions} == {CLUSTER_EMPTY})
    beyond.dask.kill(beyond.dask.scheduler)
    wait_for(lambda: {session.message for session in sessions} == {CLUSTER_LOST})
    assert {session.status for session in sessions} == {Status.RUNNING}
    beyond.dask.start_scheduler()
    beyond.dask.start_worker()
    end(beyond.engine, sessions)
    for session, config in zip(sessions, configs, strict=True):
        assert same_bits(session.state, alone(config))


def test_a_scheduler_that_is_not_there_is_one_sentence() -> None:
    with pytest.raises(UserError, match=r"No Dask scheduler answers at 127\.0\.0\.1:1:") as caught:
        ClusterExecutor("127.0.0.1:1")
    assert caught.value.code == "cluster-away"
