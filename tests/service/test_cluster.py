"""The executor before a cluster, moved by hand: what is sent, held back, sent again and told."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, wait
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from softmax_core.data import store
from softmax_core.data.dataset import Dataset
from softmax_core.data.places import MissingDataError
from softmax_core.errors import UserError
from softmax_core.service import WorkerDiedError, WorkerPool
from softmax_core.service.cluster import ClusterExecutor
from softmax_core.service.cluster_call import Answer, Order, answered, packed_order
from softmax_core.service.cluster_link import Link, LinkLostError
from softmax_core.service.executors import chosen_executor
from softmax_core.service.messages import pack, unpack
from softmax_core.service.wording import CLUSTER_EMPTY, CLUSTER_LOST
from tests.waiting import wait_for


class FakeLink(Link):
    """A scheduler that keeps what it is sent until a test answers."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.sent: list[tuple[bytes, str, Future[bytes]]] = []
        self.threads = 2
        self.lost = self.closed = False

    @property
    def is_lost(self) -> bool:
        return self.lost

    def submit(self, message: bytes, worker: str = "") -> Future[bytes]:
        if self.lost:
            raise LinkLostError
        future: Future[bytes] = Future()
        self.sent.append((message, worker, future))
        return future

    def n_threads(self) -> int:
        if self.lost:
            raise LinkLostError
        return self.threads

    def check_version(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True

    def order(self, number: int) -> Order:
        """Return what was sent as this number; waits until it is."""
        wait_for(lambda: len(self.sent) > number)
        order: Order = unpack(unpack(self.sent[number][0])[1])
        return order

    def answer(self, number: int, answer: Answer) -> None:
        self.order(number)
        self.sent[number][2].set_result(pack(answer))


class FakeCluster:
    """Links as the executor asked for them; the scheduler may be away."""

    def __init__(self) -> None:
        self.links: list[FakeLink] = []
        self.away = False

    def connect(self, address: str) -> FakeLink:
        if self.away:
            raise UserError("cluster-away", "Nobody answers.")
        self.links.append(FakeLink(address))
        return self.links[-1]


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[FakeCluster, ClusterExecutor]]:
    monkeypatch.setattr("softmax_core.service.cluster._LOOK_EVERY", 0.02)
    fake = FakeCluster()
    executor = ClusterExecutor("host:1", fake.connect)
    yield fake, executor
    executor.shutdown(cancel_futures=True)
    assert all(link.closed for link in fake.links)


Cluster = tuple[FakeCluster, ClusterExecutor]


def test_an_answer_and_an_error_come_back_and_a_lost_worker_fails_its_call(
    cluster: Cluster,
) -> None:
    fake, executor = cluster
    futures = [executor.submit(pow, i, 2) for i in range(3)]
    assert unpack(fake.links[0].order(1).call) == (pow, (1, 2), {})
    fake.links[0].answer(0, Answer(7))
    fake.links[0].answer(1, Answer(error=UserError("code", "A sentence.")))
    fake.links[0].order(2)  # sent by a thread of its own
    fake.links[0].sent[2][2].set_exception(RuntimeError("KilledWorker"))
    assert futures[0].result(30) == 7
    assert isinstance(futures[1].exception(30), UserError)
    assert isinstance(futures[2].exception(30), WorkerDiedError)


def test_what_a_lost_scheduler_owed_is_asked_of_the_next_one_and_told_once(
    cluster: Cluster,
) -> None:
    fake, executor = cluster
    futures = [executor.submit(pow, i, 2) for i in range(3)]
    fake.links[0].answer(1, Answer(1))
    futures[1].result(30)
    fake.away = fake.links[0].lost = True
    wait_for(lambda: executor.trouble == CLUSTER_LOST)
    futures.append(executor.submit(pow, 3, 2))
    fake.away = False
    wait_for(lambda: len(fake.links) == 2 and len(fake.links[1].sent) == 3)
    assert executor.trouble == ""
    fake.links[0].answer(0, Answer("late"))
    for number, value in enumerate((0, 4, 9)):
        fake.links[1].answer(number, Answer(value))
    assert [future.result(30) for future in futures] == [0, 1, 4, 9]


def test_a_call_that_dask_forgot_is_sent_again(cluster: Cluster) -> None:
    fake, executor = cluster
    future = executor.submit(pow, 2, 2)
    fake.links[0].order(0)
    fake.links[0].sent[0][2].set_exception(CancelledError())
    fake.links[0].answer(1, Answer(4))
    assert future.result(30) == 4


def test_the_workers_are_counted_as_they_come_and_go(cluster: Cluster) -> None:
    fake, executor = cluster
    assert executor.n_workers == 2
    fake.links[0].threads = 0
    wait_for(lambda: executor.trouble == CLUSTER_EMPTY)
    assert executor.n_workers == 1
    fake.links[0].threads = 8
    wait_for(lambda: executor.n_workers == 8)
    assert executor.trouble == ""


def test_a_data_set_is_lent_once_while_others_wait_for_it(cluster: Cluster) -> None:
    fake, executor = cluster
    link = fake.links[0]
    futures: list[Future[Any]] = [executor.submit(pow, i, 2) for i in range(3)]
    for number in range(3):
        lacks = MissingDataError("digits", "data-missing", "Not here.")
        link.answer(number, Answer(error=lacks, lacks="digits", worker="tcp://w"))
    lent = link.order(3).lent
    assert lent is not None
    assert lent.info.name == "digits"
    assert link.sent[3][1] == "tcp://w"
    assert len(link.sent) == 4
    link.answer(3, Answer("first"))
    assert [link.order(number).lent for number in (4, 5)] == [None, None]
    for number in (4, 5):
        link.answer(number, Answer("later"))
    assert [future.result(30) for future in futures] == ["first", "later", "later"]


def test_a_data_set_that_never_arrives_fails_the_call_with_its_own_sentence(
    cluster: Cluster,
) -> None:
    fake, executor = cluster
    future = executor.submit(pow, 1, 2)
    lacks = MissingDataError("digits", "data-missing", "Not here.")
    refused = 0

    def refuse_what_was_sent() -> bool:
        nonlocal refused
        for _, _, inner in fake.links[0].sent[refused:]:
            inner.set_result(pack(Answer(error=lacks, lacks="digits")))
            refused += 1
        return future.done()

    wait_for(refuse_what_was_sent)
    assert 1 < refused < 20
    assert str(future.exception()) == "Not here."


def test_a_cancelled_call_is_taken_back_and_wakes_who_waits(cluster: Cluster) -> None:
    fake, executor = cluster
    futures = [executor.submit(pow, i, 2) for i in range(2)]
    fake.links[0].order(1)
    assert futures[0].cancel()
    done, _ = wait(futures[:1], timeout=30)
    assert done
    wait_for(fake.links[0].sent[0][2].cancelled)
    executor.shutdown(cancel_futures=True)
    done, _ = wait(futures, timeout=30)
    assert len(done) == 2
    with pytest.raises(RuntimeError):
        executor.submit(len, "")


def test_a_cluster_let_go_gently_answers_what_was_asked(cluster: Cluster) -> None:
    fake, executor = cluster
    future = executor.submit(pow, 2, 2)
    executor.shutdown(wait=False)
    fake.links[0].answer(0, Answer(4))
    assert future.result(30) == 4


def test_another_version_is_refused_before_anything_is_unpacked() -> None:
    answer: Answer = unpack(answered(pack(("another", b"not even a pickle"))))
    assert answer.other_version


def test_a_worker_makes_the_call_and_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("softmax_core.service.cluster_call._own_address", lambda: "tcp://me")
    fine: Answer = unpack(answered(packed_order(Order(pack((pow, (3, 2), {}))))))
    assert (fine.value, fine.error) == (9, None)
    call = pack((store.open_dataset, ("folder:/nowhere",), {}))
    lacks: Answer = unpack(answered(packed_order(Order(call))))
    assert (lacks.lacks, lacks.worker) == ("folder:/nowhere", "tcp://me")
    assert isinstance(lacks.error, MissingDataError)


@pytest.mark.parametrize("wish", ["", "local", " local "])
def test_nothing_said_means_the_cores_of_this_computer(wish: str) -> None:
    assert chosen_executor(wish) is WorkerPool


@pytest.mark.parametrize(
    "wish",
    [
        *(
            "dask",
            "dask://",
            "dask://host",
            "dask://host:0",
            "dask://host:65536",
            "dask://h:8786/x",
        ),
        *("ray://host:1", "dask://ho st:1", "dask://user@host:1", "8", "x" * 500),
    ],
)
def test_any_other_wish_is_one_sentence(wish: str) -> None:
    with pytest.raises(UserError) as caught:
        chosen_executor(wish)
    assert caught.value.code == "executor-unknown"
    assert len(caught.value.text) < 250


@pytest.mark.parametrize("wish", ["dask://host:8786", "dask://10.0.0.7:1", "dask://[::1]:65535"])
def test_a_scheduler_is_not_looked_for_before_there_is_work(wish: str) -> None:
    assert callable(chosen_executor(wish))


def other_digits() -> Dataset:
    digits = store.open_dataset("digits")
    images = np.array(digits.train_images)
    images[0] = 255 - images[0]
    return Dataset(digits.info, images, *list(digits.arrays.values())[1:])


def test_a_data_set_of_other_content_is_asked_for_and_kept_when_lent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = other_digits()
    monkeypatch.setattr(store, "_SHARED", store._Shared())
    monkeypatch.setenv("SOFTMAX_CACHE", str(tmp_path))
    own = store.open_dataset("digits")
    assert store.contents() == {"digits": own.sha256}
    store.expect({"digits": own.sha256})
    assert store.open_dataset("digits").sha256 == own.sha256
    store.expect({"digits": other.sha256})
    with pytest.raises(MissingDataError, match="another data set"):
        store.open_dataset("digits")
    store.keep_lent(other)
    assert store.open_dataset("digits").sha256 == other.sha256
    monkeypatch.setattr(store, "_SHARED", store._Shared())
    store.expect({"digits": other.sha256})
    assert store.open_dataset("digits").sha256 == other.sha256  # from the disk, for all processes
