"""The worker pool: an executor that survives its workers and never outlives its server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, wait
from pathlib import Path

import psutil
import pytest

from softmax_core.errors import UserError
from softmax_core.service import WorkerDiedError, WorkerPool
from tests.service.calls import blas_threads, kill_self, refuse
from tests.waiting import wait_for

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(2) as made:
        yield made


def test_it_is_an_executor_and_answers_in_order(pool: WorkerPool) -> None:
    assert isinstance(pool, Executor)
    assert list(pool.map(pow, range(20), [2] * 20)) == [i * i for i in range(20)]


def test_an_error_in_a_call_comes_back_whole(pool: WorkerPool) -> None:
    error = pool.submit(refuse).exception(timeout=30)
    assert isinstance(error, UserError)
    assert (error.code, error.text) == ("code", "A sentence.")


def test_a_print_in_a_worker_does_not_break_its_answers(pool: WorkerPool) -> None:
    pool.submit(print, "stray").result(timeout=30)
    assert pool.submit(len, "abc").result(timeout=30) == 3


def test_a_call_that_cannot_be_pickled_fails_alone(pool: WorkerPool) -> None:
    assert pool.submit(lambda: 1).exception(timeout=30) is not None
    assert pool.submit(len, "ab").result(timeout=30) == 2


def test_a_dead_worker_fails_its_own_call_and_is_replaced(pool: WorkerPool) -> None:
    before = set(pool.worker_ids())
    assert isinstance(pool.submit(kill_self).exception(timeout=30), WorkerDiedError)
    assert sum(pool.map(abs, range(-50, 0))) == 1275
    after = set(pool.worker_ids())
    assert len(after) == 2
    assert after != before


def test_workers_killed_while_idle_are_replaced_unnoticed(pool: WorkerPool) -> None:
    pool.submit(len, "").result(timeout=30)
    workers = [psutil.Process(pid) for pid in pool.worker_ids()]
    for worker in workers:
        worker.kill()
    psutil.wait_procs(workers, timeout=10)
    assert [future.result(timeout=30) for future in [pool.submit(len, "xy"), pool.submit(len, "x")]]
    assert not {worker.pid for worker in workers} & set(pool.worker_ids())


def test_a_call_is_answered_even_when_no_process_can_be_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool = WorkerPool(1)
    (worker,) = [psutil.Process(pid) for pid in _wait_for_workers(pool)]

    def no_process(*_args: object, **_options: object) -> None:
        raise BlockingIOError("Resource temporarily unavailable")

    with monkeypatch.context() as broken:
        broken.setattr("softmax_core.service.workers.subprocess.Popen", no_process)
        worker.kill()
        psutil.wait_procs([worker], timeout=10)
        for _ in range(3):
            assert isinstance(pool.submit(len, "x").exception(timeout=30), WorkerDiedError)
    assert pool.submit(len, "x").result(timeout=30) == 1
    pool.shutdown()


def _wait_for_workers(pool: WorkerPool) -> list[int]:
    pool.submit(len, "").result(timeout=30)
    return pool.worker_ids()


def test_workers_use_one_blas_thread_and_step_back_for_the_server(pool: WorkerPool) -> None:
    assert set(pool.submit(blas_threads).result(timeout=30)) == {1}
    lowest = 19
    own = psutil.Process().nice()
    # A worker that has just been started steps back once Python runs in it.
    wait_for(
        lambda: all(
            psutil.Process(pid).nice() == min(own + 10, lowest) for pid in pool.worker_ids()
        )
    )


def test_a_shut_down_pool_ends_its_workers_and_takes_no_more() -> None:
    pool = WorkerPool(1)
    pool.submit(len, "").result(timeout=30)
    (pid,) = pool.worker_ids()
    futures = [pool.submit(len, "x") for _ in range(5)]
    pool.shutdown()
    assert all(future.result() == 1 for future in futures)
    assert not psutil.pid_exists(pid)
    with pytest.raises(RuntimeError):
        pool.submit(len, "")
    pool.shutdown()


def test_queued_calls_are_cancelled_when_asked() -> None:
    pool = WorkerPool(1)
    futures = [pool.submit(sum, range(1000)) for _ in range(50)]
    pool.shutdown(cancel_futures=True)
    wait(futures, timeout=30)
    assert all(future.done() for future in futures)
    assert any(future.cancelled() for future in futures)


def test_workers_do_not_outlive_a_server_that_was_killed() -> None:
    program = (
        "from softmax_core.service import WorkerPool\n"
        "pool = WorkerPool(2)\n"
        "list(pool.map(abs, range(8)))\n"
        "print(*pool.worker_ids(), flush=True)\n"
        "input()\n"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    workers = [psutil.Process(int(pid)) for pid in server.stdout.readline().split()]
    server.kill()
    server.communicate()
    gone, alive = psutil.wait_procs(workers, timeout=10)
    assert len(gone) == 2
    assert not alive


def test_workers_without_work_end_and_others_come_when_there_is_some() -> None:
    with WorkerPool(1, idle_seconds=0.05) as pool:
        (before,) = _wait_for_workers(pool)
        wait_for(lambda: not pool.worker_ids())
        assert not psutil.pid_exists(before)
        assert pool.submit(len, "ab").result(timeout=30) == 2
